#include "aggregator/notify/transfer.hpp"

#include <algorithm>
#include <csignal>

#include "aggregator/notify/curl_library.hpp"

namespace vaultbell::notify {

namespace {

constexpr Duration kConnectTimeout = std::chrono::seconds(20);  // a server that is there is quicker

int see_progress(void* should_abort, curl_off_t /*unused*/, curl_off_t /*unused*/,
                 curl_off_t /*unused*/, curl_off_t /*unused*/) {
  return (*static_cast<const std::function<bool()>*>(should_abort))() ? 1 : 0;
}

}  // namespace

CurlLibrary::CurlLibrary() {
  check(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "libcurl can be used");
  // CURLOPT_NOSIGNAL leaves SIGPIPE to us.
  check(std::signal(SIGPIPE, SIG_IGN) != SIG_ERR, "a signal can be ignored");
}

CurlLibrary::~CurlLibrary() {
  curl_global_cleanup();
}

void append(CurlList& list, const std::string& line) {
  auto* longer = curl_slist_append(list.get(), line.c_str());
  check(longer != nullptr, "there is memory for a message");
  static_cast<void>(list.release());  // it is the beginning of `longer`, or was empty
  list.reset(longer);
}

Transfer::Transfer(const std::function<bool()>& should_abort) : curl_(curl_easy_init()) {
  check(curl_ != nullptr, "libcurl can be used");
  set(CURLOPT_PROXY, "");  // whatever the environment says
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // whoever aborts does not wait for a look-up of the server's name
  set(CURLOPT_ERRORBUFFER, error_.data());
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, see_progress);
  set(CURLOPT_XFERINFODATA, &should_abort);
}

Transfer::~Transfer() {
  curl_easy_cleanup(curl_);
}

void Transfer::limit_time(Duration timeout) {
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(timeout, kConnectTimeout).count()));
}

void Transfer::verify_tls(const std::filesystem::path& ca_file) {
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (ca_file.empty()) return;
  set(CURLOPT_CAINFO, ca_file.c_str());
  set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // no other authority besides it
}

std::string Transfer::perform() {
  error_.front() = '\0';
  const auto code = curl_easy_perform(curl_);
  if (code == CURLE_OK) return {};
  if (code == CURLE_ABORTED_BY_CALLBACK) return "aborted: the delivery workers are stopping";
  return error_.front() == '\0' ? curl_easy_strerror(code) : error_.data();
}

}  // namespace vaultbell::notify
