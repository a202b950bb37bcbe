#include "aggregator/publishing.hpp"

#include <optional>

namespace vaultbell::aggregator {

namespace {

using board::Thing;

// What a key stands for, if people see it as a thing.
struct Name {
  using Named = std::optional<board::Changed>;

  Named operator()(VaultId id) const { return board::Changed{Thing::vault, id.value}; }
  Named operator()(ClientId id) const { return board::Changed{Thing::client, id.value}; }
  Named operator()(JobId id) const { return board::Changed{Thing::job, id.value}; }
  Named operator()(RunId id) const { return board::Changed{Thing::run, id.value}; }
  Named operator()(AlertId id) const { return board::Changed{Thing::alert, id.value}; }
  Named operator()(NotificationId id) const { return board::Changed{Thing::delivery, id.value}; }
  Named operator()(ContactId id) const { return board::Changed{Thing::contact, id.value}; }
  Named operator()(GroupId id) const { return board::Changed{Thing::group, id.value}; }
  Named operator()(MaintenanceId id) const { return board::Changed{Thing::maintenance, id.value}; }
  Named operator()(TokenId id) const { return board::Changed{Thing::token, id.value}; }
  Named operator()(EnrolmentId id) const { return board::Changed{Thing::enrolment, id.value}; }
  Named operator()(AccessId id) const { return board::Changed{Thing::access, id.value}; }
  Named operator()(AuditId id) const { return board::Changed{Thing::audit, id.value}; }
  Named operator()(core::Channel channel) const {
    return board::Changed{Thing::channel, static_cast<std::uint64_t>(channel)};
  }
  Named operator()(const core::AddressKey&) const { return board::Changed{Thing::address, 0}; }
  Named operator()(const core::Attempt::Key& key) const { return (*this)(key.notification); }
  Named operator()(const core::Night::Key& key) const { return (*this)(key.vault); }

  template <class Key>
  Named operator()(const Key&) const {
    return std::nullopt;
  }
};

struct NameOfChange {
  Name::Named operator()(const core::Put& put) const {
    return std::visit(
        [](const auto& row) -> Name::Named {
          using R = std::decay_t<decltype(row)>;
          // Its vault has the same kind of key.
          if constexpr (std::is_same_v<R, core::Outage>) return std::nullopt;
          return Name{}(row.key());
        },
        put.row);
  }
  Name::Named operator()(const core::Erase& erase) const { return std::visit(Name{}, erase.key); }
  Name::Named operator()(const core::Remember&) const { return std::nullopt; }
};

}  // namespace

void publish(const core::WriteSet& changes, board::ChangeFeed& feed) {
  for (const auto& change : changes) {
    if (const auto named = std::visit(NameOfChange{}, change)) feed.add(*named);
  }
}

}  // namespace vaultbell::aggregator
