#include "aggregator/api/alerts.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/lists.hpp"
#include "aggregator/api/views.hpp"
#include "aggregator/core/shown_address.hpp"

namespace vaultbell::api {

namespace {

using storage::TableNumber;

Result<Json> attempts_of(const Scene& scene, NotificationId delivery) {
  Json attempts = Json::array();
  const auto seen =
      scene.snapshot.each_under<core::Attempt>(delivery.value, [&](const core::Attempt& attempt) {
        attempts.push_back(view_of(attempt));
        return attempts.size() < kRowsWalkedMax;
      });
  if (!seen) return fail(seen.error());
  return attempts;
}

}  // namespace

Result<Json> delivery_in_full(const Scene& scene, const core::Notification& delivery) {
  auto attempts = attempts_of(scene, delivery.id);
  if (!attempts) return attempts;
  auto json = view_of(delivery, scene.rows);
  json["attempts"] = std::move(*attempts);
  return json;
}

Result<Answer> list_deliveries(const Scene& scene, Asked& asked) {
  auto& query = asked.query;
  const auto state = query.choice<core::NotificationState>("state");
  const auto alert = query.number("alert");
  const auto recipient = query.text("recipient");
  Range range;
  if (alert) {
    range = {.index = TableNumber::notification_by_alert, .prefix = storage::key_bytes(*alert)};
  } else if (state) {
    range = {.index = TableNumber::notification_by_state, .prefix = storage::key_of_word(*state)};
  }
  const auto passes = [&](const core::Notification& delivery) {
    return is_wanted(state, delivery.state) &&
           (!recipient || *recipient == delivery.recipient.name ||
            *recipient == core::shown_address(delivery.recipient.place()));
  };
  const auto show = [&](const core::Notification& row) { return view_of(row, scene.rows); };
  return page_of<core::Notification>(scene, query, range, passes, show);
}

Result<Answer> show_delivery(const Scene& scene, Asked& asked) {
  const auto delivery = numbered<core::Notification>(scene, "delivery", asked.names[0]);
  if (!delivery) return fail(delivery.error());
  auto json = delivery_in_full(scene, *delivery);
  if (!json) return fail(json.error());
  return Answer(std::move(*json));
}

Result<Answer> show_message(const Scene& scene, Asked& asked) {
  const auto delivery = numbered<core::Notification>(scene, "delivery", asked.names[0]);
  if (!delivery) return fail(delivery.error());
  const auto& show = scene.facts.show_message;
  // The time of a message is that of its last attempt, and of one that waits, now.
  const auto at = delivery->ended_at.value_or(scene.now);
  const auto message = show ? show(scene.snapshot, delivery->id, at)
                            : Result<ShownMessage>(fail("nothing is known of how messages look"));
  const auto shown = message.value_or(ShownMessage());
  return Answer(Json{{"delivery", delivery->id.value},
                     {"subject", text_or_null(shown.subject)},
                     {"text", text_or_null(shown.text)},
                     {"html", text_or_null(shown.html)},
                     {"raw", text_or_null(shown.source)},
                     {"problem", message ? Json() : Json(message.error().message)}});
}

Result<Answer> retry_delivery(const Scene& scene, Asked& asked) {
  const auto delivery = numbered<core::Notification>(scene, "delivery", asked.names[0]);
  if (!delivery) return fail(delivery.error());
  return Answer(OrderAsked{core::RetryDelivery{*delivery}, {}});
}

Result<Answer> cancel_delivery(const Scene& scene, Asked& asked) {
  const auto delivery = numbered<core::Notification>(scene, "delivery", asked.names[0]);
  if (!delivery) return fail(delivery.error());
  return Answer(OrderAsked{core::CancelDelivery{delivery->id}, {}});
}

}  // namespace vaultbell::api
