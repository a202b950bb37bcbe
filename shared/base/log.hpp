// The daemons' log: one line a message on standard error, where systemd's journal reads it with
// its priority. A core never logs: it returns reasons.
#pragma once

#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "shared/base/enum_text.hpp"

namespace vaultbell::log {

enum class Level : std::uint8_t { debug, info, warning, error };

// How lines look: with a time on a terminal or in a file, with "<priority>" under the journal
// (when $JOURNAL_STREAM is set). Call once, before any thread starts. Lines below `least` are
// dropped.
void start(Level least);

// May be called from any thread. Control characters in the text are made visible.
void write(Level level, std::string_view text);

template <class... Args>
void info(fmt::format_string<Args...> text, Args&&... args) {
  write(Level::info, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void warning(fmt::format_string<Args...> text, Args&&... args) {
  write(Level::warning, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void error(fmt::format_string<Args...> text, Args&&... args) {
  write(Level::error, fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace vaultbell::log

namespace vaultbell {

template <>
inline constexpr auto kEnumText<log::Level> = std::to_array<EnumText<log::Level>>({
    {log::Level::debug, "debug"},
    {log::Level::info, "info"},
    {log::Level::warning, "warning"},
    {log::Level::error, "error"},
});

}  // namespace vaultbell
