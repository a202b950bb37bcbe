// What an alert is called: in a mail, in a list, on a phone and in a scenario file. Pure text from
// facts, so that every place says the same. Names are taken as they are: encoding and escaping
// belong to whoever shows them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "aggregator/core/rows.hpp"

namespace vaultbell::wording {

// Everything a text about one alert needs to know.
struct AlertFacts {
  core::Alert alert;
  std::string vault;
  std::string client;
  std::string job;               // empty where the alert is about the client
  std::optional<core::Run> run;  // of the last occurrence
  std::optional<Instant> last_good_at;
};

// One line that says what happened: `backup of "nightly" on db-1 failed`, `db-1 is disconnected`.
std::string headline(const AlertFacts& facts);

// Severity, where, what: `[CRITICAL] db-1: backup "nightly" failed (vault prod)`. The recovery has
// the same words behind `[RESOLVED]`, so that both stand together in a mailbox.
std::string mail_subject(const AlertFacts& facts, core::NotificationEvent event);

inline constexpr std::size_t kSmsLettersMax = 160;  // one message of the 7-bit alphabet (GSM 03.38)

// The same for a phone: `CRITICAL db-1: backup "nightly" failed (vault prod)`, `RESOLVED db-1:
// ...`. The vault is left out where it would be longer than kSmsLettersMax characters; longer names
// than that stay whole.
std::string sms_text(const AlertFacts& facts, core::NotificationEvent event);

// As scenario files write it: `critical: backup of nightly on db-1 failed`, later `recovered:
// backup of nightly on db-1`.
std::string scenario_line(const AlertFacts& facts, core::NotificationEvent event);

// What to look at first: two or three sentences.
std::span<const std::string_view> next_steps(core::AlertKind kind);

}  // namespace vaultbell::wording
