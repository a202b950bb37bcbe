#include "aggregator/configuration.hpp"

#include <fmt/format.h>

#include "aggregator/api/tls.hpp"
#include "aggregator/core/deadlines.hpp"
#include "aggregator/settings_keys.hpp"
#include "shared/base/text.hpp"
#include "shared/config/secret.hpp"
#include "shared/domain/mailbox.hpp"

namespace vaultbell::aggregator {

namespace {

using config::TomlFile;

using Hours = std::chrono::hours;
using Minutes = std::chrono::minutes;
using Seconds = std::chrono::seconds;
using Milliseconds = std::chrono::milliseconds;

constexpr Duration kDay = Hours(24);

// "tcp://HOST:PORT". For listening HOST may be "*" and PORT "*"; an empty text is checked by the
// caller.
Status check_endpoint(std::string_view text) {
  const auto wrong = [&] {
    return fail(ErrorCode::invalid,
                fmt::format("\"{}\" is not an endpoint (example: \"tcp://*:8481\")", text));
  };
  constexpr std::string_view kScheme = "tcp://";
  if (!text.starts_with(kScheme)) return wrong();
  const auto colon = text.rfind(':');
  if (colon <= kScheme.size() || colon + 1 >= text.size()) return wrong();
  const auto port = text.substr(colon + 1);
  if (port == "*") return {};
  if (port.size() > 5 || port.find_first_not_of("0123456789") != std::string_view::npos) {
    return wrong();
  }
  if (std::stoi(std::string(port)) > 65'535) return wrong();
  return {};
}

Status check_endpoint_or_nothing(std::string_view text) {
  return text.empty() ? Status() : check_endpoint(text);
}

// What other hosts are told to connect to.
Status check_public_endpoint(std::string_view text) {
  if (text.empty()) return {};
  if (auto ok = check_endpoint(text); !ok) return ok;
  for (const auto nobody : {"tcp://*:", "tcp://0.0.0.0:", "tcp://[::]:"}) {
    if (text.starts_with(nobody)) {
      return fail(ErrorCode::invalid,
                  fmt::format("\"{}\" is no address that hosts can connect to", text));
    }
  }
  if (text.ends_with(":*")) {
    return fail(ErrorCode::invalid, fmt::format("\"{}\" names no port", text));
  }
  return {};
}

void read_agents(TomlFile& file, Configuration& configuration) {
  auto section = file.section("agents");
  auto& timing = configuration.settings.timing;
  section.read("listen", configuration.agents_listen, check_endpoint);
  section.read("public_endpoint", configuration.agents_public_endpoint, check_public_endpoint);
  section.read("heartbeat_every", timing.heartbeat_every, core::kHeartbeatEveryMin,
               core::kHeartbeatEveryMax);
  section.read("disconnect_after", timing.disconnect_after, 2 * core::kHeartbeatEveryMin,
               core::kDisconnectAfterMax);
  section.read("offline_grace", timing.offline_grace, Seconds(0), core::kOfflineGraceMax);
  if (!section.is_good()) return;  // what does not fit may be what could not be read
  if (auto ok = core::check_timing(timing); !ok) {
    section.complain("disconnect_after", ok.error().message);
  }
}

// What stands in a secret's file; nothing where none is named.
std::string read_secret_of(config::Section& section, std::string_view key, const std::string& name,
                           const std::filesystem::path& path) {
  if (name.empty()) return {};
  auto secret = config::read_secret(name, path);
  if (!secret) section.complain(key, secret.error().message);
  return secret.value_or("");
}

void read_mail(TomlFile& file, const std::filesystem::path& path, notify::MailSettings& mail) {
  auto section = file.section("smtp");
  section.read("url", mail.url, notify::check_mail_url);
  section.read("from", mail.from, [](std::string_view text) -> Status {
    if (const auto mailbox = parse_mailbox(text); !mailbox) return fail(mailbox.error());
    return {};
  });
  section.read_choice("tls", mail.tls);
  section.read("user", mail.user);
  std::string password_file;
  section.read("password_file", password_file);
  mail.password = read_secret_of(section, "password_file", password_file, path);
  section.read("ca_file", mail.ca_file);
  section.read("timeout", mail.timeout, Seconds(1), Minutes(10));
  if (!section.is_good()) return;
  if (!mail.url.empty() && mail.from.empty()) {
    return section.complain(
        "from", "is needed beside url (example: \"Vaultbell <vaultbell@example.org>\")");
  }
  if (mail.user.empty() != mail.password.empty()) {
    return section.complain(
        mail.user.empty() ? "user" : "password_file",
        mail.user.empty() ? "is needed beside password_file" : "is needed beside user");
  }
  if (mail.url.empty()) return;  // no mail is sent; `vaultbell check` says so
  if (auto ok = notify::check_mail_settings(mail); !ok) section.complain("", ok.error().message);
}

void read_sms(TomlFile& file, const std::filesystem::path& path, notify::SmsSettings& sms) {
  auto section = file.section("sms");
  section.read("url", sms.url, notify::check_sms_url);
  section.read_choice("method", sms.method);
  section.read("headers", sms.headers, notify::check_sms_header);
  section.read("body", sms.body, notify::check_sms_body);
  section.read_choice("encode", sms.encode);
  std::vector<std::string> expected = {"200-299"};
  section.read("expect_status", expected, [](std::string_view text) -> Status {
    if (const auto range = notify::parse_status_range(text); !range) return fail(range.error());
    return {};
  });
  sms.expect_status.clear();
  for (const auto& range : expected) {
    sms.expect_status.push_back(*notify::parse_status_range(range));
  }
  std::string secret_file;
  section.read("secret_file", secret_file);
  sms.secret = read_secret_of(section, "secret_file", secret_file, path);
  if (!sms.secret.empty() && has_control(sms.secret)) {
    section.complain("secret_file",
                     "the secret must be one line of UTF-8 without control characters");
  }
  section.read("user", sms.user);
  std::string password_file;
  section.read("password_file", password_file);
  sms.password = read_secret_of(section, "password_file", password_file, path);
  section.read("ca_file", sms.ca_file);
  section.read("allow_plain_http", sms.allow_plain_http);
  section.read("timeout", sms.timeout, Seconds(1), Minutes(5));
  if (!section.is_good() || sms == notify::SmsSettings{}) return;
  if (sms.url.empty()) {
    return section.complain("url",
                            "is needed beside the other keys (example: "
                            "\"https://sms.example.org/send\")");
  }
  if (auto ok = notify::check_sms_settings(sms); !ok) section.complain("", ok.error().message);
}

void read_webhook(TomlFile& file, notify::WebhookSettings& webhook) {
  auto section = file.section("webhook");
  std::vector<std::string> allow;
  section.read("allow", allow, [&](std::string_view text) -> Status {
    const auto range = notify::parse_ip_range(text);
    if (!range) return fail(range.error());
    webhook.allow.push_back(*range);
    return {};
  });
  section.read("ca_file", webhook.ca_file);
  section.read("timeout", webhook.timeout, Seconds(1), Minutes(5));
  if (auto ok = notify::check_ca_file(webhook.ca_file); !ok) {
    section.complain("ca_file", ok.error().message);
  }
}

// The mistakes in the templates themselves stand behind those of the file.
void read_templates(TomlFile& file, const std::filesystem::path& path, Loaded& loaded) {
  auto section = file.section("templates");
  std::string folder;
  section.read("folder", folder);
  if (folder.empty()) return;
  auto templates = notify::load_templates(path.parent_path() / folder);
  if (!templates) return section.complain("folder", templates.error().message);
  loaded.configuration.delivery.templates = std::move(templates->templates);
  loaded.mistakes = std::move(templates->mistakes);
}

void read_delivery(TomlFile& file, Configuration& configuration) {
  auto section = file.section("delivery");
  auto& retry = configuration.settings.retry;
  section.read("retry_first", retry.first, Milliseconds(100), Hours(1));
  section.read("retry_longest", retry.longest, Milliseconds(100), kDay);
  section.read("give_up_after", retry.give_up_after, Seconds(1), 30 * kDay);
  auto workers = static_cast<std::int64_t>(configuration.delivery.workers);
  section.read("workers", workers, 1, static_cast<std::int64_t>(core::kSendingMax));
  configuration.delivery.workers = static_cast<std::size_t>(workers);
}

void read_watchdog(TomlFile& file, watchdog::PingSettings& pings) {
  auto section = file.section("watchdog");
  section.read("urls", pings.urls, watchdog::check_ping_url);
  section.read("every", pings.every, Seconds(1), Hours(1));
  section.read("timeout", pings.timeout, Seconds(1), Minutes(1));
  if (pings.urls.size() <= watchdog::kUrlsMax) return;
  section.complain("urls", fmt::format("{} urls, at most {} are allowed", pings.urls.size(),
                                       watchdog::kUrlsMax));
}

// "https://vaultbell.example.org": without a path, since pages and cookies are those of a host.
Status check_web_url(std::string_view text) {
  if (text.empty()) return {};
  const auto scheme = text.find("://");
  const bool is_web = text.starts_with("https://") || text.starts_with("http://");
  const auto host = is_web ? text.substr(scheme + 3) : std::string_view();
  if (!host.empty() && host.find_first_of("/?#@ ") == std::string_view::npos) return {};
  return fail(ErrorCode::invalid,
              fmt::format("\"{}\" is not the address of a host as a browser shows it, without a "
                          "path (example: \"https://vaultbell.example.org\")",
                          text));
}

// A secret crosses no network in the clear.
void check_web(config::Section& section, const WebSettings& web) {
  if (web.certificate.empty() != web.key.empty()) {
    return section.complain(
        web.certificate.empty() ? "certificate" : "key",
        web.certificate.empty() ? "is needed beside key" : "is needed beside certificate");
  }
  if (web.certificate.empty() && web.listen && !is_loopback(*web.listen)) {
    return section.complain(
        "listen", fmt::format("\"{}\" is not an address of this host alone (127.0.0.1 or [::1]): "
                              "others need certificate and key, or a proxy on this host that has "
                              "them",
                              to_text(*web.listen)));
  }
  if (web.certificate.empty()) return;
  if (const auto tls = api::Tls::load(web.certificate, web.key); !tls) {
    section.complain("certificate", tls.error().message);
  }
}

void read_web(TomlFile& file, const std::filesystem::path& path, WebSettings& web) {
  auto section = file.section("web");
  auto listen = to_text(*web.listen);
  section.read("listen", listen, [&](std::string_view given) -> Status {
    if (given.empty()) {
      web.listen.reset();
      return {};
    }
    auto address = parse_tcp_address(given);
    if (!address) return fail(address.error());
    web.listen = std::move(*address);
    return {};
  });
  std::string certificate;
  std::string key;
  section.read("certificate", certificate);
  section.read("key", key);
  if (!certificate.empty()) web.certificate = config::place_of(certificate, path);
  if (!key.empty()) web.key = config::place_of(key, path);
  section.read("url", web.url, check_web_url);
  if (section.is_good()) check_web(section, web);
}

Loaded read_all(TomlFile file, const std::filesystem::path& path) {
  Loaded loaded;
  auto& configuration = loaded.configuration;
  auto top = file.section("");
  top.read("state_dir", configuration.state_dir);
  std::filesystem::path conf_dir = "conf.d";
  top.read("conf_dir", conf_dir);
  configuration.conf_dir = path.parent_path() / conf_dir;
  auto control = file.section("control");
  control.read("socket", configuration.control_socket);
  read_web(file, path, configuration.web);
  configuration.delivery.webhook.public_url = configuration.web.url;
  read_account(file, configuration.settings);
  read_alerting(file, configuration.settings);
  read_agents(file, configuration);
  auto enrolment = file.section("enrolment");
  enrolment.read("listen", configuration.enrolment_listen, check_endpoint_or_nothing);
  enrolment.read("public_endpoint", configuration.enrolment_public_endpoint, check_public_endpoint);
  enrolment.read("approve", configuration.settings.does_approve);
  read_mail(file, path, configuration.delivery.mail);
  read_sms(file, path, configuration.delivery.sms);
  read_webhook(file, configuration.delivery.webhook);
  read_templates(file, path, loaded);
  configuration.settings.email.is_configured = !configuration.delivery.mail.url.empty();
  configuration.settings.mobile.is_configured = !configuration.delivery.sms.url.empty();
  read_delivery(file, configuration);
  read_watchdog(file, configuration.pings);
  auto log = file.section("log");
  log.read_choice("level", configuration.log_level);
  auto mistakes = file.mistakes();
  loaded.mistakes.insert(loaded.mistakes.begin(), mistakes.begin(), mistakes.end());
  return loaded;
}

}  // namespace

Loaded load_configuration(const std::filesystem::path& path) {
  return read_all(TomlFile::open(path), path);
}

Loaded parse_configuration(const std::filesystem::path& path, std::string_view text) {
  return read_all(TomlFile::parse(path, text), path);
}

}  // namespace vaultbell::aggregator
