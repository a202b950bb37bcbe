// Transfer: libcurl's easy handle as every channel wants it: its time limited, TLS verified, and
// whatever waits can be aborted. What is sent, and what an answer means, is the channel's business.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <curl/curl.h>

#include "shared/base/check.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::notify {

struct CurlListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlList = std::unique_ptr<curl_slist, CurlListCleanup>;

void append(CurlList& list, const std::string& line);

// One thread. Keeps its connection from one perform() to the next.
class Transfer {
 public:
  // `should_abort` is asked at least once a second while something is transferred, and outlives it.
  explicit Transfer(const std::function<bool()>& should_abort);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  template <class Value>
  void set(CURLoption option, Value value) {
    check(curl_easy_setopt(curl_, option, value) == CURLE_OK, "libcurl takes what it is given");
  }
  void limit_time(Duration timeout);
  // Certificates and names are verified; against `ca_file` alone, if it is not empty.
  void verify_tls(const std::filesystem::path& ca_file);

  // Blocks on the network. Returns libcurl's error, empty if there was none.
  std::string perform();

  [[nodiscard]] CURL* get() const { return curl_; }

 private:
  CURL* curl_;
  std::array<char, CURL_ERROR_SIZE> error_{};
};

}  // namespace vaultbell::notify
