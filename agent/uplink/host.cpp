#include "agent/uplink/host.hpp"

#include <sstream>

#include "shared/base/files.hpp"
#include "shared/base/host_name.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::agent::uplink {

namespace {

constexpr std::size_t kTextBytesMax = 256;  // the aggregator takes no longer ones
constexpr std::size_t kOsReleaseBytesMax = 16UL * 1024;

// What could not be sent is left out rather than sent.
std::string presentable(const std::string& text) {
  const bool is_good = text.size() <= kTextBytesMax && is_utf8(text) && !has_control(text);
  return is_good ? text : std::string();
}

// os-release(5): lines NAME="value".
std::string read_os_name() {
  constexpr std::string_view kKey = "PRETTY_NAME=";
  std::istringstream lines(read_file("/etc/os-release", kOsReleaseBytesMax).value_or(""));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(kKey)) continue;
    line.erase(0, kKey.size());
    std::erase(line, '"');
    return line;
  }
  return {};
}

}  // namespace

Result<HostFacts> read_host_facts() {
  const auto boot = read_boot_id();
  if (!boot) return fail(boot.error());
  return HostFacts{.boot = *boot,
                   .agent_version = VAULTBELL_VERSION,
                   .hostname = presentable(host_name()),
                   .os = presentable(read_os_name())};
}

bool is_going_down(const std::filesystem::path& run_folder) {
  std::error_code ignored;
  return std::filesystem::exists(run_folder / "systemd/shutdown/scheduled", ignored) ||
         std::filesystem::exists(run_folder / "nologin", ignored);
}

}  // namespace vaultbell::agent::uplink
