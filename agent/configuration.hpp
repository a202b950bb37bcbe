// Configuration: agent.toml as data. docs/agent.md describes every key.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "agent/arguments.hpp"
#include "shared/base/log.hpp"
#include "shared/base/result.hpp"

namespace vaultbell::agent {

struct Configuration {
  std::filesystem::path state_dir = "/var/lib/vaultbell-agent";
  std::filesystem::path socket;  // empty: agent.sock in state_dir
  std::uint64_t spool_max_bytes = 256ULL << 20U;
  log::Level log_level = log::Level::info;

  [[nodiscard]] std::filesystem::path socket_path() const {
    return socket.empty() ? state_dir / "agent.sock" : socket;
  }
};

struct Loaded {
  std::filesystem::path file;
  bool is_there = true;  // the default file may be missing: then the defaults count
  Configuration configuration;
  std::vector<std::string> mistakes;  // empty: the configuration can be used
};

// What --config and --state-dir say.
Loaded load_configuration(const Arguments& arguments);

// The mistakes and their count, for standard error.
std::string to_text(const std::vector<std::string>& mistakes);

}  // namespace vaultbell::agent
