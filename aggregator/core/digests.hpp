// Digests: several notifications to one address in one message, because the policy wants it so
// (R7.1, R7.2) or because there are too many (R7.11).
//
// The life of what is gathered: a notification for a digest is a row like every other, but waits
// until the digest is due. Then, if its alert still matters, it becomes part of the address's open
// digest, a notification of its own, and ends as `gathered`; otherwise it is cancelled.
#pragma once

#include <optional>

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// When what is owed at `at` is told with this frequency. Absent: at once, by itself.
std::optional<Instant> digest_at(const Settings& settings, Frequency frequency, Instant at);

// A slice of gathering what is due for the address. False: there is nothing to gather.
bool gather_due(Draft& draft, const AddressKey& key);

// The same for what waits by itself, where the channel's limits held it back. False: nothing was
// held back, or only one message.
bool gather_held_back(Draft& draft, const AddressKey& key);

// That an alert is over stands in the digest that is to say that it was raised, where that is still
// to go out: otherwise it could come before it, or to somebody who never hears of the alert
// (R4.12). The digest is one that nobody can have got.
void add_recovery(Draft& draft, const Notification& digest, AlertId alert);

// Notes on the address that nobody heard of what is in this digest, which was given up; or that it
// goes out after all.
void note_failed_digest(Draft& draft, const Notification& digest);
void forgive_failed_digest(Draft& draft, const Notification& digest);

// Whether somebody was told in a digest that was given up.
bool is_told_in_vain(const Draft& draft, const Told& told);

}  // namespace vaultbell::core
