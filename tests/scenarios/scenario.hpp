// Scenario: a file of words that is played on a Stage.
//
//   A nightly backup that fails is told once, an hour later.              # R4.3 R4.5
//     03-01 02:20   web1 reports db failed "disk full"
//           03:19   nothing sent
//           03:20   ops gets "critical: backup of db on web1 failed"
//     end           nothing else was sent
//
// The first line is a sentence and the numbers of the rules it is about. Each further line has a
// time (or none: the same moment), and a statement.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"

namespace vaultbell::scenarios {

// Error: "FILE:LINE: what is wrong".
Status play(const std::filesystem::path& file);

// Plays a file that must be refused: its second line is "# refused: " and the beginning of the
// error, without the path. Error: it was accepted, or refused for another reason.
Status play_canary(const std::filesystem::path& file);

}  // namespace vaultbell::scenarios
