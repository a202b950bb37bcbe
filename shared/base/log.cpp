#include "shared/base/log.hpp"

#include <array>
#include <cstdlib>
#include <memory>
#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "shared/base/text.hpp"

namespace vaultbell::log {

namespace {

struct Journal {
  bool is_used = false;
};
Journal& journal() {
  static Journal instance;
  return instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// sd-daemon(3): the journal takes the priority from this prefix.
std::string_view priority_prefix(Level level) {
  switch (level) {
    case Level::debug:
      return "<7>";
    case Level::info:
      return "<6>";
    case Level::warning:
      return "<4>";
    case Level::error:
      return "<3>";
  }
  return "<3>";
}

std::string printable(std::string_view text) {
  std::string result;
  for (const char c : to_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace

void start(Level least) {
  journal().is_used = std::getenv("JOURNAL_STREAM") != nullptr;
  auto logger = std::make_shared<spdlog::logger>("vaultbell",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern(journal().is_used ? "%v" : "%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  logger->set_level(to_spdlog(least));
  spdlog::set_default_logger(std::move(logger));
}

void write(Level level, std::string_view text) {
  const auto line = printable(text);
  if (journal().is_used) {
    spdlog::log(to_spdlog(level), "{}{}", priority_prefix(level), line);
  } else {
    spdlog::log(to_spdlog(level), "{}", line);
  }
}

}  // namespace vaultbell::log
