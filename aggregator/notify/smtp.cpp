#include "aggregator/notify/smtp.hpp"

#include <string>
#include <sys/socket.h>
#include <utility>

#include "aggregator/notify/transfer.hpp"
#include "shared/base/check.hpp"
#include "shared/domain/mailbox.hpp"

namespace vaultbell::notify {

namespace {

struct MimeCleanup {
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};
using Mime = std::unique_ptr<curl_mime, MimeCleanup>;

void must(CURLcode code) {
  check(code == CURLE_OK, "libcurl takes what it is given");
}

void add_part(curl_mime* mime, const std::string& content, const char* type) {
  auto* part = curl_mime_addpart(mime);
  must(curl_mime_data(part, content.data(), content.size()));
  must(curl_mime_type(part, type));
  must(curl_mime_encoder(part, "quoted-printable"));
}

// The reader's program shows the last part that it can.
Mime parts_of(CURL* curl, const Mail& mail) {
  Mime mime(curl_mime_init(curl));
  add_part(mime.get(), mail.text, "text/plain; charset=utf-8");
  add_part(mime.get(), mail.html, "text/html; charset=utf-8");
  return mime;
}

CurlList headers_of(const Mail& mail) {
  CurlList headers;
  for (const auto& line : mail.headers) append(headers, line);
  append(headers, "Content-Type: multipart/alternative");
  return headers;
}

// Whoever has a password is not talked out of TLS: a server (or somebody between) that does not
// offer it must not see the password.
long tls_level(const MailSettings& settings) {
  switch (settings.tls) {
    case TlsMode::required:
      return CURLUSESSL_ALL;
    case TlsMode::opportunistic:
      return settings.user.empty() ? CURLUSESSL_TRY : CURLUSESSL_ALL;
    case TlsMode::off:
      return CURLUSESSL_NONE;
  }
  return CURLUSESSL_ALL;
}

int see_traffic(CURL* /*curl*/, curl_infotype type, char* text, size_t size, void* target) {
  auto& conversation = *static_cast<Conversation*>(target);
  if (type == CURLINFO_HEADER_OUT) conversation.sent({text, size});
  if (type == CURLINFO_HEADER_IN) conversation.received({text, size});
  return 0;
}

}  // namespace

// One transfer, and with it at most one connection.
class SmtpChannel::Connection {
 public:
  Connection(const MailSettings& settings, const std::function<bool()>& should_abort)
      : transfer_(should_abort) {
    transfer_.set(CURLOPT_URL, settings.url.c_str());
    transfer_.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    transfer_.limit_time(settings.timeout);
    const auto response = std::chrono::ceil<std::chrono::seconds>(settings.timeout);
    transfer_.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(response.count()));
    transfer_.set(CURLOPT_USE_SSL, tls_level(settings));
    transfer_.verify_tls(settings.ca_file);
    transfer_.set(CURLOPT_DEBUGFUNCTION, see_traffic);
    if (!settings.user.empty()) log_in(settings);
  }

  ~Connection() {
    // libcurl says QUIT and would wait for the answer as long as for any other, and nobody could
    // abort it. Where nothing can be read any more, it does not wait.
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(transfer_.get(), CURLINFO_ACTIVESOCKET, &socket);
    if (socket != CURL_SOCKET_BAD) shutdown(socket, SHUT_RD);
  }

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Returns libcurl's error, empty if there was none.
  std::string send(const Mail& mail, Conversation& conversation) {
    const auto headers = headers_of(mail);
    const auto mime = parts_of(transfer_.get(), mail);
    CurlList recipients;
    append(recipients, mail.to);
    transfer_.set(CURLOPT_MAIL_FROM, mail.from.c_str());
    transfer_.set(CURLOPT_MAIL_RCPT, recipients.get());
    transfer_.set(CURLOPT_HTTPHEADER, headers.get());
    transfer_.set(CURLOPT_MIMEPOST, mime.get());
    transfer_.set(CURLOPT_DEBUGDATA, &conversation);
    transfer_.set(CURLOPT_VERBOSE, 1L);
    auto error = transfer_.perform();
    // The conversation is over, and may be gone at the next word.
    transfer_.set(CURLOPT_VERBOSE, 0L);
    return error;
  }

 private:
  void log_in(const MailSettings& settings) {
    transfer_.set(CURLOPT_USERNAME, settings.user.c_str());
    transfer_.set(CURLOPT_PASSWORD, settings.password.c_str());
    // Inside TLS these two are as good as any; left to itself, libcurl would prefer NTLM or
    // Kerberos where the server offers them, and fail.
    transfer_.set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
  }

  Transfer transfer_;
};

SmtpChannel::SmtpChannel(MailSettings settings, std::function<bool()> should_abort)
    : settings_(std::move(settings)), should_abort_(std::move(should_abort)) {}

SmtpChannel::~SmtpChannel() = default;

Outcome SmtpChannel::send(const Mail& mail) {
  if (const auto ok = check_mail_address(mail.to); !ok) {
    return {core::AttemptResult::permanent_failure, ok.error().message};
  }
  if (!connection_) connection_ = std::make_unique<Connection>(settings_, should_abort_);
  Conversation conversation(settings_.password);
  const auto error = connection_->send(mail, conversation);
  auto outcome = conversation.outcome(error);
  if (outcome.result != core::AttemptResult::delivered) connection_.reset();
  return outcome;
}

}  // namespace vaultbell::notify
