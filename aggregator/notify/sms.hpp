// Sms: a message to a phone as it will be sent, made from facts alone.
#pragma once

#include <string>
#include <string_view>

#include "aggregator/notify/delivery.hpp"
#include "aggregator/notify/templates.hpp"

namespace vaultbell::notify {

struct Sms {
  std::string to;    // has passed check_mobile_number
  std::string text;  // one line of UTF-8
  std::string id;    // a repeat carries the same, so that the gateway can tell (R7.3)
};

// Three segments of the 7-bit alphabet (GSM 03.38), 7 letters of each go for joining them: what
// every phone shows as one message, and nobody pays more for.
inline constexpr std::size_t kSmsTextMax = 459;

// The same arguments give the same message. `templates` have passed check_templates. A template
// that leaves nothing to say in this case gives the built-in text.
Sms compose_sms(const Delivery& delivery, const Templates& templates);

// At most kSmsTextMax characters: the rest is cut off behind a character, and "…" says so.
std::string cut_for_sms(std::string_view utf8);

}  // namespace vaultbell::notify
