// Facts about one alert to write texts from: job "nightly" on db-1 in vault prod.
#pragma once

#include "aggregator/core/alerts.hpp"
#include "aggregator/wording/alert.hpp"
#include "shared/base/check.hpp"

namespace vaultbell::support {

inline Instant at(std::string_view iso) {
  const auto instant = parse_iso(iso);
  check(instant.has_value(), "a test's time is a time");
  return *instant;
}

// What an alert of this kind is about.
enum class About : std::uint8_t { job, client, vault, aggregator };
inline About about(core::AlertKind kind) {
  using core::AlertKind;
  if (kind == AlertKind::vault_outage) return About::vault;
  if (core::is_about_aggregator(kind)) return About::aggregator;
  const auto subject = core::subject_about(kind, {2}, {3}, Operation::backup);
  return subject.job.is_set() ? About::job : About::client;
}

// Raised on 1 March 2026 at 02:20. Where the kind is about an operation, it is `verify` or
// `delete_backup`; where it is about the aggregator, its clock, or mail to ops@example.org.
inline wording::AlertFacts facts_of(core::AlertKind kind) {
  const auto what = about(kind);
  const bool has_client = what == About::job || what == About::client;
  wording::AlertFacts facts;
  facts.alert = {.id = {17},
                 .kind = kind,
                 .severity = core::severity_of(kind),
                 .vault = {what == About::aggregator ? 0U : 1U},
                 .client = {has_client ? 2U : 0U},
                 .job = {what == About::job ? 3U : 0U},
                 .first_at = at("2026-03-01T02:20:00Z"),
                 .last_at = at("2026-03-01T02:20:00Z")};
  if (kind == core::AlertKind::operation_failed) facts.alert.operation = Operation::verify;
  if (kind == core::AlertKind::backup_data_deleted) {
    facts.alert.operation = Operation::delete_backup;
  }
  if (kind == core::AlertKind::self) facts.alert.topic = "clock";
  if (kind == core::AlertKind::delivery_failing) facts.alert.topic = "email ops@example.org";
  if (what != About::aggregator) facts.vault = "prod";
  if (has_client) facts.client = "db-1";
  if (what == About::job) facts.job = "nightly";
  return facts;
}

}  // namespace vaultbell::support
