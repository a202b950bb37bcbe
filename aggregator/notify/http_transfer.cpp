#include "aggregator/notify/http_transfer.hpp"

#include <algorithm>
#include <string_view>

namespace vaultbell::notify {

namespace {

// Follows what libcurl writes: whether the whole request left at least once. libcurl sends it again
// where a connection that it had kept turns out to be closed.
class Departure {
 public:
  explicit Departure(std::size_t body_bytes) : body_bytes_(body_bytes) {}

  void sent_head(std::string_view part) {
    if (has_head_) body_bytes_sent_ = 0;  // once more
    has_head_ = part.ends_with("\r\n\r\n");
    see_whether_whole();
  }
  void sent_body(std::string_view part) {
    body_bytes_sent_ += part.size();
    see_whether_whole();
  }
  [[nodiscard]] bool was_whole() const { return was_whole_; }

 private:
  void see_whether_whole() {
    was_whole_ = was_whole_ || (has_head_ && body_bytes_sent_ >= body_bytes_);
  }

  std::size_t body_bytes_;
  std::size_t body_bytes_sent_ = 0;
  bool has_head_ = false;
  bool was_whole_ = false;
};

int see_request(CURL* /*curl*/, curl_infotype type, char* bytes, size_t size, void* target) {
  auto& departure = *static_cast<Departure*>(target);
  if (type == CURLINFO_HEADER_OUT) departure.sent_head({bytes, size});
  if (type == CURLINFO_DATA_OUT) departure.sent_body({bytes, size});
  return 0;
}

// Taking less than it is offered ends the transfer: the rest of the body is not wanted.
size_t take_body(char* bytes, size_t /*always 1*/, size_t size, void* target) {
  auto& body = *static_cast<std::string*>(target);
  const auto taken = std::min(size, kBodyBytesMax - body.size());
  body.append(bytes, taken);
  return taken;
}

CurlList headers_of(const HttpRequest& request) {
  CurlList headers;
  for (const auto& line : request.headers) append(headers, line);
  append(headers, "Expect:");  // none: the body is sent without asking first
  return headers;
}

}  // namespace

HttpTransfer::HttpTransfer(const std::function<bool()>& should_abort) : transfer_(should_abort) {
  transfer_.set(CURLOPT_PROTOCOLS_STR, "http,https");
  transfer_.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  transfer_.set(CURLOPT_FOLLOWLOCATION, 0L);
  transfer_.set(CURLOPT_MAXCONNECTS, 1L);
  transfer_.set(CURLOPT_USERAGENT, "vaultbell/" VAULTBELL_VERSION);
  transfer_.set(CURLOPT_WRITEFUNCTION, take_body);
  transfer_.set(CURLOPT_DEBUGFUNCTION, see_request);
}

HttpExchange HttpTransfer::send(const HttpRequest& request) {
  const auto headers = headers_of(request);
  HttpExchange exchange;
  Departure departure(request.body.size());
  transfer_.set(CURLOPT_URL, request.url.c_str());
  transfer_.set(CURLOPT_HTTPHEADER, headers.get());
  give(request);
  transfer_.set(CURLOPT_WRITEDATA, &exchange.body);
  transfer_.set(CURLOPT_DEBUGDATA, &departure);
  transfer_.set(CURLOPT_VERBOSE, 1L);
  exchange.error = transfer_.perform();
  transfer_.set(CURLOPT_VERBOSE, 0L);  // `departure` may be gone at the next word
  exchange.was_sent = departure.was_whole();
  read_answer(exchange);
  return exchange;
}

void HttpTransfer::give(const HttpRequest& request) {
  if (request.method == HttpMethod::get) return transfer_.set(CURLOPT_HTTPGET, 1L);
  transfer_.set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
  transfer_.set(CURLOPT_POSTFIELDS, request.body.data());
  if (request.method == HttpMethod::put) transfer_.set(CURLOPT_CUSTOMREQUEST, "PUT");
}

void HttpTransfer::read_answer(HttpExchange& exchange) {
  long status = 0;
  curl_easy_getinfo(transfer_.get(), CURLINFO_RESPONSE_CODE, &status);
  exchange.status = status >= 200 ? static_cast<int>(status) : 0;  // 1xx is not the answer yet
  char* url = nullptr;
  curl_easy_getinfo(transfer_.get(), CURLINFO_REDIRECT_URL, &url);
  if (url != nullptr) exchange.redirects_to = url;
}

}  // namespace vaultbell::notify
