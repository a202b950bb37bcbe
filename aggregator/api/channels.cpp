#include <map>

#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/page.hpp"
#include "aggregator/api/system.hpp"

namespace vaultbell::api {

namespace {

using storage::Order;
using storage::TableNumber;

struct Waiting {
  std::uint64_t pending = 0;
  std::uint64_t sending = 0;
};

Result<std::map<core::Channel, Waiting>> count_waiting(const Scene& scene) {
  std::map<core::Channel, Waiting> waiting;
  const auto seen = scene.snapshot.each_in<core::Notification>(
      TableNumber::open_notifications, {}, Order::ascending, std::nullopt,
      [&](const core::Notification& delivery) {
        auto& count = waiting[delivery.recipient.channel];
        ++(delivery.state == core::NotificationState::sending ? count.sending : count.pending);
        return true;
      });
  if (!seen) return fail(seen.error());
  return waiting;
}

Json limits_of(const core::ChannelSettings& settings) {
  Json limits = Json::array();
  for (const auto& limit : settings.limits) {
    limits.push_back({{"count", limit.count}, {"window", in_json(limit.window)}});
  }
  return limits;
}

}  // namespace

Result<Json> channels_of(const Scene& scene) {
  auto waiting = count_waiting(scene);
  if (!waiting) return fail(waiting.error());
  Json channels = Json::array();
  for (const auto& [channel, name] : kEnumText<core::Channel>) {
    const auto row = scene.snapshot.get<core::ChannelHealth>(channel);
    if (!row) return fail(row.error());
    const auto health = row->value_or(core::ChannelHealth{.channel = channel});
    const auto& settings = core::settings_of(scene.facts.settings, channel);
    channels.push_back({{"channel", name},
                        {"is_configured", settings.is_configured},
                        {"failing_since", in_json(health.failing_since)},
                        {"delivered_at", in_json(health.delivered_at)},
                        {"last_answer", text_or_null(health.last_answer)},
                        {"pending", (*waiting)[channel].pending},
                        {"sending", (*waiting)[channel].sending},
                        {"limits", limits_of(settings)}});
  }
  return channels;
}

Result<Answer> list_channels(const Scene& scene, Asked& asked) {
  Page page(asked.query);
  const auto channels = channels_of(scene);
  if (!channels) return fail(channels.error());
  std::uint64_t number = 0;
  for (const auto& item : *channels) {
    if (++number <= page.after<std::uint64_t>().value_or(0)) continue;
    if (!page.add(number, true, [&] { return item; })) break;
  }
  return Answer(page.finish());
}

}  // namespace vaultbell::api
