// Words: rows as the short lines that tests and scenario files compare.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/memory_journal.hpp"

namespace vaultbell::support {

using Lines = std::vector<std::string>;

// What an alert is about: "backup_failed db on web1", "client_disconnected web1",
// "operation_failed verify of db on web1".
std::string in_words(const MemoryJournal& rows, const core::Alert& alert);

// The alerts that are not inactive, in the order in which they were raised, with the number of
// occurrences where there is more than one: "backup_failed db on web1 x2".
Lines active_alerts(const MemoryJournal& rows);

// What a message says: "critical: backup of db on web1 failed", "recovered: web1".
std::string mail_text(const MemoryJournal& rows, const core::Notification& notification);

// The name by which tests call whoever gets a message: "ops" for ops@example.org, "alice.sms" for
// alice's telephone.
std::string person(const core::Recipient& recipient);

}  // namespace vaultbell::support
