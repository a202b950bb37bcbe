#include "aggregator/notify/settings.hpp"

#include <fmt/format.h>

#include "aggregator/notify/url.hpp"
#include "shared/base/files.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::notify {

namespace {

constexpr std::size_t kCertificatesBytesMax = 4U << 20U;  // Debian's whole bundle has 0.2 MiB

// What is wrong with the URL; empty if nothing is.
std::string_view fault_of(std::string_view text) {
  if (!text.starts_with("smtp://") && !text.starts_with("smtps://")) {
    return "it begins with neither \"smtp://\" nor \"smtps://\"";
  }
  const auto url = parse_url(std::string(text));
  if (!url) return "the host or the port is wrong";
  if (url->has_login) return "user and password have keys of their own";
  if (text.find_first_of("/?#", text.find("//") + 2) != std::string_view::npos) {
    return "nothing may follow the port";
  }
  return {};
}

}  // namespace

Status check_mail_url(std::string_view text) {
  const auto fault = has_control(text) ? "it has a control character" : fault_of(text);
  if (fault.empty()) return {};
  return fail(ErrorCode::invalid, fmt::format("\"{}\" is not the address of a mail server: {} "
                                              "(example: \"smtp://mail.example.org:587\")",
                                              one_line(text), fault));
}

Status check_mail_settings(const MailSettings& settings) {
  if (auto ok = check_mail_url(settings.url); !ok) return ok;
  if (auto from = parse_mailbox(settings.from); !from) return fail(from.error());
  if (settings.user.empty() != settings.password.empty()) {
    return fail(ErrorCode::invalid, "user and password need each other: one of them is missing");
  }
  if (settings.tls == TlsMode::off && settings.url.starts_with("smtps:")) {
    return fail(ErrorCode::invalid, "tls = \"off\" contradicts smtps://");
  }
  return check_ca_file(settings.ca_file);
}

Status check_ca_file(const std::filesystem::path& path) {
  if (path.empty()) return {};
  if (auto read = read_file(path, kCertificatesBytesMax); !read) {
    return fail_within("ca_file", read.error());
  }
  return {};
}

}  // namespace vaultbell::notify
