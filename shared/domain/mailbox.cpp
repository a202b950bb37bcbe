#include "shared/domain/mailbox.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "shared/base/text.hpp"

namespace vaultbell {

namespace {

// RFC 5321, section 4.5.3.1; 254 is what fits a path of 256 with its angle brackets.
constexpr std::size_t kAddressBytesMax = 254;
constexpr std::size_t kLocalPartBytesMax = 64;
constexpr std::size_t kLabelBytesMax = 63;         // RFC 1035, section 2.3.4
constexpr std::size_t kDisplayNameBytesMax = 120;  // one header line and a half

bool is_letter_or_digit(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80;
}

// RFC 5322, section 3.2.3.
bool is_atom_character(char c) {
  constexpr std::string_view kSigns = "!#$%&'*+-/=?^_`{|}~";
  return is_letter_or_digit(c) || kSigns.find(c) != std::string_view::npos;
}

// Whether every part between dots is there and passes `is_right`.
template <class IsRight>
bool is_dotted(std::string_view text, IsRight is_right) {
  for (;;) {
    const auto dot = text.find('.');
    if (!is_right(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_local_part(std::string_view text) {
  return is_dotted(text, [](std::string_view atom) {
    return !atom.empty() && std::ranges::all_of(atom, is_atom_character);
  });
}

bool is_host_name(std::string_view text) {
  return is_dotted(text, [](std::string_view label) {
    if (label.empty() || label.size() > kLabelBytesMax) return false;
    if (label.front() == '-' || label.back() == '-') return false;
    return std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; });
  });
}

// What is wrong with an address; empty if nothing is.
std::string mailbox_fault(std::string_view text) {
  if (text.size() > kAddressBytesMax) return fmt::format("longer than {} bytes", kAddressBytesMax);
  const bool is_ascii =
      std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!is_ascii) return "it may have only ASCII characters";
  const auto at = text.rfind('@');
  if (at == std::string_view::npos) return "there is no \"@\"";
  const auto local = text.substr(0, at);
  if (local.size() > kLocalPartBytesMax) {
    return fmt::format("more than {} bytes before the \"@\"", kLocalPartBytesMax);
  }
  if (!is_local_part(local)) return "the part before the \"@\" is wrong";
  if (!is_host_name(text.substr(at + 1))) return "the part behind the \"@\" is not a host name";
  return {};
}

}  // namespace

Status check_mail_address(std::string_view text) {
  const auto fault = mailbox_fault(text);
  if (fault.empty()) return {};
  const auto shown = one_line(first_part(text, kAddressBytesMax));
  return fail(
      ErrorCode::invalid,
      fmt::format("\"{}\" is not a mail address: {} (example: \"ops@example.org\")", shown, fault));
}

Result<Mailbox> parse_mailbox(std::string_view text) {
  const auto open = text.find('<');
  Mailbox mailbox;
  if (open == std::string_view::npos) {
    mailbox.address = text;
  } else {
    if (text.back() != '>') {
      return fail(ErrorCode::invalid,
                  fmt::format("\"{}\" is not a sender: it does not end with \">\" (example: "
                              "\"Backups <backups@example.org>\")",
                              one_line(text)));
    }
    mailbox.address = text.substr(open + 1, text.size() - open - 2);
    auto name = trimmed(text.substr(0, open));
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') {
      name = name.substr(1, name.size() - 2);
    }
    mailbox.name = name;
  }
  if (auto ok = check_mail_address(mailbox.address); !ok) return fail(ok.error());
  const bool is_plain = !has_control(mailbox.name) &&
                        mailbox.name.find_first_of("\"\\<>") == std::string::npos &&
                        mailbox.name.size() <= kDisplayNameBytesMax;
  if (!is_plain) {
    return fail(ErrorCode::invalid,
                fmt::format("the name before <{}> must be one line of at most {} bytes without "
                            "quotes, backslashes and angle brackets",
                            mailbox.address, kDisplayNameBytesMax));
  }
  return mailbox;
}

std::string_view domain_of(std::string_view address) {
  return address.substr(address.rfind('@') + 1);
}

}  // namespace vaultbell
