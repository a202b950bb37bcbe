#include "aggregator/declared/schema.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "aggregator/core/rows.hpp"

namespace vaultbell::declared {

namespace {

using Properties = std::vector<std::pair<std::string, std::string>>;

// As a duration is written: a whole number and a unit, or 0.
constexpr std::string_view kDuration =
    R"({"type": "string", "pattern": "^(0|[0-9]+(ms|s|m|h|d))$"})";
constexpr std::string_view kName = R"({"type": "string", "minLength": 1, "maxLength": 120})";
constexpr std::string_view kText = R"({"type": "string", "minLength": 1})";
constexpr std::string_view kTime = R"({"type": "string", "format": "date-time"})";
constexpr std::string_view kBoolean = R"({"type": "boolean"})";
constexpr std::string_view kNames =
    R"({"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 120}})";

template <HasText E>
std::string words() {
  std::string list;
  for (const auto& entry : kEnumText<E>) {
    list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", entry.text);
  }
  return fmt::format("{{\"enum\": [{}]}}", list);
}

// An object that has these properties and no other.
std::string table(const Properties& properties, std::string_view required) {
  std::string list;
  for (const auto& [name, schema] : properties) {
    list += fmt::format("{}\"{}\": {}", list.empty() ? "" : ", ", name, schema);
  }
  return fmt::format(
      "{{\"type\": \"object\", \"additionalProperties\": false, \"required\": [{}], "
      "\"properties\": {{{}}}}}",
      required, list);
}

Properties operator+(Properties some, const Properties& more) {
  some.insert(some.end(), more.begin(), more.end());
  return some;
}

Properties all(std::string_view schema, std::initializer_list<std::string_view> names) {
  Properties properties;
  for (const auto name : names) properties.emplace_back(name, schema);
  return properties;
}

std::string policy() {
  Properties holds;
  for (const auto& [kind, name] : kEnumText<core::AlertKind>) holds.emplace_back(name, kDuration);
  const Properties properties = {
      {"mode", words<core::PolicyMode>()},
      {"least_severity", words<core::Severity>()},
      {"min_severity", words<core::Severity>()},
      {"kinds", fmt::format("{{\"type\": \"array\", \"items\": {}}}", words<core::AlertKind>())},
      {"notify_after_by_kind", table(holds, "")},
      {"frequency", words<core::Frequency>()},
      {"quiet_hours", R"({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$"})"},
      {"quiet_zone", std::string(kText)},
  };
  return table(properties +
                   all(kNames, {"contacts", "groups", "escalation_contacts", "escalation_groups"}) +
                   all(kDuration, {"notify_after", "remind_every", "escalate_after"}) +
                   all(kBoolean, {"tells_recovery", "do_critical_pass"}),
               "\"mode\"");
}

Properties timing() {
  return all(kDuration, {"heartbeat_every", "disconnect_after", "offline_grace"});
}

Properties schedule() {
  return all(kText, {"cron", "zone"}) + all(kDuration, {"every", "grace"});
}

std::string job() {
  const Properties properties = {
      {"operation", words<Operation>()},
      {"schedule", table(schedule(), "")},
      {"tolerate_failures", R"({"type": "integer", "minimum": 0, "maximum": 100})"},
      {"warning_counts_as", R"({"enum": ["failed", "succeeded"]})"},
  };
  return table(properties + schedule() + all(kName, {"client", "name"}) +
                   all(kDuration, {"max_age", "max_duration", "verify_every"}) +
                   all(kBoolean, {"is_high_frequency", "has_bands"}),
               "\"client\", \"name\"");
}

std::string maintenance() {
  return table(all(kName, {"vault", "client", "job"}) + all(kTime, {"from", "until"}) +
                   all(kDuration, {"for", "length"}) + all(kText, {"cron", "zone", "why"}) +
                   Properties{{"kind", words<core::AlertKind>()}},
               "\"why\"");
}

std::string contact() {
  auto properties = all(kName, {"name"});
  for (const auto& [channel, name] : kEnumText<core::Channel>) properties.emplace_back(name, kText);
  return table(properties, "\"name\"");
}

}  // namespace

std::string json_schema() {
  const Properties with_outcome = {{"policy", policy()},
                                   {"warning_counts_as", R"({"enum": ["failed", "succeeded"]})"}};
  const Properties with_policy = {{"policy", policy()}};
  const Properties objects = {
      {"contact", contact()},
      {"group", table(all(kName, {"name"}) + all(kNames, {"members"}), "\"name\"")},
      {"vault", table(all(kName, {"name"}) + timing() + with_outcome, "\"name\"")},
      {"client",
       table(all(kName, {"name", "vault"}) + timing() + with_policy, "\"name\", \"vault\"")},
      {"job", job()},
      {"maintenance", maintenance()},
  };
  Properties lists;
  for (const auto& [name, schema] : objects) {
    lists.emplace_back(name, fmt::format("{{\"type\": \"array\", \"items\": {}}}", schema));
  }
  auto schema = table(lists, "");
  schema.insert(1, R"("$schema": "https://json-schema.org/draft/2020-12/schema", )"
                   R"("title": "Declared objects of Vaultbell", )");
  return schema;
}

}  // namespace vaultbell::declared
