#include "agent/configuration.hpp"

#include "shared/config/toml_file.hpp"

namespace vaultbell::agent {

namespace {

constexpr const char* kDefaultFile = "/etc/vaultbell/agent.toml";

// A hundred reports at the least; at the most what a host may lose of its disk to us.
constexpr std::uint64_t kSpoolBytesMin = 1ULL << 20U;
constexpr std::uint64_t kSpoolBytesMax = 4ULL << 30U;

void read_all(config::TomlFile file, Loaded& loaded) {
  auto& configuration = loaded.configuration;
  auto top = file.section("");
  top.read("state_dir", configuration.state_dir);
  top.read("socket", configuration.socket);
  auto spool = file.section("spool");
  spool.read_size("max_size", configuration.spool_max_bytes, kSpoolBytesMin, kSpoolBytesMax);
  auto log = file.section("log");
  log.read_choice("level", configuration.log_level);
  loaded.mistakes = file.mistakes();
}

}  // namespace

Loaded load_configuration(const Arguments& arguments) {
  Loaded loaded;
  const auto given = arguments.value("config");
  loaded.file = given.value_or(kDefaultFile);
  std::error_code ignored;
  loaded.is_there = given.has_value() || std::filesystem::exists(loaded.file, ignored);
  if (loaded.is_there) read_all(config::TomlFile::open(loaded.file), loaded);
  if (const auto folder = arguments.value("state-dir")) loaded.configuration.state_dir = *folder;
  return loaded;
}

std::string to_text(const std::vector<std::string>& mistakes) {
  std::string text;
  for (const auto& mistake : mistakes) text += mistake + "\n";
  return text + config::count_of(mistakes) + "\n";
}

}  // namespace vaultbell::agent
