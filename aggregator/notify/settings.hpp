// MailSettings: the [smtp] section of the configuration file, and the checks its reader makes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "shared/base/enum_text.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/domain/mailbox.hpp"

namespace vaultbell::notify {

// What a connection by smtp:// does about TLS. smtps:// is TLS from its first byte.
enum class TlsMode : std::uint8_t {
  required = 1,       // STARTTLS, or no mail
  opportunistic = 2,  // STARTTLS where the server offers it; with a user it is required
  off = 3,
};

struct MailSettings {
  std::string url;   // "smtp://mail.example.org:587", "smtps://...:465"; empty: no mail
  std::string from;  // "Vaultbell <vaultbell@example.org>"
  TlsMode tls = TlsMode::required;
  std::string user;  // empty: no authentication
  std::string password;
  std::filesystem::path ca_file;                // the only one trusted; empty: the system's
  Duration timeout = std::chrono::seconds(60);  // of one attempt

  bool operator==(const MailSettings&) const = default;
};

// smtp://HOST[:PORT] or smtps://HOST[:PORT] and nothing else: no user, no path.
Status check_mail_url(std::string_view text);

// Every value, and what no single value can show: that a user has a password, that `tls` goes with
// the URL, that the certificates can be read. Reads `ca_file`.
Status check_mail_settings(const MailSettings& settings);

// Of any channel: empty, or a file that can be read.
Status check_ca_file(const std::filesystem::path& path);

}  // namespace vaultbell::notify

namespace vaultbell {

template <>
inline constexpr auto kEnumText<notify::TlsMode> = std::to_array<EnumText<notify::TlsMode>>({
    {notify::TlsMode::required, "required"},
    {notify::TlsMode::opportunistic, "opportunistic"},
    {notify::TlsMode::off, "off"},
});

}  // namespace vaultbell
