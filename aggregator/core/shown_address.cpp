#include "aggregator/core/shown_address.hpp"

#include "shared/domain/webhook_address.hpp"

namespace vaultbell::core {

std::string shown_address(const AddressKey& place) {
  return place.channel == Channel::webhook ? shown_webhook_address(place.address) : place.address;
}

std::string shown_topic(const Alert& alert) {
  const auto begin = std::string(to_text(Channel::webhook)) + ' ';
  const bool names_webhook =
      alert.kind == AlertKind::delivery_failing && alert.topic.starts_with(begin);
  if (!names_webhook) return alert.topic;
  return begin + shown_webhook_address(alert.topic.substr(begin.size()));
}

}  // namespace vaultbell::core
