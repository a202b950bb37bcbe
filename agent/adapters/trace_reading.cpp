#include "agent/adapters/trace_reading.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "agent/adapters/row_reading.hpp"

namespace vaultbell::agent::adapters {

namespace {

using classify::BackupList;
using classify::LogEvent;
using classify::LogRow;
using classify::LogTable;
using config::Section;

constexpr std::size_t kLogRowsMax = 50;  // each is looked for in every line

bool ends_a_run(LogEvent event) {
  return event == LogEvent::end || event == LogEvent::refused;
}

void read_end(Section& section, LogRow& row) {
  Ending ending{.outcome = row.outcome};
  read_ending(section, ending);
  row.outcome = ending.outcome;
  row.reason = ending.reason;
  row.operation = ending.operation;
  section.read("after", row.after);
  section.read("message", row.message);
}

std::optional<LogRow> read_log_row(Section& section, std::set<std::string>& names) {
  std::string name;
  read_row_name(section, name, names);
  auto pattern = read_pattern(section, "line");
  if (!section.has("line")) section.complain("line", "missing: which line says so?");
  auto event = LogEvent::note;
  if (!section.has("event"))
    section.complain("event", "missing: start, note, mark, end or refused?");
  section.read_choice("event", event);
  std::string proof;
  section.read("proof", proof);
  if (!pattern) return std::nullopt;
  LogRow row{.name = std::move(name),
             .line = section.place().line,
             .pattern = std::move(*pattern),
             .event = event,
             .proof = std::move(proof)};
  if (ends_a_run(event)) read_end(section, row);
  return row;
}

std::vector<std::string> read_paths(Section& section, std::string_view key) {
  std::vector<std::string> paths;
  section.read(key, paths);
  return paths;
}

}  // namespace

LogTable read_log_table(config::TomlFile& file) {
  LogTable table;
  auto section = file.section("log");
  table.time = read_pattern(section, "time");
  if (table.time && !table.time->has_group()) {
    section.complain("time", "it needs a group ( ) around the time");
  }
  std::set<std::string> names;
  auto rows = section.tables("row");
  if (rows.size() > kLogRowsMax) {
    section.complain("row",
                     fmt::format("{} rows, at most {} are allowed", rows.size(), kLogRowsMax));
    return table;
  }
  for (auto& one : rows) {
    auto row = read_log_row(one, names);
    if (!row) continue;
    const auto is_mark = [&](const LogRow& other) {
      return other.event == LogEvent::mark && other.name == row->after;
    };
    if (!row->after.empty() && std::ranges::none_of(table.rows, is_mark)) {
      one.complain("after", fmt::format("no row above is a mark named \"{}\"", row->after));
    }
    table.rows.push_back(std::move(*row));
  }
  return table;
}

std::optional<BackupList> read_backup_list(config::TomlFile& file) {
  auto section = file.section("backups");
  BackupList list;
  const bool is_there = section.has("items") || section.has("ended");
  section.read("items", list.items);
  list.started = read_paths(section, "started");
  list.ended = read_paths(section, "ended");
  section.read("id", list.id);
  list.bad = read_fields(section, "bad");
  section.read("bytes_total", list.bytes_total);
  section.read("bytes_added", list.bytes_added);
  section.read("files", list.files);
  section.read("proof", list.proof);
  if (!is_there) return std::nullopt;
  for (const auto key : {"items", "ended"}) {
    if (!section.has(key)) section.complain(key, "missing: items and ended belong together");
  }
  return list;
}

}  // namespace vaultbell::agent::adapters
