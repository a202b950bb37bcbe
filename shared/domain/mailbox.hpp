// Mail addresses: what may be a recipient or a sender. Stricter than RFC 5321 allows, so that an
// address can stand in an envelope and in a header without any quoting.
#pragma once

#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace vaultbell {

// Somebody's address and how they are called.
struct Mailbox {
  std::string name;  // may be empty; one line of UTF-8
  std::string address;

  bool operator==(const Mailbox&) const = default;
};

// One address, "ops@example.org": ASCII, a dot-atom before the "@" and a host name behind it,
// within the sizes of RFC 5321, section 4.5.3.1. The error says what is wrong with it.
Status check_mail_address(std::string_view text);

// "ops@example.org" or "Backup team <ops@example.org>". The name may stand in double quotes.
Result<Mailbox> parse_mailbox(std::string_view text);

// Behind the "@". The address must have passed check_mail_address.
std::string_view domain_of(std::string_view address);

}  // namespace vaultbell
