#include "aggregator/notify/smtp.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <string>
#include <sys/socket.h>
#include <utility>

#include <curl/curl.h>

#include "aggregator/notify/mailbox.hpp"
#include "shared/base/check.hpp"

namespace vaultbell::notify {

namespace {

constexpr Duration kConnectTimeout = std::chrono::seconds(20);  // a server that is there is quicker

struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListCleanup>;

struct MimeCleanup {
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};
using Mime = std::unique_ptr<curl_mime, MimeCleanup>;

void append(List& list, const std::string& line) {
  auto* longer = curl_slist_append(list.get(), line.c_str());
  check(longer != nullptr, "there is memory for a mail");
  static_cast<void>(list.release());  // it is the beginning of `longer`, or was empty
  list.reset(longer);
}

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

List headers_of(const Mail& mail) {
  List headers;
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

int see_progress(void* should_abort, curl_off_t /*unused*/, curl_off_t /*unused*/,
                 curl_off_t /*unused*/, curl_off_t /*unused*/) {
  return (*static_cast<const std::function<bool()>*>(should_abort))() ? 1 : 0;
}

}  // namespace

// One easy handle, and with it at most one connection.
class SmtpChannel::Connection {
 public:
  Connection(const MailSettings& settings, const std::function<bool()>& should_abort)
      : curl_(curl_easy_init()) {
    check(curl_ != nullptr, "libcurl can be used");
    set(CURLOPT_URL, settings.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_PROXY, "");  // whatever the environment says
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // whoever aborts does not wait for a look-up of the server's name
    set(CURLOPT_ERRORBUFFER, error_.data());
    limit_time(settings.timeout);
    secure(settings);
    set(CURLOPT_DEBUGFUNCTION, see_traffic);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, see_progress);
    set(CURLOPT_XFERINFODATA, &should_abort);
  }

  ~Connection() {
    // libcurl says QUIT and would wait for the answer as long as for any other, and nobody could
    // abort it. Where nothing can be read any more, it does not wait.
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(curl_, CURLINFO_ACTIVESOCKET, &socket);
    if (socket != CURL_SOCKET_BAD) shutdown(socket, SHUT_RD);
    curl_easy_cleanup(curl_);
  }

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Returns libcurl's error, empty if there was none.
  std::string send(const Mail& mail, Conversation& conversation) {
    const auto headers = headers_of(mail);
    const auto mime = parts_of(curl_, mail);
    List recipients;
    append(recipients, mail.to);
    set(CURLOPT_MAIL_FROM, mail.from.c_str());
    set(CURLOPT_MAIL_RCPT, recipients.get());
    set(CURLOPT_HTTPHEADER, headers.get());
    set(CURLOPT_MIMEPOST, mime.get());
    set(CURLOPT_DEBUGDATA, &conversation);
    error_.front() = '\0';
    set(CURLOPT_VERBOSE, 1L);
    const auto code = curl_easy_perform(curl_);
    set(CURLOPT_VERBOSE, 0L);  // the conversation is over, and may be gone at the next word
    if (code == CURLE_OK) return {};
    if (code == CURLE_ABORTED_BY_CALLBACK) return "aborted: the delivery workers are stopping";
    return error_.front() == '\0' ? curl_easy_strerror(code) : error_.data();
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    must(curl_easy_setopt(curl_, option, value));
  }

  void limit_time(Duration timeout) {
    const auto connect = std::min(timeout, kConnectTimeout);
    const auto response = std::chrono::ceil<std::chrono::seconds>(timeout);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(response.count()));
  }

  void secure(const MailSettings& settings) {
    set(CURLOPT_USE_SSL, tls_level(settings));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!settings.ca_file.empty()) {
      set(CURLOPT_CAINFO, settings.ca_file.c_str());
      set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // no other authority besides it
    }
    if (settings.user.empty()) return;
    set(CURLOPT_USERNAME, settings.user.c_str());
    set(CURLOPT_PASSWORD, settings.password.c_str());
    // Inside TLS these two are as good as any; left to itself, libcurl would prefer NTLM or
    // Kerberos where the server offers them, and fail.
    set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
  }

  CURL* curl_;
  std::array<char, CURL_ERROR_SIZE> error_{};
};

MailLibrary::MailLibrary() {
  check(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "libcurl can be used");
  // CURLOPT_NOSIGNAL leaves SIGPIPE to us.
  check(std::signal(SIGPIPE, SIG_IGN) != SIG_ERR, "a signal can be ignored");
}

MailLibrary::~MailLibrary() {
  curl_global_cleanup();
}

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
