// Shelf: the folders with adapters. A tool's file in the administrator's folder takes the place of
// the one that came with the agent.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "agent/adapters/adapter_file.hpp"

namespace vaultbell::agent::adapters {

struct Shelf {
  std::filesystem::path shipped;
  std::filesystem::path own;  // wins; need not exist

  // One file for each tool, by name. Empty where neither folder can be read.
  [[nodiscard]] std::vector<std::filesystem::path> files() const;

  // The adapter for the tool (or command) of that name: the file that is called so, or else the
  // first that lists the name. Nothing where there is none. Blocks on the disk.
  [[nodiscard]] std::optional<ReadAdapter> find(const std::string& name) const;

  // Where there is none but one of a similar name: `; did you mean "restic"?`. Else nothing. Reads
  // them all.
  [[nodiscard]] std::string hint(const std::string& name) const;
};

// The folder of what came with this program: share/vaultbell/adapters beside its bin folder,
// whether it is installed or was just built.
std::filesystem::path shipped_folder();

}  // namespace vaultbell::agent::adapters
