#include "aggregator/api/events.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace vaultbell::api {

namespace {

// The number in "RUN-NUMBER"; absent: it is of another run.
std::optional<std::uint64_t> number_in(std::string_view id, std::string_view run) {
  if (!id.starts_with(run) || !id.substr(run.size()).starts_with('-')) return std::nullopt;
  id.remove_prefix(run.size() + 1);
  std::uint64_t number = 0;
  const auto read = std::from_chars(id.data(), id.data() + id.size(), number);
  if (read.ec != std::errc() || read.ptr != id.data() + id.size()) return std::nullopt;
  return number;
}

}  // namespace

Events::Events(const board::ChangeFeed& feed, Instant started_at)
    : feed_(feed), run_(std::to_string(started_at.time_since_epoch().count())) {}

std::string Events::id_of(std::uint64_t number) const {
  return fmt::format("{}-{}", run_, number);
}

// Something was missed: read everything again.
std::string Events::snapshot_at(std::uint64_t number) const {
  return fmt::format("id: {}\nevent: snapshot\ndata: {{}}\n\n", id_of(number));
}

std::shared_ptr<EventStream> Events::open(std::string_view last_event_id, Steady now) {
  Reader reader{std::make_shared<EventStream>(), feed_.count(), now};
  const auto known = number_in(last_event_id, run_);
  if (known) {
    reader.told = *known;
  } else {
    reader.stream->push(snapshot_at(reader.told));
  }
  tell(reader, now);
  readers_.push_back(reader);
  return reader.stream;
}

void Events::tell(Reader& reader, Steady now) const {
  std::vector<board::Changed> changed;
  const auto count = feed_.count();
  const bool is_complete = feed_.read(reader.told, changed);
  reader.told = is_complete ? reader.told + changed.size() : count;
  // A thing that changed again and again is named once.
  std::sort(changed.begin(), changed.end());
  changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
  std::string text;
  if (!is_complete || changed.size() > kNamedMax) {
    text = snapshot_at(reader.told);
  } else {
    for (const auto& [what, id] : changed) {
      text +=
          fmt::format("event: changed\ndata: {{\"what\":\"{}\",\"id\":{}}}\n\n", to_text(what), id);
    }
    // Only with the last of them all have been told.
    if (!text.empty())
      text.insert(text.rfind("event: "), fmt::format("id: {}\n", id_of(reader.told)));
  }
  if (text.empty() && now - reader.spoken_at >= kQuietMax) text = ": still here\n\n";
  if (text.empty()) return;
  reader.spoken_at = now;
  reader.stream->push(text);
}

void Events::tell(Steady now) {
  std::erase_if(readers_, [](const Reader& reader) { return !reader.stream->is_open(); });
  for (auto& reader : readers_) tell(reader, now);
}

}  // namespace vaultbell::api
