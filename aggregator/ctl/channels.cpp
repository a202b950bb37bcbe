#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/listing.hpp"

namespace vaultbell::ctl {

namespace {

std::string_view channel_state(const Json& channel) {
  if (!at(channel, "failing_since").is_null()) return "failing";
  return at(channel, "is_configured") == true ? "ok" : "not_configured";
}

// "60 in 1h, 5 in 15m"
std::string limits_of(const Json& channel) {
  std::string text;
  for (const auto& limit : at(channel, "limits")) {
    text += fmt::format("{}{} in {}", text.empty() ? "" : ", ", number_at(limit, "count"),
                        text_at(limit, "window"));
  }
  return text;
}

std::vector<Json> channel_rows(std::vector<Json> channels) {
  for (auto& channel : channels) {
    channel["state"] = channel_state(channel);
    channel["limits"] = limits_of(channel);
  }
  return channels;
}

}  // namespace

Expected<ExitCode> list_channels(Session& session) {
  const auto rank = [](const Json& channel) -> std::size_t {
    const auto state = channel_state(channel);
    return state == "failing" ? 0 : state == "ok" ? 1 : 2;
  };
  return list(session, {.path = path_of({"channels"}),
                        .columns = {{"state", "state", Kind::word},
                                    {"channel", "channel"},
                                    {"failing_since", "failing_since", Kind::time},
                                    {"delivered_at", "delivered_at", Kind::time},
                                    {"pending", "pending", Kind::number},
                                    {"sending", "sending", Kind::number},
                                    {"limits", "limits", Kind::text, false, {}, 1},
                                    {"last_answer", "last_answer"}},
                        .none = "no channel",
                        .rank = rank,
                        .then_by = "channel",
                        .rows_of = channel_rows});
}

}  // namespace vaultbell::ctl
