#include "aggregator/core/directory.hpp"

#include <algorithm>

namespace vaultbell::core {

std::optional<AddressKey> reached_at(const Directory& directory, const ContactChannel& channel) {
  for (const auto& text : {channel.address, channel.address_before}) {
    if (text.empty()) continue;
    const AddressKey key{channel.channel, text};
    const auto address = directory.address(key);
    if (address && address->verified_at) return key;
  }
  return std::nullopt;
}

bool is_reachable(const Directory& directory, const Contact& contact) {
  return std::ranges::any_of(contact.channels, [&](const ContactChannel& channel) {
    return reached_at(directory, channel).has_value();
  });
}

}  // namespace vaultbell::core
