#include "agent/watch/newest_backup.hpp"

#include <charconv>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "agent/classify/fields.hpp"
#include "agent/watch/tool_time.hpp"

namespace vaultbell::agent::watch {

namespace {

using Json = nlohmann::json;

// The entries that a path with stars leads to. Nothing where the document is none of these lists.
std::optional<std::vector<const Json*>> entries_at(const Json& document, std::string_view path) {
  std::vector<const Json*> at = {&document};
  while (!path.empty()) {
    const auto size = std::min(path.find('.'), path.size());
    const auto name = path.substr(0, size);
    path.remove_prefix(std::min(size + 1, path.size()));
    std::vector<const Json*> next;
    for (const auto* json : at) {
      if (name == "*") {
        if (!json->is_array()) return std::nullopt;
        for (const auto& entry : *json) next.push_back(&entry);
        continue;
      }
      if (!json->is_object()) return std::nullopt;
      const auto found = json->find(std::string(name));
      if (found == json->end()) return std::nullopt;
      next.push_back(&*found);
    }
    at = std::move(next);
  }
  return at;
}

std::optional<Instant> time_in(const Json& entry, const std::vector<std::string>& paths) {
  for (const auto& path : paths) {
    const auto text = classify::field_of(entry, path);
    if (!text) continue;
    if (const auto time = parse_tool_time(*text)) return time;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> number_in(const Json& entry, const std::string& path) {
  if (path.empty()) return std::nullopt;
  const auto text = classify::field_of(entry, path);
  if (!text) return std::nullopt;
  std::int64_t number = 0;  // what is 2^63 or more cannot be true
  const auto* end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, number);
  if (error != std::errc{} || rest != end || number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(number);
}

bool is_bad(const classify::BackupList& list, const Json& entry) {
  std::string ignored;
  return !list.bad.empty() && classify::holds(entry, list.bad, ignored);
}

FoundBackup found_in(const classify::BackupList& list, const Json& entry, Instant ended_at) {
  FoundBackup found{.started_at = time_in(entry, list.started), .ended_at = ended_at};
  if (found.started_at && *found.started_at > ended_at) found.started_at.reset();
  if (!list.id.empty()) found.id = classify::field_of(entry, list.id).value_or("");
  found.statistics.bytes_total = number_in(entry, list.bytes_total);
  found.statistics.bytes_added = number_in(entry, list.bytes_added);
  found.statistics.files = number_in(entry, list.files);
  return found;
}

}  // namespace

Result<std::optional<FoundBackup>> newest_backup(const classify::BackupList& list,
                                                 const Json& document, Instant now) {
  const auto entries = entries_at(document, list.items);
  if (!entries) {
    return fail(ErrorCode::invalid,
                fmt::format("there is no list of backups in it at \"{}\"", list.items));
  }
  const Json* newest = nullptr;
  std::optional<Instant> newest_at;
  for (const auto* entry : *entries) {
    if (is_bad(list, *entry)) continue;
    const auto ended_at = time_in(*entry, list.ended);
    if (!ended_at) {
      return fail(ErrorCode::invalid, fmt::format("a backup in it does not say when it ended ({})",
                                                  fmt::join(list.ended, ", ")));
    }
    if (newest_at && *ended_at <= *newest_at) continue;
    newest = entry;
    newest_at = ended_at;
  }
  if (newest == nullptr) return std::optional<FoundBackup>();
  if (*newest_at > now) {
    return fail(ErrorCode::invalid,
                fmt::format("its newest backup ends in the future, at {}: {} now",
                            to_iso(*newest_at), to_iso(now)));
  }
  return std::optional(found_in(list, *newest, *newest_at));
}

}  // namespace vaultbell::agent::watch
