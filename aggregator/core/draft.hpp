// Draft: a decision in the making. It reads through the changes made so far to the State as it was,
// so that a decision can look at what it has just decided.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include "aggregator/core/directory.hpp"
#include "aggregator/core/engine.hpp"
#include "aggregator/core/state.hpp"

namespace vaultbell::core {

class Draft {
 public:
  Draft(const State& state, Instant now) : state_(state), now_(now), counters_(state.counters) {}

  // As it was before this decision; its derived indexes do not know of the changes made since.
  [[nodiscard]] const State& before() const { return state_; }
  [[nodiscard]] Instant now() const { return now_; }

  // The row as this decision leaves it; absent if there is none or it has ended.
  template <class R>
  [[nodiscard]] std::optional<R> get(const typename R::Key& key) const {
    for (auto change = decision_.changes.rbegin(); change != decision_.changes.rend(); ++change) {
      if (const auto* put = std::get_if<Put>(&*change)) {
        const auto* row = std::get_if<R>(&put->row);
        if (row != nullptr && row->key() == key) return *row;
      }
    }
    const auto& table = table_of(state_, static_cast<const R*>(nullptr));
    const auto found = table.find(key);
    if (found == table.end()) return std::nullopt;
    return found->second;
  }

  template <class R>
  void put(R row) {
    for (auto& change : decision_.changes) {
      auto* put = std::get_if<Put>(&change);
      auto* same = put != nullptr ? std::get_if<R>(&put->row) : nullptr;
      if (same != nullptr && same->key() == row.key()) {
        *same = std::move(row);
        return;
      }
    }
    decision_.changes.push_back(Put{std::move(row)});
  }

  void erase(const ErasedKey& key) { decision_.changes.push_back(Erase{key}); }
  void remember(Remember what) { decision_.changes.push_back(std::move(what)); }
  void emit(Effect effect) { decision_.effects.push_back(std::move(effect)); }

  VaultId next_vault() { return {++counters_.vault}; }
  ClientId next_client() { return {++counters_.client}; }
  JobId next_job() { return {++counters_.job}; }
  RunId next_run() { return {++counters_.run}; }
  AlertId next_alert() { return {++counters_.alert}; }
  NotificationId next_notification() { return {++counters_.notification}; }
  TokenId next_token() { return {++counters_.token}; }
  EnrolmentId next_enrolment() { return {++counters_.enrolment}; }
  ContactId next_contact() { return {++counters_.contact}; }
  GroupId next_group() { return {++counters_.group}; }
  MaintenanceId next_maintenance() { return {++counters_.maintenance}; }
  AccessId next_access() { return {++counters_.access}; }
  AuditId next_audit() { return {++counters_.audit}; }
  std::uint64_t next_clock_shift() { return ++counters_.clock_shift; }
  [[nodiscard]] const Counters& counters() const { return counters_; }

  // The decision carries out what a file declares: people may be named before their addresses are
  // verified (docs/decisions).
  void follow_file() { does_follow_file_ = true; }
  [[nodiscard]] bool does_follow_file() const { return does_follow_file_; }

  // What was decided so far.
  [[nodiscard]] const WriteSet& changes() const { return decision_.changes; }

  // Whether so many rows more fit into one decision; bounded work asks before it does more. One row
  // stays free for the counters, which finish() may have to write.
  [[nodiscard]] bool has_room_for(std::size_t rows) const {
    return decision_.changes.size() + rows + 1 <= kRowsPerDecisionMax;
  }

  Decision finish() &&;

 private:
  const State& state_;
  Instant now_;
  Counters counters_;
  bool does_follow_file_ = false;
  Decision decision_;
};

// What is known of an address; a row that is still empty where nothing is.
inline Address address_row(const Draft& draft, const AddressKey& key) {
  return draft.get<Address>(key).value_or(Address{.channel = key.channel, .address = key.address});
}

// People as the decision leaves them. Borrows the draft.
class DraftDirectory final : public Directory {
 public:
  explicit DraftDirectory(const Draft& draft) : draft_(draft) {}
  [[nodiscard]] std::optional<Contact> contact(ContactId id) const override {
    return draft_.get<Contact>(id);
  }
  [[nodiscard]] std::optional<Group> group(GroupId id) const override {
    return draft_.get<Group>(id);
  }
  [[nodiscard]] std::optional<Address> address(const AddressKey& key) const override {
    return draft_.get<Address>(key);
  }

 private:
  const Draft& draft_;
};

}  // namespace vaultbell::core
