#include "aggregator/declared/tables.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "aggregator/core/contacts.hpp"
#include "aggregator/core/maintenance.hpp"
#include "shared/config/job_settings.hpp"
#include "shared/config/values.hpp"
#include "shared/domain/cron.hpp"
#include "shared/domain/daily_hours.hpp"
#include "shared/domain/name.hpp"
#include "shared/domain/zone.hpp"

namespace vaultbell::declared {

namespace {

using config::choice_in;
using config::duration_in;
using config::Section;
using config::text_in;

constexpr Duration kLongest = std::chrono::hours(24 * 366);  // the core knows the real limits

// ---- single values; absent: the key is not there, or (then it is complained of) wrong

std::optional<Instant> instant_in(Section& section, std::string_view key) {
  std::optional<Instant> value;
  text_in(section, key, [&](std::string_view text) -> Status {
    const auto parsed = parse_iso(text);
    if (!parsed) {
      return fail(fmt::format("\"{}\" is not a time (example: \"2026-03-01T02:20:00Z\")", text));
    }
    value = *parsed;
    return {};
  });
  return value;
}

std::vector<std::string> names_in(Section& section, std::string_view key) {
  std::vector<std::string> names;
  section.read(key, names, [&](std::string_view name) { return check_name("name", name); });
  return names;
}

std::string required_name(Section& section, std::string_view key, std::string_view what) {
  if (!section.has(key)) section.complain("", fmt::format("{} is missing", key));
  return text_in(section, key, [&](std::string_view name) { return check_name(what, name); })
      .value_or("");
}

// ---- policies

std::optional<core::Severity> least_severity_in(Section& section) {
  const auto least = choice_in<core::Severity>(section, "least_severity");
  const auto other = choice_in<core::Severity>(section, "min_severity");  // its name in the CLI
  if (least && other) section.complain("min_severity", "it and least_severity are the same");
  return least ? least : other;
}

std::vector<core::AlertKind> kinds_in(Section& section) {
  std::vector<std::string> words;
  std::vector<core::AlertKind> kinds;
  section.read("kinds", words, [&](std::string_view word) -> Status {
    const auto kind = parse_enum<core::AlertKind>("kind", word);
    if (!kind) return fail(kind.error());
    kinds.push_back(*kind);
    return {};
  });
  std::ranges::sort(kinds);
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return kinds;
}

std::vector<core::KindHold> holds_in(Section& section) {
  std::vector<core::KindHold> holds;
  auto table = section.table("notify_after_by_kind");
  if (!table) return holds;
  for (const auto& word : table->keys()) {
    const auto kind = parse_enum<core::AlertKind>("kind", word);
    if (!kind) table->complain(word, kind.error().message);
    const auto hold = duration_in(*table, word, core::kNotifyAfterMax);
    if (kind && hold) holds.push_back({*kind, *hold});
  }
  std::ranges::sort(holds, {}, &core::KindHold::kind);
  return holds;
}

std::optional<core::QuietHours> quiet_in(Section& section) {
  core::QuietHours quiet{.zone = "UTC"};
  const auto hours = text_in(section, "quiet_hours", [&](std::string_view text) -> Status {
    const auto parsed = parse_daily_hours(text);
    if (!parsed) return fail(parsed.error());
    quiet.hours = *parsed;
    return {};
  });
  section.read("quiet_zone", quiet.zone, check_zone);
  section.read("do_critical_pass", quiet.do_critical_pass);
  if (hours) return quiet;
  for (const auto key : {"quiet_zone", "do_critical_pass"}) {
    if (section.has(key)) section.complain(key, "it needs quiet_hours beside it");
  }
  return std::nullopt;
}

// What can be seen of a policy without the people: as if somebody was named where somebody is.
Status check_rest(const Policy& policy, core::PolicyLevel level, std::string_view what) {
  auto whole = policy.rest;
  if (!policy.audience.is_empty()) whole.audience.contacts = {{1}};
  if (!policy.escalation.is_empty()) whole.escalation.contacts = {{1}};
  return core::check_policy(whole, level, what);
}

void read_policy(Section& owner, core::PolicyLevel level, const std::string& what, Policy& policy) {
  auto table = owner.table("policy");
  if (!table) return;
  auto& section = *table;
  if (!section.has("mode")) section.complain("", "mode is missing");
  section.read_choice("mode", policy.rest.mode);
  policy.audience = {names_in(section, "contacts"), names_in(section, "groups")};
  policy.escalation = {names_in(section, "escalation_contacts"),
                       names_in(section, "escalation_groups")};
  auto& rest = policy.rest;
  rest.least_severity = least_severity_in(section);
  rest.kinds = kinds_in(section);
  rest.notify_after = duration_in(section, "notify_after", core::kNotifyAfterMax);
  rest.notify_after_by_kind = holds_in(section);
  rest.frequency = choice_in<core::Frequency>(section, "frequency");
  section.read("tells_recovery", rest.tells_recovery);
  rest.remind_every = duration_in(section, "remind_every", core::kRemindEveryMax);
  rest.escalate_after = duration_in(section, "escalate_after", core::kEscalateAfterMax);
  rest.quiet = quiet_in(section);
  if (!section.is_good()) return;
  if (auto ok = check_rest(policy, level, what); !ok) owner.complain("policy", ok.error().message);
}

// ---- objects

core::TimingOverrides timing_in(Section& section) {
  return {
      .heartbeat_every = duration_in(section, "heartbeat_every", core::kHeartbeatEveryMax),
      .disconnect_after = duration_in(section, "disconnect_after", core::kDisconnectAfterMax),
      .offline_grace = duration_in(section, "offline_grace", core::kOfflineGraceMax),
  };
}

std::string policy_of(std::string_view what, const std::string& name) {
  return fmt::format("the policy of {} \"{}\"", what, name);
}

Vault vault_in(Section& section, Origin at) {
  Vault vault{.at = std::move(at), .name = required_name(section, "name", "vault name")};
  vault.timing = timing_in(section);
  vault.warning_counts_as = config::read_counts_as(section);
  read_policy(section, core::PolicyLevel::vault, policy_of("vault", vault.name), vault.policy);
  return vault;
}

Client client_in(Section& section, Origin at) {
  Client client{.at = std::move(at), .name = required_name(section, "name", "client name")};
  client.vault = required_name(section, "vault", "vault name");
  client.timing = timing_in(section);
  read_policy(section, core::PolicyLevel::client, policy_of("client", client.name), client.policy);
  return client;
}

// Contacts and groups that nobody could be told by are refused by the core; addresses are checked
// here, as the input from outside that they are.
Contact contact_in(Section& section, Origin at) {
  Contact contact{.at = std::move(at), .name = required_name(section, "name", "contact name")};
  for (const auto& [channel, key] : kEnumText<core::Channel>) {
    const auto address = text_in(section, key, [channel = channel](std::string_view text) {
      return core::check_form(channel, text);
    });
    if (address) contact.addresses[channel] = *address;
  }
  if (contact.addresses.empty())
    section.complain("", "an email address, a mobile number or a webhook is missing");
  return contact;
}

Group group_in(Section& section, Origin at) {
  Group group{.at = std::move(at), .name = required_name(section, "name", "group name")};
  group.members = names_in(section, "members");
  if (group.members.size() > core::kGroupMembersMax) {
    section.complain("members", fmt::format("{} members, at most {} are possible",
                                            group.members.size(), core::kGroupMembersMax));
  }
  return group;
}

Job job_in(Section& section, Origin at) {
  Job job{.at = std::move(at), .client = required_name(section, "client", "client name")};
  job.name = required_name(section, "name", "job name");
  job.settings = config::read_job_settings(section);
  return job;
}

std::optional<core::Recurrence> recurrence_in(Section& section) {
  const auto cron = text_in(section, "cron", [](std::string_view text) -> Status {
    if (const auto parsed = parse_cron(text); !parsed) return fail(parsed.error());
    return {};
  });
  std::string zone = "UTC";
  section.read("zone", zone, check_zone);
  const auto length = duration_in(section, "length", kLongest);
  if (cron && length) return core::Recurrence{*cron, zone, *length};
  if (cron || length || section.has("zone")) {
    section.complain("", "windows that come again need cron and length");
  }
  return std::nullopt;
}

Maintenance maintenance_in(Section& section, Origin at) {
  Maintenance window{.at = std::move(at)};
  window.vault = text_in(section, "vault").value_or("");
  window.client = text_in(section, "client").value_or("");
  window.job = text_in(section, "job").value_or("");
  window.kind = choice_in<core::AlertKind>(section, "kind");
  window.from = instant_in(section, "from");
  window.until = instant_in(section, "until");
  const auto length = duration_in(section, "for", core::kMaintenanceMax);
  window.recurrence = recurrence_in(section);
  window.why = text_in(section, "why").value_or("");
  if (window.why.empty()) section.complain("", "why is missing: others will wonder about it");
  if (!window.vault.empty() && !window.client.empty()) {
    section.complain("vault", "it and client exclude each other");
  }
  if (!window.job.empty() && window.client.empty()) section.complain("job", "it needs client");
  if (length && window.until) section.complain("for", "it and until exclude each other");
  if (length && window.from) window.until = *window.from + *length;
  if (!section.is_good()) return window;
  // Of a file that is read again and again, "now" would be another moment each time.
  if (!window.recurrence && (!window.from || !window.until)) {
    section.complain("", "from, and until or for, are missing");
  }
  return window;
}

// Reads every table of one kind.
template <class Object, class Read>
void read_each(config::TomlFile& file, const std::string& path, std::string_view what,
               std::vector<Object>& objects, const Read& read) {
  for (auto& section : file.section("").tables(what)) {
    objects.push_back(read(section, Origin{path, section.place().line}));
  }
}

}  // namespace

void read_tables(config::TomlFile& file, const std::string& path, DeclaredNames& names,
                 Declaration& declaration) {
  const auto named = [&](const char* what, auto read) {
    return [&names, what, read](Section& section, Origin at) {
      auto object = read(section, std::move(at));
      auto name = object.name;
      if constexpr (std::is_same_v<decltype(object), Job>) name = object.client + '\n' + name;
      const auto [place, is_new] = names.emplace(std::pair(what, name), object.at);
      if (!is_new && !object.name.empty()) {
        section.complain("name", fmt::format("{} \"{}\" is already declared in {}", what,
                                             object.name, place_of(place->second)));
      }
      return object;
    };
  };
  read_each(file, path, "contact", declaration.contacts, named("contact", contact_in));
  read_each(file, path, "group", declaration.groups, named("group", group_in));
  read_each(file, path, "vault", declaration.vaults, named("vault", vault_in));
  read_each(file, path, "client", declaration.clients, named("client", client_in));
  read_each(file, path, "job", declaration.jobs, named("job", job_in));
  read_each(file, path, "maintenance", declaration.maintenances, maintenance_in);
}

}  // namespace vaultbell::declared
