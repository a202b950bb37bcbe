// Header lines of a mail: encoded where they are not plain ASCII (RFC 2047) and folded (RFC 5322).
// Whatever the value is, what comes out is one header and nothing else.
#pragma once

#include <string>
#include <string_view>

#include "shared/domain/mailbox.hpp"

namespace vaultbell::notify {

// A value that people read, such as a subject: as it is where it is plain ASCII, otherwise as
// encoded words. Control characters never survive (see one_line).
std::string encoded_text(std::string_view value);

// `ops@example.org` or `"Backup team" <ops@example.org>`, the name encoded if it must be. The
// address must have passed check_mail_address.
std::string encoded_mailbox(const Mailbox& mailbox);

// `Name: value` without its line end, folded to 78 characters where there are spaces to fold at.
// `value` is encoded already: ASCII without control characters, or it is made so.
std::string header_line(std::string_view name, std::string_view value);

}  // namespace vaultbell::notify
