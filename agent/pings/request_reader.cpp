#include "agent/pings/request_reader.hpp"

#include <optional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>

#include "shared/base/tcp_address.hpp"

namespace vaultbell::agent::pings {

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Message = http::request<http::string_body>;

// A request with all that frames its body: chunks of some bytes may be twice what they carry.
constexpr std::size_t kRequestBytesMax = kHeaderBytesMax + 4 * kBodyBytesMax;

// What speaks against a request that Beast let pass. Two readings of one request are how a second
// one is hidden in it.
std::optional<Answer> objection_to_form(const Message& request) {
  if (request.count(http::field::content_length) > 1) {
    return Answer{400, "the request has two Content-Length fields"};
  }
  const bool is_chunked = beast::iequals(request[http::field::transfer_encoding], "chunked");
  const auto encodings = request.count(http::field::transfer_encoding);
  if (encodings > 1 || (encodings == 1 && !is_chunked)) {
    return Answer{400, "a Transfer-Encoding other than exactly \"chunked\" is not accepted"};
  }
  if (request.count(http::field::host) > 1) return Answer{400, "the request has two Host fields"};
  return std::nullopt;
}

std::optional<Answer> objection_to(const Message& request) {
  if (auto wrong = objection_to_form(request)) return wrong;
  const bool is_known = request.method() == http::verb::get ||
                        request.method() == http::verb::head ||
                        request.method() == http::verb::post;
  if (!is_known) return Answer{405, "a ping is GET, HEAD or POST"};
  // Any page that is looked at on this host could say that a backup succeeded.
  const bool is_of_a_page =
      request.count(http::field::origin) > 0 || request.count("Sec-Fetch-Site") > 0;
  if (is_of_a_page) return Answer{403, "a web page's request is not accepted as a ping"};
  const auto host = request[http::field::host];
  if (!is_loopback_host({host.data(), host.size()})) {
    return Answer{403, "the Host of a ping is localhost, 127.0.0.1 or [::1]"};
  }
  const bool is_continue = beast::iequals(request[http::field::expect], "100-continue");
  if (request.count(http::field::expect) > 0 && !is_continue) {
    return Answer{417, "an expectation other than 100-continue is not supported"};
  }
  return std::nullopt;
}

Answer answer_to(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return {431, fmt::format("the header is larger than {} bytes", kHeaderBytesMax)};
  }
  if (error == http::error::body_limit) {
    return {413, fmt::format("the body is larger than {} bytes", kBodyBytesMax)};
  }
  return {400, "not HTTP/1.1: " + error.message()};
}

}  // namespace

struct RequestReader::Parsing {
  void begin() {
    parser.emplace();
    parser->header_limit(kHeaderBytesMax);
    parser->body_limit(kBodyBytesMax);
    header_bytes = 0;
    request_bytes = 0;
    was_asked_to_continue = false;
  }

  // One step of Beast's. Beast's own limit counts one line at a time, not the whole header.
  error_code put() {
    error_code error;
    const bool was_in_header = !parser->is_header_done();
    const auto used = parser->put(boost::asio::const_buffer(buffer.data(), buffer.size()), error);
    buffer.erase(0, used);
    request_bytes += used;
    if (was_in_header) header_bytes += used;
    if (error && error != http::error::need_more) return error;
    const auto received = header_bytes + (parser->is_header_done() ? 0 : buffer.size());
    if (received > kHeaderBytesMax) return http::error::header_limit;
    if (request_bytes + buffer.size() > kRequestBytesMax) return http::error::body_limit;
    return error;
  }

  // Nothing: the body is to come.
  std::optional<std::variant<NeedMore, Request, Answer>> step() {
    const bool was_in_header = !parser->is_header_done();
    const auto error = put();
    const bool needs_more = error == http::error::need_more;
    if (error && !needs_more) return answer_to(error);
    if (was_in_header && parser->is_header_done()) {
      if (auto objection = objection_to(parser->get())) return *objection;
    }
    if (needs_more) return NeedMore{};
    return std::nullopt;
  }

  Request take() {
    auto& message = parser->get();
    Request request{.target = message.target().to_string(),
                    .body = std::move(message.body()),
                    .wants_body = message.method() != http::verb::head,
                    .keeps_alive = parser->keep_alive()};
    begin();
    return request;
  }

  bool asks_to_continue() {
    if (was_asked_to_continue || !parser->is_header_done()) return false;
    was_asked_to_continue = true;
    return parser->get().count(http::field::expect) > 0;
  }

  std::string buffer;
  std::optional<http::request_parser<http::string_body>> parser;
  std::size_t header_bytes = 0;   // of this request, so far
  std::size_t request_bytes = 0;  // likewise, the header and all behind it
  bool was_asked_to_continue = false;
};

RequestReader::RequestReader() : parsing_(std::make_unique<Parsing>()) {
  parsing_->begin();
}
RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;

void RequestReader::add(std::string_view bytes) {
  parsing_->buffer.append(bytes);
}

std::variant<NeedMore, Request, Answer> RequestReader::next() {
  auto& parsing = *parsing_;
  while (!parsing.parser->is_done() && !parsing.buffer.empty()) {
    auto result = parsing.step();
    if (!result) continue;
    if (!std::holds_alternative<NeedMore>(*result)) return *result;
    break;
  }
  if (parsing.parser->is_done()) return parsing.take();
  return NeedMore{parsing.asks_to_continue()};
}

bool RequestReader::has_more() const {
  return !parsing_->buffer.empty();
}

}  // namespace vaultbell::agent::pings
