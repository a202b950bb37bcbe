#include "tests/simulation/administrators.hpp"

#include <iterator>
#include <utility>

#include "aggregator/storage/snapshot.hpp"
#include "shared/base/check.hpp"
#include "tests/simulation/aggregator.hpp"
#include "tests/simulation/witness.hpp"
#include "tests/support/builders.hpp"

namespace vaultbell::simulation {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::uint64_t kCodeNumbers = 1UL << 40U;  // apart from those of join tokens

std::string name_of_contact(std::size_t number) {
  return "contact-" + std::to_string(number);
}

template <class Map, class Number>
auto nth(const Map& map, Number number) {
  return std::next(map.begin(), static_cast<std::ptrdiff_t>(number));
}

}  // namespace

core::AddressKey mail_of_contact(std::size_t number) {
  return {core::Channel::email, name_of_contact(number) + "@example.org"};
}

core::AddressKey mobile_of_contact(std::size_t number) {
  return {core::Channel::mobile, "+49151000000" + std::to_string(number)};
}

Administrators::Administrators(Scene& scene, Aggregator& aggregator, Witness& witness)
    : scene_(scene),
      aggregator_(aggregator),
      witness_(witness),
      random_(scene.options.seed, "administrators") {}

void Administrators::begin() {
  for (std::size_t i = 1; i <= scene_.options.contacts; ++i) {
    scene_.agenda.in(minutes(i), [this, i] { create_contact(i); });
  }
  scene_.agenda.in(hours(1), [this] { create_group(); });
  scene_.agenda.in(hours(2), [this] { go_on(); });
}

void Administrators::go_on() {
  if (scene_.is_calm()) return;
  order_something();
  scene_.agenda.in(random_.about(scene_.options.faults.order), [this] { go_on(); });
}

void Administrators::order_something() {
  if (!aggregator_.is_listening()) return;
  switch (random_.below(14)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return set_policy();
    case 4:
      return begin_window();
    case 5:
      return end_window();
    case 6:
      return change_address();
    case 7:
      return change_group();
    case 8:
      return retime();
    case 9:
    case 10:
      return expect_of_job();
    case 11:
      return treat_alert();
    case 12:
      return reactivate();
    default:
      return treat_delivery();
  }
}

void Administrators::order(decltype(core::Order::what) what) {
  scene_.tell("order " + std::to_string(what.index()));  // its place in core::Order
  aggregator_.order(std::move(what), [this](const core::Reply* reply) {
    witness_.ordered();
    const bool is_refused = reply != nullptr && !reply->result;
    if (is_refused) scene_.tell("an order is refused: " + reply->result.error().message);
  });
}

// ---- people

core::ChannelOrder Administrators::with_code(const std::string& contact,
                                             const core::AddressKey& place) {
  const SentCode code{place, support::token_hash(kCodeNumbers + ++codes_)};
  sent_codes_[contact].push_back(code);
  return {.channel = place.channel, .address = place.address, .code = {{}, code.hash}};
}

void Administrators::create_contact(std::size_t number) {
  const auto name = name_of_contact(number);
  core::CreateContact create{.name = name};
  create.channels.push_back(with_code(name, mail_of_contact(number)));
  if (random_.coin()) create.channels.push_back(with_code(name, mobile_of_contact(number)));
  order(create);
  for (int i = 1; i <= 2; ++i) {
    scene_.agenda.in(minutes(5 * i), [this, name] { confirm(name); });
  }
}

// Types the codes that were sent, each once.
void Administrators::confirm(const std::string& contact) {
  for (const auto& [id, row] : witness_.ledger().contacts()) {
    if (row.name != contact || sent_codes_[contact].empty()) continue;
    const auto code = sent_codes_[contact].back();
    sent_codes_[contact].pop_back();
    return order(core::ConfirmCode{.contact = id, .candidates = {{code.place, code.hash}}});
  }
}

void Administrators::create_group() {
  core::CreateGroup create{.name = "group"};
  for (const auto& [id, contact] : witness_.ledger().contacts()) create.members.push_back(id);
  if (!create.members.empty()) order(create);
}

void Administrators::change_address() {
  const auto id = any_contact();
  if (!id.is_set()) return;
  const auto name = witness_.ledger().contacts().at(id).name;
  const core::AddressKey place{core::Channel::email,
                               name + "." + std::to_string(codes_ + 1) + "@example.org"};
  order(core::EditContact{.contact = id, .channels = {with_code(name, place)}});
  if (random_.one_in(4)) return;  // and is never proved
  scene_.agenda.in(random_.between(minutes(1), minutes(25)), [this, name] { confirm(name); });
}

void Administrators::change_group() {
  const auto& groups = witness_.ledger().groups();
  const auto member = any_contact();
  if (groups.empty()) return create_group();
  core::EditGroup edit{.group = groups.begin()->first};
  (random_.coin() ? edit.add : edit.remove).push_back(member);
  order(edit);
}

ContactId Administrators::any_contact() {
  const auto& contacts = witness_.ledger().contacts();
  return contacts.empty() ? ContactId{} : nth(contacts, random_.below(contacts.size()))->first;
}

ClientId Administrators::any_client() {
  const auto& clients = witness_.ledger().clients();
  return clients.empty() ? ClientId{} : nth(clients, random_.below(clients.size()))->first;
}

VaultId Administrators::any_vault() {
  const auto& vaults = witness_.ledger().vaults();
  return nth(vaults, random_.below(vaults.size()))->first;
}

// ---- policies

void Administrators::draw_repeats(core::Policy& policy) {
  if (random_.one_in(5)) {
    policy.remind_every = random_.one_of<Duration>({hours(1), hours(6), hours(24)});
  }
  const auto other = any_contact();
  if (other.is_set() && random_.one_in(5)) {
    policy.escalate_after = random_.one_of<Duration>({minutes(10), hours(3)});
    policy.escalation.contacts = {other};
  }
}

core::Policy Administrators::draw_policy(bool is_clients) {
  if (is_clients && random_.one_in(3)) return {.mode = core::PolicyMode::same_as_vault};
  core::Policy policy;
  const auto contact = any_contact();
  if (random_.one_in(6)) policy.mode = core::PolicyMode::off;
  if (contact.is_set() && !random_.one_in(3)) {
    policy.mode = core::PolicyMode::custom;
    policy.audience.contacts = {contact};
    const auto& groups = witness_.ledger().groups();
    if (!groups.empty() && random_.coin()) policy.audience.groups = {groups.begin()->first};
  }
  if (random_.one_in(5)) policy.least_severity = core::Severity::critical;
  if (random_.one_in(8)) {
    policy.kinds = {core::AlertKind::backup_failed, core::AlertKind::client_disconnected};
  }
  if (random_.one_in(3)) {
    policy.notify_after =
        random_.one_of<Duration>({minutes(0), minutes(5), minutes(30), hours(2), hours(6)});
  }
  if (random_.one_in(3)) policy.frequency = core::Frequency::hourly;
  if (random_.one_in(8)) policy.frequency = core::Frequency::daily;
  policy.tells_recovery = !random_.one_in(8);
  draw_repeats(policy);
  return policy;
}

void Administrators::set_policy() {
  const bool is_clients = random_.one_in(3);
  core::SetPolicy set{.holder = {}, .policy = draw_policy(is_clients)};
  if (is_clients) {
    set.holder.client = any_client();
  } else {
    set.holder.vault = any_vault();
  }
  scene_.tell("a policy is ordered");
  witness_.policy_sent(set);
  aggregator_.order(set, [this, set](const core::Reply* reply) {
    witness_.ordered();
    if (reply != nullptr) witness_.policy_answered(set, reply->result.has_value());
  });
}

// ---- windows

void Administrators::begin_window() {
  core::StartMaintenance start{.until = scene_.wall() + random_.between(minutes(30), hours(12)),
                               .why = "maintenance"};
  if (random_.one_in(3)) start.scope.vault = any_vault();
  if (random_.one_in(3)) start.scope.client = any_client();
  if (random_.one_in(3)) start.from = scene_.wall() + random_.between(minutes(1), minutes(25));
  aggregator_.order(start, [this, start, now = scene_.wall()](const core::Reply* reply) {
    witness_.ordered();
    if (reply == nullptr || !reply->result) return;
    for (const auto& change : reply->result->changes) {
      const auto* put = std::get_if<core::Put>(&change);
      const auto* row = put != nullptr ? std::get_if<core::Maintenance>(&put->row) : nullptr;
      if (row == nullptr) continue;
      witness_.window_begins({.id = row->id,
                              .scope = start.scope,
                              .from = start.from.value_or(now),
                              .until = start.until});
    }
  });
}

void Administrators::end_window() {
  const auto& windows = witness_.ledger().windows();
  if (windows.empty()) return begin_window();
  const auto id = nth(windows, random_.below(windows.size()))->first;
  witness_.window_may_end(id);
  order(core::EndMaintenance{id});
}

// ---- hosts and jobs

void Administrators::retime() {
  core::TimingEdit timing;
  if (random_.one_in(3)) {
    timing.heartbeat_every = core::Edit<Duration>::inherited();
    timing.disconnect_after = core::Edit<Duration>::inherited();
  } else {
    const auto every = random_.one_of<Duration>({minutes(5), minutes(15), minutes(45)});
    timing.heartbeat_every = every;
    timing.disconnect_after = every * random_.between(2, 5);
  }
  if (random_.coin()) return order(core::EditVault{.vault = any_vault(), .timing = timing});
  order(core::EditClient{.client = any_client(), .timing = timing});
}

void Administrators::expect_of_job() {
  const auto& jobs = aggregator_.state().jobs;
  if (jobs.empty()) return;
  core::SetJob set{.job = nth(jobs, random_.below(jobs.size()))->first};
  if (random_.coin()) {
    set.settings.schedule = Schedule{.every = hours(random_.between(8, 30))};
    set.settings.schedule->grace = hours(random_.between(1, 4));
  }
  if (random_.coin()) set.settings.max_age = hours(random_.between(10, 60));
  if (random_.one_in(3)) set.settings.max_duration = minutes(random_.between(10, 120));
  if (random_.one_in(4)) set.settings.verify_every = hours(random_.between(48, 200));
  set.settings.tolerate_failures = static_cast<std::uint32_t>(random_.below(3));
  set.settings.has_bands = random_.coin();
  order(set);
}

// ---- alerts and messages

void Administrators::treat_alert() {
  const auto& alerts = aggregator_.state().alerts;
  if (alerts.empty()) return;
  const auto id = nth(alerts, random_.below(alerts.size()))->first;
  switch (random_.below(3)) {
    case 0:
      return order(core::AcknowledgeAlert{id, "seen"});
    case 1:
      return order(core::InactivateAlert{id, "known"});
    default:
      witness_.hurried(id);
      return order(core::NotifyAlertNow{id});
  }
}

void Administrators::reactivate() {
  const auto last = aggregator_.state().counters.alert;
  if (last == 0) return;
  const auto snapshot = storage::Snapshot::take(aggregator_.store().environment());
  check(snapshot.has_value(), "a simulated store can be read");
  const auto alert = snapshot->get<core::Alert>({1 + random_.below(last)});
  check(alert && *alert, "an alert that was raised is in the store");
  if ((*alert)->state != core::AlertState::inactive) return;
  core::ReactivateAlert reactivation{**alert, "again", {}};
  for (const auto& told : (*alert)->told) {
    const auto message = snapshot->get<core::Notification>(told.notification);
    check(message.has_value(), "a message can be read");
    if (*message) reactivation.messages.push_back(**message);
  }
  witness_.reactivated((*alert)->id);
  order(std::move(reactivation));
}

void Administrators::treat_delivery() {
  const auto last = aggregator_.state().counters.notification;
  if (last == 0) return order(core::SendDigestNow{});
  const auto snapshot = storage::Snapshot::take(aggregator_.store().environment());
  check(snapshot.has_value(), "a simulated store can be read");
  const auto message = snapshot->get<core::Notification>({1 + random_.below(last)});
  check(message && *message, "a message that was owed is in the store");
  if ((*message)->state == core::NotificationState::given_up) {
    return order(core::RetryDelivery{**message});
  }
  if ((*message)->state == core::NotificationState::pending && random_.coin()) {
    return order(core::CancelDelivery{(*message)->id});
  }
  order(core::SendDigestNow{});
}

}  // namespace vaultbell::simulation
