// Facts about one alert to write texts from: job "nightly" on db-1 in vault prod.
#pragma once

#include "aggregator/wording/alert.hpp"
#include "shared/base/check.hpp"

namespace vaultbell::support {

inline Instant at(std::string_view iso) {
  const auto instant = parse_iso(iso);
  check(instant.has_value(), "a test's time is a time");
  return *instant;
}

inline core::Severity severity_in_tests(core::AlertKind kind) {
  const bool is_warning = kind == core::AlertKind::operation_failed ||
                          kind == core::AlertKind::backup_warning ||
                          kind == core::AlertKind::protection_stopped;
  return is_warning ? core::Severity::warning : core::Severity::critical;
}

// Raised on 1 March 2026 at 02:20. Where the kind is about an operation, it is `verify` or
// `delete_backup`.
inline wording::AlertFacts facts_of(core::AlertKind kind) {
  const bool is_about_client =
      kind == core::AlertKind::client_disconnected || kind == core::AlertKind::spool_full;
  wording::AlertFacts facts;
  facts.alert = {.id = {17},
                 .kind = kind,
                 .severity = severity_in_tests(kind),
                 .vault = {1},
                 .client = {2},
                 .job = {is_about_client ? 0U : 3U},
                 .first_at = at("2026-03-01T02:20:00Z"),
                 .last_at = at("2026-03-01T02:20:00Z")};
  if (kind == core::AlertKind::operation_failed) facts.alert.operation = Operation::verify;
  if (kind == core::AlertKind::backup_data_deleted) {
    facts.alert.operation = Operation::delete_backup;
  }
  facts.vault = "prod";
  facts.client = "db-1";
  facts.job = is_about_client ? "" : "nightly";
  return facts;
}

}  // namespace vaultbell::support
