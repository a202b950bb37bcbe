// Adapter files: TOML that becomes an Adapter, with every mistake in it named. docs/adapters.md
// describes the format.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "agent/classify/adapter.hpp"

namespace vaultbell::agent::adapters {

struct ReadAdapter {
  classify::Adapter adapter;          // not to be used where there are mistakes
  std::vector<std::string> mistakes;  // "FILE:LINE:COLUMN: ..."
};

// The tool is called as the file without ".toml". Blocks on the disk.
ReadAdapter read_adapter(const std::filesystem::path& file);

// The same for text that is already at hand.
ReadAdapter parse_adapter(const std::filesystem::path& file, std::string_view text);

}  // namespace vaultbell::agent::adapters
