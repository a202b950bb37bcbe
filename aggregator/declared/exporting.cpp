#include "aggregator/declared/exporting.hpp"

#include <string_view>

#include <fmt/format.h>

#include "shared/base/duration.hpp"
#include "shared/domain/daily_hours.hpp"

namespace vaultbell::declared {

namespace {

// A TOML basic string.
std::string quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      quoted += fmt::format("\\u{:04x}", byte);
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string in_toml(const std::string& text) {
  return quoted(text);
}
std::string in_toml(Duration duration) {
  return quoted(to_text(duration));
}
std::string in_toml(Instant instant) {
  return quoted(to_iso(instant));
}
std::string in_toml(bool is_so) {
  return is_so ? "true" : "false";
}
std::string in_toml(std::uint32_t number) {
  return std::to_string(number);
}
template <HasText E>
std::string in_toml(E value) {
  return quoted(to_text(value));
}
std::string in_toml(const std::vector<std::string>& texts) {
  std::string list;
  for (const auto& text : texts) list += (list.empty() ? "" : ", ") + quoted(text);
  return "[" + list + "]";
}

// The keys of one table: one a line, or all in one.
class Keys {
 public:
  template <class T>
  void put(std::string_view key, const T& value) {
    put_raw(key, in_toml(value));
  }
  // What is not there, or is as usual, is left out.
  template <class T>
  void put(std::string_view key, const std::optional<T>& value) {
    if (value) put(key, *value);
  }
  template <class T>
  void put_unless(const T& usual, std::string_view key, const T& value) {
    if (value != usual) put(key, value);
  }
  void put_raw(std::string_view key, std::string_view value) {
    pairs_.push_back(fmt::format("{} = {}", key, value));
  }

  [[nodiscard]] std::string in_line() const {
    std::string text;
    for (const auto& pair : pairs_) text += (text.empty() ? "" : ", ") + pair;
    return "{ " + text + " }";
  }
  [[nodiscard]] std::string under(std::string_view title) const {
    auto text = fmt::format("\n[[{}]]\n", title);
    for (const auto& pair : pairs_) text += pair + "\n";
    return text;
  }

 private:
  std::vector<std::string> pairs_;
};

const std::vector<std::string> kNobody;

class Exporting {
 public:
  Exporting(const core::State& state, Which which) : state_(state), which_(which) {}

  std::string finish() {
    text_ =
        "# Declared objects. Put this file into conf.d; \"vaultbell config diff\" shows what it\n"
        "# would change.\n";
    for (const auto& [id, row] : state_.contacts) add(row);
    for (const auto& [id, row] : state_.groups) add(row);
    for (const auto& [id, row] : state_.vaults) add(row);
    for (const auto& [id, row] : state_.clients) add(row);
    for (const auto& [id, row] : state_.jobs) add(row);
    for (const auto& [id, row] : state_.maintenances) add(row);
    return std::move(text_);
  }

 private:
  template <class R>
  [[nodiscard]] bool is_wanted(const R& row) const {
    return which_ == Which::all || row.managed_by.empty();
  }

  template <class R>
  static std::vector<std::string> names_of(const core::Table<R>& table,
                                           const std::vector<typename R::Key>& ids) {
    std::vector<std::string> names;
    for (const auto id : ids) names.push_back(table.at(id).name);
    return names;
  }

  void put_people(Keys& keys, std::string_view prefix, const core::Audience& people) const {
    keys.put_unless(kNobody, fmt::format("{}contacts", prefix),
                    names_of(state_.contacts, people.contacts));
    keys.put_unless(kNobody, fmt::format("{}groups", prefix),
                    names_of(state_.groups, people.groups));
  }

  [[nodiscard]] Keys keys_of(const core::Policy& policy) const {
    Keys keys;
    keys.put("mode", policy.mode);
    put_people(keys, "", policy.audience);
    keys.put("least_severity", policy.least_severity);
    std::vector<std::string> kinds;
    for (const auto kind : policy.kinds) kinds.emplace_back(to_text(kind));
    keys.put_unless(kNobody, "kinds", kinds);
    keys.put("notify_after", policy.notify_after);
    Keys holds;
    for (const auto& [kind, hold] : policy.notify_after_by_kind) holds.put(to_text(kind), hold);
    if (!policy.notify_after_by_kind.empty()) {
      keys.put_raw("notify_after_by_kind", holds.in_line());
    }
    keys.put("frequency", policy.frequency);
    keys.put_unless(true, "tells_recovery", policy.tells_recovery);
    keys.put("remind_every", policy.remind_every);
    keys.put("escalate_after", policy.escalate_after);
    put_people(keys, "escalation_", policy.escalation);
    if (!policy.quiet) return keys;
    keys.put("quiet_hours", to_text(policy.quiet->hours));
    keys.put("quiet_zone", policy.quiet->zone);
    keys.put("do_critical_pass", policy.quiet->do_critical_pass);
    return keys;
  }

  static void put_timing(Keys& keys, const core::TimingOverrides& timing) {
    keys.put("heartbeat_every", timing.heartbeat_every);
    keys.put("disconnect_after", timing.disconnect_after);
    keys.put("offline_grace", timing.offline_grace);
  }

  void add(const core::Contact& contact) {
    if (!is_wanted(contact)) return;
    Keys keys;
    keys.put("name", contact.name);
    for (const auto& channel : contact.channels) {
      keys.put(to_text(channel.channel), channel.address);
    }
    text_ += keys.under("contact");
  }

  void add(const core::Group& group) {
    if (!is_wanted(group)) return;
    Keys keys;
    keys.put("name", group.name);
    keys.put("members", names_of(state_.contacts, group.members));
    text_ += keys.under("group");
  }

  void add(const core::Vault& vault) {
    if (!is_wanted(vault)) return;
    Keys keys;
    keys.put("name", vault.name);
    put_timing(keys, vault.timing);
    keys.put("warning_counts_as", vault.warning_counts_as);
    if (vault.policy != core::Policy{}) keys.put_raw("policy", keys_of(vault.policy).in_line());
    text_ += keys.under("vault");
  }

  void add(const core::Client& client) {
    if (!is_wanted(client) || client.state == core::ClientState::retired) return;
    Keys keys;
    keys.put("name", client.name);
    keys.put("vault", state_.vaults.at(client.vault).name);
    put_timing(keys, client.timing);
    if (client.policy != core::Policy{.mode = core::PolicyMode::same_as_vault}) {
      keys.put_raw("policy", keys_of(client.policy).in_line());
    }
    text_ += keys.under("client");
  }

  // The client's name; absent: it is retired.
  [[nodiscard]] std::optional<std::string> living(ClientId id) const {
    const auto client = state_.clients.find(id);
    const bool is_living =
        client != state_.clients.end() && client->second.state != core::ClientState::retired;
    return is_living ? std::optional(client->second.name) : std::nullopt;
  }

  void add(const core::Job& job) {
    const auto& settings = job.settings;
    const auto client = living(job.client);
    if (!is_wanted(job) || !client || settings == JobSettings{}) return;
    Keys keys;
    keys.put("client", *client);
    keys.put("name", job.name);
    keys.put("operation", settings.operation);
    if (const auto& schedule = settings.schedule) {
      keys.put("every", schedule->every);
      keys.put_unless(std::string(), "cron", schedule->cron);
      keys.put_unless(std::string(), "zone", schedule->zone);
      keys.put("grace", schedule->grace);
    }
    keys.put("max_age", settings.max_age);
    keys.put("max_duration", settings.max_duration);
    keys.put("verify_every", settings.verify_every);
    keys.put_unless(false, "is_high_frequency", settings.is_high_frequency);
    keys.put_unless(0U, "tolerate_failures", settings.tolerate_failures);
    keys.put("warning_counts_as", settings.warning_counts_as);
    keys.put_unless(true, "has_bands", settings.has_bands);
    text_ += keys.under("job");
  }

  void add(const core::Maintenance& window) {
    const auto& scope = window.scope;
    const auto client = living(scope.client);
    const auto job = state_.jobs.find(scope.job);
    const bool is_about_what_is_gone =
        (scope.client.is_set() && !client) || (scope.job.is_set() && job == state_.jobs.end());
    if (!is_wanted(window) || is_about_what_is_gone) return;
    Keys keys;
    if (scope.vault.is_set()) keys.put("vault", state_.vaults.at(scope.vault).name);
    keys.put("client", client);
    if (scope.job.is_set()) keys.put("job", job->second.name);
    keys.put("kind", scope.kind);
    keys.put("from", window.from);
    keys.put("until", window.until);
    if (const auto& recurrence = window.recurrence) {
      keys.put("cron", recurrence->cron);
      keys.put("zone", recurrence->zone);
      keys.put("length", recurrence->length);
    }
    keys.put("why", window.why);
    text_ += keys.under("maintenance");
  }

  const core::State& state_;
  Which which_;
  std::string text_;
};

}  // namespace

std::string to_toml(const core::State& state, Which which) {
  return Exporting(state, which).finish();
}

}  // namespace vaultbell::declared
