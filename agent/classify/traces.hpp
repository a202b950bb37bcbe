// What a backup tool leaves behind of runs that nobody wrapped: its log, and its list of backups.
// Part of an Adapter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/classify/conditions.hpp"
#include "shared/base/enum_text.hpp"
#include "shared/domain/run.hpp"

namespace vaultbell::agent::classify {

// What a line of the log says.
enum class LogEvent : std::uint8_t {
  start,
  note,     // becomes the message of the run that is open, if it is the first
  mark,     // an end may ask for it
  end,      // of the run that began last
  refused,  // a run has ended of which the log tells no start
};

// One row of the table for the log; the first that matches a line counts.
struct LogRow {
  std::string name;
  std::uint32_t line = 0;  // in its file
  Pattern pattern;
  LogEvent event = LogEvent::note;
  // Of an end.
  Outcome outcome = Outcome::failed;
  std::optional<OutcomeReason> reason{};
  std::optional<Operation> operation{};  // where it turns out that it was another one
  std::string message{};                 // "{}": what was found; empty: the note, else the name
  std::string after{};                   // fits only where this mark was seen in the run
  std::string proof{};
};

struct LogTable {
  std::optional<Pattern> time;  // its group is when the line was written; absent: when it was read
  std::vector<LogRow> rows{};
};

// How the newest backup is found in a JSON document that lists all.
struct BackupList {
  std::string items;                   // path of the entries; "*" stands for all of a list
  std::vector<std::string> started{};  // paths in an entry; the first that is there counts
  std::vector<std::string> ended{};
  std::string id{};       // likewise; empty: the time is all there is
  FieldConditions bad{};  // entries that are no good backups
  std::string bytes_total{};
  std::string bytes_added{};
  std::string files{};
  std::string proof{};
};

}  // namespace vaultbell::agent::classify

namespace vaultbell {

template <>
inline constexpr auto kEnumText<agent::classify::LogEvent> =
    std::to_array<EnumText<agent::classify::LogEvent>>({
        {agent::classify::LogEvent::start, "start"},
        {agent::classify::LogEvent::note, "note"},
        {agent::classify::LogEvent::mark, "mark"},
        {agent::classify::LogEvent::end, "end"},
        {agent::classify::LogEvent::refused, "refused"},
    });

}  // namespace vaultbell
