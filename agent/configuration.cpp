#include "agent/configuration.hpp"

#include <algorithm>
#include <set>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "shared/config/job_settings.hpp"
#include "shared/config/toml_file.hpp"
#include "shared/domain/name.hpp"
#include "shared/domain/zone.hpp"
#include "shared/pattern/pattern.hpp"

namespace vaultbell::agent {

namespace {

constexpr const char* kDefaultFile = "/etc/vaultbell/agent.toml";

// A hundred reports at the least; at the most what a host may lose of its disk to us.
constexpr std::uint64_t kSpoolBytesMin = 1ULL << 20U;
constexpr std::uint64_t kSpoolBytesMax = 4ULL << 30U;

// A second is for trying it out. At the most a week: what is backed up every week has been backed
// up unwatched by then, and whoever backs up more often wants to know sooner.
constexpr Duration kAloneAfterMin = std::chrono::seconds(1);
constexpr Duration kAloneAfterMax = std::chrono::days(7);

Status check_word(std::string_view word) {
  if (word.find('\0') == std::string_view::npos) return {};
  return fail("a word cannot hold a zero byte");
}

void check_command(config::Section& section, std::string_view key,
                   const std::vector<std::string>& command, Depth depth) {
  if (command.empty()) return;
  const auto& program = command.front();
  if (!program.starts_with('/')) {
    return section.complain(
        key, fmt::format("\"{}\" is not the whole path of a program (no shell looks for it; "
                         "example: [\"/usr/bin/mail\", \"root\"])",
                         program));
  }
  if (depth == Depth::file) return;
  if (auto ok = check_program(program); !ok) section.complain(key, ok.error().message);
}

config::Check address_into(std::optional<TcpAddress>& into) {
  return [&into](std::string_view text) -> Status {
    const auto address = parse_loopback(text);
    if (!address) return fail(address.error());
    into = *address;
    return {};
  };
}

// The daemon and the wrapper hold no table of time zones: whether there is such a zone, the
// aggregator and check-config say.
config::CheckJobSettings check_of(Depth depth) {
  return depth == Depth::host && load_zones() ? check_job_settings : check_job_settings_but_zone;
}

Status check_pattern(std::string_view text) {
  const auto pattern = pattern::Pattern::compile(text);
  return pattern ? Status() : fail(pattern.error());
}

// What says how runs ended that nobody reports.
void read_traces(config::Section& section, Depth depth, JobConfiguration& job) {
  section.read("log", job.log);
  section.read("log_match", job.log_match, check_pattern);
  section.read("poll", job.poll, check_word);
  check_command(section, "poll", job.poll, depth);
  if (!job.log.empty() && !job.log.is_absolute()) {
    section.complain("log", fmt::format("\"{}\" is not a whole path", job.log.string()));
  }
  if (!job.log_match.empty() && job.log.empty())
    section.complain("log_match", "it needs log beside it");
  for (const auto key : {"log", "poll"}) {
    if (section.has(key) && job.tool.empty()) section.complain(key, "it needs tool beside it");
  }
}

void read_jobs(config::TomlFile& file, Depth depth, std::vector<JobConfiguration>& jobs) {
  std::set<std::string> names;
  for (auto& section : file.section("").tables("job")) {
    JobConfiguration job;
    auto& name = job.declared.name;
    if (!section.has("name")) section.complain("", "name is missing");
    section.read("name", name, [](std::string_view text) { return check_name("job name", text); });
    section.read("tool", job.tool, [](std::string_view text) { return check_name("tool", text); });
    read_traces(section, depth, job);
    job.declared.settings = config::read_job_settings(section, check_of(depth));
    if (!name.empty() && !names.insert(name).second) {
      section.complain("name", fmt::format("there is already a [[job]] \"{}\"", name));
    }
    jobs.push_back(std::move(job));
  }
  if (jobs.size() <= kAgentJobsMax) return;
  file.section("").complain("job",
                            fmt::format("{} jobs, at most {} can be declared here; others can "
                                        "be at the aggregator (conf.d)",
                                        jobs.size(), kAgentJobsMax));
}

void read_all(config::TomlFile file, Depth depth, Loaded& loaded) {
  auto& configuration = loaded.configuration;
  auto top = file.section("");
  top.read("state_dir", configuration.state_dir);
  top.read("socket", configuration.socket);
  auto spool = file.section("spool");
  spool.read_size("max_size", configuration.spool_max_bytes, kSpoolBytesMin, kSpoolBytesMax);
  auto alone = file.section("alone");
  alone.read("after", configuration.alone.after, kAloneAfterMin, kAloneAfterMax);
  alone.read("command", configuration.alone.command, check_word);
  check_command(alone, "command", configuration.alone.command, depth);
  auto adapters = file.section("adapters");
  adapters.read("folder", configuration.adapters.folder);
  adapters.read("shipped_folder", configuration.adapters.shipped_folder);
  auto healthchecks = file.section("healthchecks");
  std::string listen;
  healthchecks.read("listen", listen, address_into(configuration.healthchecks.listen));
  healthchecks.read_choice("jobs", configuration.healthchecks.jobs);
  read_jobs(file, depth, configuration.jobs);
  auto log = file.section("log");
  log.read_choice("level", configuration.log_level);
  loaded.mistakes = file.mistakes();
}

}  // namespace

bool Configuration::needs_restart(const Configuration& running) const {
  return state_dir != running.state_dir || socket != running.socket ||
         spool_max_bytes != running.spool_max_bytes || alone != running.alone ||
         healthchecks != running.healthchecks || log_level != running.log_level;
}

std::vector<AgentJob> Configuration::declared_jobs() const {
  std::vector<AgentJob> declared;
  for (const auto& job : jobs) declared.push_back(job.declared);
  return declared;
}

const JobConfiguration* Configuration::job_named(std::string_view name) const {
  const auto found = std::ranges::find_if(
      jobs, [&](const JobConfiguration& job) { return job.declared.name == name; });
  return found == jobs.end() ? nullptr : &*found;
}

Loaded load_configuration(const Arguments& arguments, Depth depth) {
  Loaded loaded;
  const auto given = arguments.value("config");
  loaded.file = given.value_or(kDefaultFile);
  std::error_code ignored;
  loaded.is_there = given.has_value() || std::filesystem::exists(loaded.file, ignored);
  if (loaded.is_there) read_all(config::TomlFile::open(loaded.file), depth, loaded);
  if (const auto folder = arguments.value("state-dir")) loaded.configuration.state_dir = *folder;
  return loaded;
}

Status check_program(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) {
    return fail(fmt::format("there is no program {}", path));
  }
  if (access(path.c_str(), X_OK) != 0) return fail(fmt::format("{} cannot be run", path));
  return {};
}

std::string lines_of(const std::vector<std::string>& mistakes) {
  std::string text;
  for (const auto& mistake : mistakes) text += mistake + "\n";
  return text + config::count_of(mistakes) + "\n";
}

}  // namespace vaultbell::agent
