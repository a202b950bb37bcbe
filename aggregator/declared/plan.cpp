#include "aggregator/declared/plan.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "aggregator/core/declared.hpp"
#include "aggregator/core/shown_address.hpp"
#include "aggregator/core/verification.hpp"
#include "aggregator/declared/trial.hpp"
#include "shared/base/duration.hpp"
#include "shared/base/nearest.hpp"

namespace vaultbell::declared {

namespace {

// An object in messages, and where it is declared.
struct Subject {
  std::string what;  // `vault "prod"`
  std::string at;
};

Subject subject_of(std::string_view what, const std::string& name, const Origin& at) {
  return {fmt::format("{} \"{}\"", what, name), place_of(at)};
}

using Addresses = std::map<core::Channel, std::string>;

Addresses addresses_of(const core::Contact& contact) {
  Addresses addresses;
  for (const auto& channel : contact.channels) addresses[channel.channel] = channel.address;
  return addresses;
}

core::TimingEdit all_of(const core::TimingOverrides& timing) {
  const auto edit = [](const std::optional<Duration>& value) {
    return value ? core::Edit<Duration>(*value) : core::Edit<Duration>::inherited();
  };
  return {edit(timing.heartbeat_every), edit(timing.disconnect_after), edit(timing.offline_grace)};
}

core::Edit<Outcome> whole(const std::optional<Outcome>& outcome) {
  return outcome ? core::Edit<Outcome>(*outcome) : core::Edit<Outcome>::inherited();
}

// What is in `a` and not in `b`; both are ordered.
std::vector<ContactId> without(const std::vector<ContactId>& a, const std::vector<ContactId>& b) {
  std::vector<ContactId> rest;
  std::ranges::set_difference(a, b, std::back_inserter(rest));
  return rest;
}

const core::Policy kOfVault{.mode = core::PolicyMode::same_as_vault};

class Planner {
 public:
  Planner(const core::State& state, Instant now, const Wanted& wanted)
      : wanted_(wanted), trial_(state, now, wanted.actor) {}

  Plan finish() {
    const auto& declaration = wanted_.declaration;
    for (const auto& contact : declaration.contacts) settle(contact);
    for (const auto& group : declaration.groups) settle(group);
    for (const auto& vault : declaration.vaults) settle(vault);
    for (const auto& client : declaration.clients) settle(client);
    for (const auto& job : declaration.jobs) settle(job);
    for (const auto& window : declaration.maintenances) settle(window);
    for (const auto& [id, at] : emptied_) empty_group(id, at);
    end_maintenances();
    let_go();
    plan_.orders = trial_.take_orders();
    plan_.done = trial_.done();
    return std::move(plan_);
  }

 private:
  using What = decltype(core::Order::what);

  [[nodiscard]] const core::State& state() const { return trial_.state(); }

  void refuse(const Subject& subject, std::string_view why) {
    plan_.refusals.push_back(fmt::format("{}: {}: {}", subject.at, subject.what, why));
  }
  void remark(const Subject& subject, std::string_view text) {
    plan_.remarks.push_back(fmt::format("{}: {}: {}", subject.at, subject.what, text));
  }
  void wait_for(const Subject& subject, std::string_view what) {
    remark(subject, fmt::format("{}; what is declared counts from then on", what));
    plan_.does_wait = true;
  }

  void give(What what, const Subject& subject) {
    if (auto ok = trial_.give(std::move(what), subject.at); !ok)
      refuse(subject, ok.error().message);
  }

  void mark(const core::ObjectId& id, const Subject& subject) {
    declared_.insert(id);
    if (core::managed_by(state(), id) == subject.at) return;
    give(core::MarkManaged{id, subject.at}, subject);
  }

  // Whether what is there may become what is declared; `is_same` if nothing would be lost.
  bool may_take(const std::string& managed_by, bool is_same, const Subject& subject) {
    if (is_same || !managed_by.empty() || wanted_.options.does_adopt) return true;
    refuse(
        subject,
        "it is there already, as something else, and no file declared it so far; \"vaultbell "
        "config diff --adopt\" shows what would change, \"vaultbell config apply --adopt\" takes "
        "it over; or give one of the two another name");
    return false;
  }

  // ---- rows and names

  template <class R, class Name>
  static std::optional<R> row_named(const std::map<Name, typename R::Key>& by_name,
                                    const core::Table<R>& table, const Name& name) {
    const auto id = by_name.find(name);
    return id == by_name.end() ? std::nullopt : std::optional(table.at(id->second));
  }

  // Also one that was made just now. Not there: the reason is told already.
  template <class Id, class Name>
  void mark_named(const std::map<Name, Id>& by_name, const Name& name, const Subject& subject) {
    if (const auto id = by_name.find(name); id != by_name.end()) mark(Id(id->second), subject);
  }

  // `declared`: the objects of that sort that files declare.
  template <class Id, class Object>
  std::optional<Id> find(const std::map<std::string, Id>& by_name,
                         const std::vector<Object>& declared, const std::string& name,
                         std::string_view what, const Subject& subject) {
    if (const auto found = by_name.find(name); found != by_name.end()) return found->second;
    // Of one that is declared and could not be made the reason is told already.
    if (std::ranges::find(declared, name, &Object::name) != declared.end()) return std::nullopt;
    std::vector<std::string_view> names;
    for (const auto& [known, id] : by_name) names.push_back(known);
    refuse(subject, fmt::format("there is no {} \"{}\"{}", what, name, did_you_mean(name, names)));
    return std::nullopt;
  }
  std::optional<VaultId> find_vault(const std::string& name, const Subject& subject) {
    return find(state().vault_by_name, wanted_.declaration.vaults, name, "vault", subject);
  }

  // Ordered, each once.
  std::vector<ContactId> find_contacts(const std::vector<std::string>& names,
                                       const Subject& subject) {
    std::set<ContactId> ids;
    for (const auto& name : names) {
      const auto& declared = wanted_.declaration.contacts;
      const auto id = find(state().contact_by_name, declared, name, "contact", subject);
      if (id) ids.insert(*id);
    }
    return {ids.begin(), ids.end()};
  }
  std::vector<GroupId> find_groups(const std::vector<std::string>& names, const Subject& subject) {
    std::set<GroupId> ids;
    for (const auto& name : names) {
      const auto& declared = wanted_.declaration.groups;
      const auto id = find(state().group_by_name, declared, name, "group", subject);
      if (id) ids.insert(*id);
    }
    return {ids.begin(), ids.end()};
  }

  core::Audience resolved(const Audience& audience, const Subject& subject) {
    return {find_contacts(audience.contacts, subject), find_groups(audience.groups, subject)};
  }

  core::Policy resolved(const Policy& policy, const Subject& subject) {
    auto whole = policy.rest;
    whole.audience = resolved(policy.audience, subject);
    whole.escalation = resolved(policy.escalation, subject);
    return whole;
  }

  // ---- people

  std::vector<core::ChannelOrder> channel_orders(const Addresses& before,
                                                 const Addresses& after) const {
    std::vector<core::ChannelOrder> orders;
    for (const auto& [channel, address] : before) {
      if (!after.contains(channel))
        orders.push_back({.channel = channel, .address = {}, .code = {}});
    }
    for (const auto& [channel, address] : after) {
      const auto known = before.find(channel);
      if (known != before.end() && known->second == address) continue;
      orders.push_back({channel, address, wanted_.make_code({channel, address})});
    }
    return orders;
  }

  // To whom a code goes, or why none does.
  void remark_codes(const std::vector<core::ChannelOrder>& orders, const Subject& subject) {
    for (const auto& order : orders) {
      const auto address = state().addresses.find({order.channel, order.address});
      if (address == state().addresses.end() || address->second.verified_at) continue;
      const auto shown = core::shown_address({order.channel, order.address});
      const auto& sent = address->second.codes_sent;
      if (!sent.empty() && sent.back() == trial_.now()) {
        remark(subject, "a code goes to " + shown);
      } else {
        const auto wait = core::next_code_at(address->second) - trial_.now();
        remark(subject,
               fmt::format("a code was sent to {} only just now; the next can be sent in {}", shown,
                           to_words(wait)));
      }
    }
  }

  void settle(const Contact& contact) {
    const auto subject = subject_of("contact", contact.name, contact.at);
    const auto row = row_named(state().contact_by_name, state().contacts, contact.name);
    const auto addresses = row ? addresses_of(*row) : Addresses();
    const bool is_same = addresses == contact.addresses;
    const auto orders = channel_orders(addresses, contact.addresses);
    if (!row) {
      give(core::CreateContact{contact.name, orders}, subject);
    } else if (!may_take(row->managed_by, is_same, subject)) {
      return;
    } else if (!is_same) {
      give(core::EditContact{row->id, {}, orders}, subject);
    }
    remark_codes(orders, subject);
    mark_named(state().contact_by_name, contact.name, subject);
  }

  // Members are added at once; the last ones are taken out when no policy needs them any more.
  void settle(const Group& group) {
    const auto subject = subject_of("group", group.name, group.at);
    const auto members = find_contacts(group.members, subject);
    const auto row = row_named(state().group_by_name, state().groups, group.name);
    const bool is_same = row && row->members == members;
    if (!row) {
      give(core::CreateGroup{group.name, members}, subject);
    } else if (!may_take(row->managed_by, is_same, subject)) {
      return;
    } else if (!is_same && members.empty()) {
      emptied_.emplace_back(row->id, subject);
    } else if (!is_same) {
      give(core::EditGroup{.group = row->id,
                           .name = {},
                           .add = without(members, row->members),
                           .remove = without(row->members, members)},
           subject);
    }
    mark_named(state().group_by_name, group.name, subject);
  }

  void empty_group(GroupId id, const Subject& subject) {
    const auto members = state().groups.at(id).members;
    give(core::EditGroup{.group = id, .name = {}, .add = {}, .remove = members}, subject);
  }

  // ---- vaults, clients, jobs

  void settle(const Vault& vault) {
    const auto subject = subject_of("vault", vault.name, vault.at);
    const auto policy = resolved(vault.policy, subject);
    const auto row = row_named(state().vault_by_name, state().vaults, vault.name);
    if (!row) {
      give(core::CreateVault{vault.name, policy, vault.timing}, subject);
      if (vault.warning_counts_as) edit_made(vault, subject);
      return mark_named(state().vault_by_name, vault.name, subject);
    }
    const bool has_same_times =
        row->timing == vault.timing && row->warning_counts_as == vault.warning_counts_as;
    const bool is_same = has_same_times && row->policy == policy;
    if (!may_take(row->managed_by, is_same, subject)) return;
    if (!has_same_times) give(edit_of(row->id, vault), subject);
    if (row->policy != policy) give(core::SetPolicy{{row->id, {}}, policy}, subject);
    mark(row->id, subject);
  }

  static core::EditVault edit_of(VaultId id, const Vault& vault) {
    return {id, all_of(vault.timing), whole(vault.warning_counts_as)};
  }
  void edit_made(const Vault& vault, const Subject& subject) {
    const auto made = state().vault_by_name.find(vault.name);
    if (made != state().vault_by_name.end()) give(edit_of(made->second, vault), subject);
  }

  // A client is made by enrolment and a job by its first report: with nothing of their own they may
  // be declared without being taken over.
  void settle(const Client& client) {
    const auto subject = subject_of("client", client.name, client.at);
    const auto policy = resolved(client.policy, subject);
    const auto vault = find_vault(client.vault, subject);
    const auto row = row_named(state().client_by_name, state().clients, client.name);
    if (!row) return wait_for(subject, "it is not enrolled yet");
    const bool is_same = row->policy == policy && row->timing == client.timing;
    const bool is_bare = row->policy == kOfVault && row->timing == core::TimingOverrides{};
    if (!may_take(row->managed_by, is_same || is_bare, subject) || !vault) return;
    if (row->vault != *vault) give(core::MoveClient{row->id, *vault}, subject);
    if (row->timing != client.timing) {
      give(core::EditClient{row->id, all_of(client.timing)}, subject);
    }
    if (row->policy != policy) give(core::SetPolicy{{{}, row->id}, policy}, subject);
    mark(row->id, subject);
  }

  void settle(const Job& job) {
    const auto subject = subject_of("job", job.name, job.at);
    const auto client = state().client_by_name.find(job.client);
    if (client == state().client_by_name.end()) {
      return wait_for(subject, fmt::format("its client \"{}\" is not enrolled yet", job.client));
    }
    const std::pair key(client->second, job.name);
    const auto row = row_named(state().job_by_name, state().jobs, key);
    const bool is_same = row && row->settings == job.settings;
    const bool is_bare = row && row->settings == JobSettings{};
    if (!row) {
      give(core::CreateJob{client->second, job.name, job.settings}, subject);
    } else if (!may_take(row->managed_by, is_same || is_bare, subject)) {
      return;
    } else if (!is_same) {
      give(core::SetJob{row->id, job.settings}, subject);
    }
    mark_named(state().job_by_name, key, subject);
  }

  // ---- maintenances

  // Absent: something it names is not there; that is told.
  std::optional<core::Scope> scope_of(const Maintenance& window, const Subject& subject) {
    core::Scope scope{.kind = window.kind};
    if (!window.vault.empty()) {
      const auto vault = find_vault(window.vault, subject);
      if (!vault) return std::nullopt;
      scope.vault = *vault;
    }
    if (window.client.empty()) return scope;
    const auto client = state().client_by_name.find(window.client);
    if (client == state().client_by_name.end()) {
      wait_for(subject, fmt::format("its client \"{}\" is not enrolled yet", window.client));
      return std::nullopt;
    }
    scope.client = client->second;
    if (window.job.empty()) return scope;
    const auto job = state().job_by_name.find({client->second, window.job});
    if (job == state().job_by_name.end()) {
      wait_for(subject, fmt::format("its job \"{}\" is not known yet", window.job));
      return std::nullopt;
    }
    scope.job = job->second;
    return scope;
  }

  // One that says the same and is not another declaration's; rather one that is declared already.
  [[nodiscard]] std::optional<MaintenanceId> same_as(const core::Scope& scope,
                                                     const Maintenance& window) const {
    std::optional<MaintenanceId> found;
    for (const auto& [id, row] : state().maintenances) {
      const bool is_same = row.scope == scope && row.until == window.until &&
                           row.recurrence == window.recurrence && row.why == window.why &&
                           (!window.from || row.from == *window.from);
      if (!is_same || declared_.contains(id)) continue;
      if (!row.managed_by.empty()) return id;
      if (!found) found = id;
    }
    return found;
  }

  void settle(const Maintenance& window) {
    const Subject subject{fmt::format("maintenance \"{}\"", window.why), place_of(window.at)};
    if (window.until && *window.until <= trial_.now()) {
      return remark(subject, fmt::format("it is over since {}", to_iso(*window.until)));
    }
    const auto scope = scope_of(window, subject);
    if (!scope) return;
    if (const auto same = same_as(*scope, window)) return mark(*same, subject);
    const auto before = state().counters.maintenance;
    give(core::StartMaintenance{*scope, window.from, window.until, window.recurrence, window.why},
         subject);
    if (state().counters.maintenance != before) {
      mark(MaintenanceId{state().counters.maintenance}, subject);
    }
  }

  // A window that no file declares any more would silence alerts that nobody thinks of.
  void end_maintenances() {
    for (const auto& [id, at] : undeclared(state().maintenances)) {
      give(core::EndMaintenance{id}, {fmt::format("maintenance {}", id.value), at});
    }
  }

  // ---- what no file declares any more

  template <class R>
  std::vector<std::pair<typename R::Key, std::string>> undeclared(
      const core::Table<R>& table) const {
    std::vector<std::pair<typename R::Key, std::string>> rows;
    for (const auto& [id, row] : table) {
      if (!row.managed_by.empty() && !declared_.contains(id)) rows.emplace_back(id, row.managed_by);
    }
    return rows;
  }

  void let_go() {
    if (!plan_.refusals.empty()) return;  // what could not be found may be what is not declared
    for (const auto& [id, at] : undeclared(state().vaults)) let_go(id, at);
    for (const auto& [id, at] : undeclared(state().clients)) let_go(id, at);
    for (const auto& [id, at] : undeclared(state().jobs)) let_go(id, at);
    for (const auto& [id, at] : undeclared(state().groups)) let_go(id, at);
    for (const auto& [id, at] : undeclared(state().contacts)) let_go(id, at);
  }

  void release(const core::ObjectId& id, const Subject& subject) {
    const auto done = trial_.give(core::MarkManaged{id, {}}, {});
    if (!done) refuse(subject, done.error().message);
  }

  // With what uses it, it stays.
  void remove(What what, const core::ObjectId& id, const Subject& subject) {
    const auto done = trial_.give(std::move(what), subject.at);
    if (done) return;
    remark(subject, fmt::format("it is no more declared, and stays: {}", done.error().message));
    release(id, subject);
  }

  void let_go(VaultId id, const std::string& at) {
    const Subject subject{fmt::format("vault \"{}\"", state().vaults.at(id).name), at};
    if (!wanted_.options.does_prune) return release(id, subject);
    remove(core::DeleteVault{id}, id, subject);
  }

  // A host that is enrolled stays so, and its history with it: it only loses what was declared.
  void let_go(ClientId id, const std::string& at) {
    const auto row = state().clients.at(id);
    const Subject subject{fmt::format("client \"{}\"", row.name), at};
    if (wanted_.options.does_prune && row.timing != core::TimingOverrides{}) {
      give(core::EditClient{id, all_of(core::TimingOverrides{})}, subject);
    }
    if (wanted_.options.does_prune && row.policy != kOfVault) {
      give(core::SetPolicy{{{}, id}, kOfVault}, subject);
    }
    release(id, subject);
  }

  void let_go(JobId id, const std::string& at) {
    const auto row = state().jobs.at(id);
    const Subject subject{fmt::format("job \"{}\"", row.name), at};
    // What its agent declares of it counts again.
    const auto rest = row.agent_settings.value_or(JobSettings{});
    if (wanted_.options.does_prune && row.settings != rest) give(core::SetJob{id, rest}, subject);
    release(id, subject);
  }

  void let_go(GroupId id, const std::string& at) {
    const Subject subject{fmt::format("group \"{}\"", state().groups.at(id).name), at};
    if (!wanted_.options.does_prune) return release(id, subject);
    remove(core::DeleteGroup{id}, id, subject);
  }

  void let_go(ContactId id, const std::string& at) {
    const Subject subject{fmt::format("contact \"{}\"", state().contacts.at(id).name), at};
    if (!wanted_.options.does_prune) return release(id, subject);
    remove(core::DeleteContact{id}, id, subject);
  }

  const Wanted& wanted_;
  Trial trial_;
  Plan plan_;
  std::set<core::ObjectId> declared_;                 // and found, or made
  std::vector<std::pair<GroupId, Subject>> emptied_;  // whose last members are to go
};

}  // namespace

Plan plan(const core::State& state, Instant now, const Wanted& wanted) {
  return Planner(state, now, wanted).finish();
}

}  // namespace vaultbell::declared
