#include <map>

#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/views.hpp"
#include "aggregator/core/shown_address.hpp"

// Digests to come: what waits to be gathered for each address (R7.1).

namespace vaultbell::api {

namespace {

using storage::Order;
using storage::TableNumber;

// What waits for one address.
struct ToCome {
  core::Recipient recipient;
  Instant due_at;
  Json alerts = Json::array();
};

Json json_of(const core::AddressKey& place, const ToCome& digest) {
  return {{"address", core::shown_address(place)},
          {"channel", in_json(place.channel)},
          {"name", digest.recipient.name},
          {"due_at", in_json(digest.due_at)},
          {"alerts", digest.alerts}};
}

// The place that is shown like this, among those for which something waits: of a webhook nobody but
// whoever typed it knows more.
core::AddressKey place_shown_as(const Scene& scene, const core::AddressKey& shown) {
  auto place = shown;
  (void)scene.snapshot.each_in<core::Notification>(
      TableNumber::open_notifications, {}, Order::ascending, std::nullopt,
      [&](const core::Notification& delivery) {
        const auto key = delivery.recipient.place();
        const bool is_it = delivery.is_for_digest && key.channel == shown.channel &&
                           core::shown_address(key) == shown.address;
        if (is_it) place = key;
        return !is_it;
      });
  return place;
}

}  // namespace

Result<Answer> list_digests(const Scene& scene, Asked&) {
  std::map<core::AddressKey, ToCome> digests;
  std::size_t walked = 0;
  const auto seen = scene.snapshot.each_in<core::Notification>(
      TableNumber::open_notifications, {}, Order::ascending, std::nullopt,
      [&](const core::Notification& delivery) {
        if (!delivery.is_for_digest) return true;
        const auto [place, is_new] = digests.try_emplace(delivery.recipient.place());
        auto& digest = place->second;
        if (is_new || delivery.next_attempt_at < digest.due_at) {
          digest.due_at = delivery.next_attempt_at;
        }
        digest.recipient = delivery.recipient;
        const auto* alert = scene.rows.find<core::Alert>(delivery.alert);
        digest.alerts.push_back(
            {{"alert", in_json(delivery.alert)},
             {"headline", alert == nullptr ? Json() : Json(headline_of(*alert, scene.rows))},
             {"event", in_json(delivery.event)},
             {"delivery", delivery.id.value}});
        return ++walked < kRowsWalkedMax;
      });
  if (!seen) return fail(seen.error());
  Json items = Json::array();
  for (const auto& [place, digest] : digests) items.push_back(json_of(place, digest));
  return Answer(Json{{"items", std::move(items)}, {"next", nullptr}});
}

Result<Answer> send_digests(const Scene& scene, Asked& asked) {
  auto& body = asked.body;
  const auto address = body.text("address");
  const auto channel = body.choice<core::Channel>("channel");
  if (address.has_value() != channel.has_value()) {
    body.complain({ErrorCode::invalid, "address and channel are needed together"});
  }
  core::SendDigestNow order;
  if (address && channel) order.place = place_shown_as(scene, {*channel, *address});
  return Answer(OrderAsked{std::move(order), {}});
}

}  // namespace vaultbell::api
