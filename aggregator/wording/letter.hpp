// Letters: messages that are not about one alert: a code, a greeting, a test, a digest. Pure text
// from facts; whoever sends them encodes and escapes.
#pragma once

#include <string>
#include <vector>

#include "aggregator/core/rows.hpp"
#include "aggregator/wording/alert.hpp"

namespace vaultbell::wording {

struct Letter {
  std::string subject;
  std::vector<std::string> paragraphs;
  std::vector<std::string> items;  // a list below them
  std::string closing;             // below the list; may be empty
  std::string in_short;            // the whole thing for a telephone
};

// The code that proves an address (R5.2).
Letter code_letter(const std::string& account, const std::string& code, Instant expires_at);

// What a new recipient will hear of, and from which address (R5.6).
struct Welcome {
  std::string account;
  std::string name;  // of the contact; of an owner the address
  bool is_owner = false;
  std::vector<std::string> vaults;   // whose alerts it will hear of
  std::vector<std::string> clients;  // the same, by a policy of their own
  std::string from;                  // the address that messages come from
};
Letter welcome_letter(const Welcome& welcome);

// That messages arrive.
Letter test_letter(const std::string& account, const std::string& name);

// Several alerts in one message (R7.1, R7.11), those that fail first.
struct DigestEntry {
  AlertFacts facts;
  core::NotificationEvent event = core::NotificationEvent::raised;
};
struct Digest {
  std::string account;
  std::vector<DigestEntry> entries;
  std::size_t more = 0;  // that are not among the entries
};
Letter digest_letter(const Digest& digest);

}  // namespace vaultbell::wording
