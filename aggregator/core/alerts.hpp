// Alerts: raising, consolidating, recovering and inactivating them (section 4 of docs/domain.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

Severity severity_of(AlertKind kind);

// Whether the kind is about the aggregator itself, rather than about a client or its job.
bool is_about_aggregator(AlertKind kind);

// The hold (R4.5) of an alert of this kind: 0 for the kinds that are always told at once, whatever
// the policies of its vault and client say.
Duration hold_of(const Settings& settings, const Policy& vault, const Policy& client,
                 AlertKind kind);

// Whether nothing may hold back the message about it: neither hold nor digest.
bool is_told_at_once(AlertKind kind);

// What a run's end means for alerts, before the state is looked at. A pure table: R4.1 and the
// "raised when" and "recovers when" columns of section 4.
struct RunMeaning {
  std::optional<AlertKind> raises;
  std::vector<AlertKind> recovers;
  RunVerdict verdict = RunVerdict::ended_well;  // if nothing is raised or recovered

  bool operator==(const RunMeaning&) const = default;
};
RunMeaning meaning_of(const RunReport& report);

// The subject of an alert of this kind about this run's job.
Subject subject_about(AlertKind kind, ClientId client, JobId job, Operation operation);

// Of the alert that a host has taken itself out of service (R2.7): it is about a client that is
// retired, and the only one of these that does not end with that.
Subject unenrolment_of(ClientId client);

struct Occurrence {
  Subject subject;
  RunId run;  // not set where no run caused it
  std::string message;
  VaultId vault;                     // where the subject is about no client; not set: none
  std::optional<Severity> severity;  // absent: as the kind's
};

// Raises an alert, or adds an occurrence to the active one. Returns its id and whether it is new.
struct Raised {
  AlertId alert;
  bool is_new = false;
};
Raised raise(Draft& draft, const Occurrence& occurrence);

// Inactivates the active alert of this subject, if there is one; those who were told of it will be
// told (R4.12). Returns its id, not set if there was none.
AlertId recover(Draft& draft, const Subject& subject, const Inactivation& how);

// Inactivates one alert by hand (R4.4): nobody is told. The alert must be active.
void inactivate(Draft& draft, Alert alert, const std::string& who, const std::string& why);

// Makes an inactive alert active again (R4.4). Who was told is not told again; what was told to
// nobody begins a new hold. There must be no active one of its subject.
void reactivate(Draft& draft, Alert alert);

// Whether whoever gets it keeps alerts of its own, and must hear of every end, however it came.
bool keeps_alerts(const Recipient& recipient);

// By which message somebody at this place was told of it, or is about to be; null: nobody was.
Told* told_at(Alert& alert, const AddressKey& place);

}  // namespace vaultbell::core
