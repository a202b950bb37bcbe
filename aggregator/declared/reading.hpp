// Reading: the files of conf.d become a Declaration. Every mistake of all files is named at once,
// with file, line and key; a Declaration with one is not used.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/declared/declaration.hpp"

namespace vaultbell::declared {

inline constexpr std::size_t kFilesMax = 200;       // more are a folder that was not meant
inline constexpr std::size_t kObjectsMax = 10'000;  // they are applied in one commit

struct Loaded {
  Declaration declaration;
  std::vector<std::string> mistakes;  // "FILE:LINE:COLUMN: ...", file by file; empty: all is good
  std::size_t files = 0;
};

// The files *.toml of the folder, in the order of their names; those whose name begins with a dot
// are left out, as editors make them. A folder that is not there declares nothing. Not before
// load_zones() has succeeded. Blocks on the disk.
Loaded read_folder(const std::filesystem::path& folder);

// One file, or a folder of them. Neither: that is a mistake.
Loaded read_path(const std::filesystem::path& path);

// The same for texts that are at hand, in this order; the paths are for the messages.
Loaded read_texts(const std::vector<std::pair<std::filesystem::path, std::string>>& texts);

}  // namespace vaultbell::declared
