#include "agent/tool_version.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "agent/alone/local_command.hpp"
#include "shared/base/clock.hpp"

namespace vaultbell::agent {

namespace {

constexpr Duration kVersionWithin = std::chrono::seconds(5);  // Python tools need one to start

// env looks in PATH, as the shell did that ran the command.
constexpr const char* kFinder = "/usr/bin/env";

std::string program_of(const classify::Adapter& adapter, const std::string& command) {
  const auto name = std::filesystem::path(command).filename().string();
  const auto& names = adapter.names;
  const bool is_tool =
      name == adapter.tool || std::find(names.begin(), names.end(), name) != names.end();
  return is_tool ? command : adapter.tool;
}

}  // namespace

std::optional<classify::Version> ask_version(const classify::Adapter& adapter,
                                             const std::string& command) {
  if (!adapter.version_pattern) return std::nullopt;
  alone::Order order{.words = {kFinder, program_of(adapter, command)}, .limit = kVersionWithin};
  const auto& arguments = adapter.version_arguments;
  order.words.insert(order.words.end(), arguments.begin(), arguments.end());
  alone::LocalCommand asking;
  if (!asking.start(order, SystemClock().steady())) return std::nullopt;
  const auto end = asking.end_within(kVersionWithin);
  if (!end) return std::nullopt;
  std::istringstream lines(end->output);
  for (std::string line; std::getline(lines, line);) {
    const auto found = adapter.version_pattern->find(line);
    if (!found) continue;
    if (auto version = classify::parse_version(*found)) return *version;
  }
  return std::nullopt;
}

}  // namespace vaultbell::agent
