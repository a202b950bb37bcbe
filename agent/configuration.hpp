// Configuration: agent.toml as data. docs/agent.md describes every key.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/adapters/shelf.hpp"
#include "agent/arguments.hpp"
#include "shared/base/enum_text.hpp"
#include "shared/base/log.hpp"
#include "shared/base/result.hpp"
#include "shared/base/tcp_address.hpp"
#include "shared/base/time.hpp"
#include "shared/domain/job_settings.hpp"

namespace vaultbell::agent {

// [alone]: what is done when no aggregator can be reached (R8.2).
struct AloneConfiguration {
  Duration after = std::chrono::hours(4);
  std::vector<std::string> command;  // its words; empty: nothing is run

  bool operator==(const AloneConfiguration&) const = default;
};

// [adapters]: the folders with what is known of backup tools.
struct AdaptersConfiguration {
  std::filesystem::path shipped_folder;  // empty: beside the program
  std::filesystem::path folder = "/etc/vaultbell/adapters";

  [[nodiscard]] adapters::Shelf shelf() const {
    return {shipped_folder.empty() ? adapters::shipped_folder() : shipped_folder, folder};
  }
};

// Which names pings may have: those of a [[job]], or others, too.
enum class PingedJobs : std::uint8_t { any, declared };

// [healthchecks]: where programs may ping that can ping healthchecks.io.
struct HealthchecksConfiguration {
  std::optional<TcpAddress> listen;  // absent: nowhere
  PingedJobs jobs = PingedJobs::any;

  bool operator==(const HealthchecksConfiguration&) const = default;
};

// [[job]]: what is expected of a job of this host, and what runs it.
struct JobConfiguration {
  AgentJob declared;
  std::string tool;  // empty: what its command is called
  // For runs that nobody reports.
  std::filesystem::path log;      // that its tool writes; empty: none is read
  std::string log_match;          // what tells its runs from those of others in the log
  std::vector<std::string> poll;  // the words of a command that lists its backups; empty: none
};

struct Configuration {
  std::filesystem::path state_dir = "/var/lib/vaultbell-agent";
  std::filesystem::path socket;  // empty: agent.sock in state_dir
  std::uint64_t spool_max_bytes = 256ULL << 20U;
  AloneConfiguration alone;
  AdaptersConfiguration adapters;
  HealthchecksConfiguration healthchecks;
  std::vector<JobConfiguration> jobs;
  log::Level log_level = log::Level::info;

  [[nodiscard]] std::filesystem::path socket_path() const {
    return socket.empty() ? state_dir / "agent.sock" : socket;
  }
  // Whether anything differs that the daemon reads at its start only.
  [[nodiscard]] bool needs_restart(const Configuration& running) const;
  [[nodiscard]] std::vector<AgentJob> declared_jobs() const;
  [[nodiscard]] const JobConfiguration* job_named(std::string_view name) const;
};

struct Loaded {
  std::filesystem::path file;
  bool is_there = true;  // the default file may be missing: then the defaults count
  Configuration configuration;
  std::vector<std::string> mistakes;  // empty: the configuration can be used
};

// Whether what the file names on this host is looked at, too. That it is missing is a mistake, but
// not one that may stop a daemon or keep a report from being made.
enum class Depth : std::uint8_t { file, host };

// What --config and --state-dir say.
Loaded load_configuration(const Arguments& arguments, Depth depth = Depth::file);

// Whether this user can run that program. The error says what would be right.
Status check_program(const std::string& path);

// The mistakes and their count, for standard error.
std::string lines_of(const std::vector<std::string>& mistakes);

}  // namespace vaultbell::agent

namespace vaultbell {

template <>
inline constexpr auto kEnumText<agent::PingedJobs> = std::to_array<EnumText<agent::PingedJobs>>({
    {agent::PingedJobs::any, "any"},
    {agent::PingedJobs::declared, "declared"},
});

}  // namespace vaultbell
