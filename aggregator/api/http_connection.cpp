#include "aggregator/api/http_connection.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include "aggregator/api/control_socket.hpp"
#include "aggregator/api/problem.hpp"
#include "aggregator/api/tls_context.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::api {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr std::size_t kReadBytes = 4096;
constexpr std::size_t kBufferBytesMax = 16UL * 1024;  // a header, and some of what comes behind it

constexpr std::string_view kMethods = "DELETE, GET, PATCH, POST";

Problem malformed(std::string message) {
  return {.status = 400, .code = "invalid", .message = std::move(message)};
}

// What speaks against a request that Beast let pass. Two readings of one request are how a proxy is
// tricked into passing a hidden second one.
std::optional<Problem> objection_to(const http::request<http::string_body>& request) {
  if (request.count(http::field::content_length) > 1) {
    return malformed("the request has two Content-Length fields");
  }
  const bool is_chunked = beast::iequals(request[http::field::transfer_encoding], "chunked");
  const auto encodings = request.count(http::field::transfer_encoding);
  if (encodings > 1 || (encodings == 1 && !is_chunked)) {
    return malformed("a Transfer-Encoding other than exactly \"chunked\" is not accepted");
  }
  if (request.count(http::field::host) > 1) return malformed("the request has two Host fields");
  if (request.method() == http::verb::connect || request.method() == http::verb::trace) {
    return Problem{
        .status = 405,
        .code = "method_not_allowed",
        .message = fmt::format("{} is not accepted", request.method_string().to_string()),
        .hint = fmt::format("one of {}", kMethods)};
  }
  if (request.target().empty() || request.target().front() != '/') {
    return malformed("the request's target does not begin with \"/\"");
  }
  if (request.count(http::field::expect) > 0) {
    return Problem{.status = 417,
                   .code = "invalid",
                   .message = "Expect is not supported",
                   .hint = "send the body at once"};
  }
  return std::nullopt;
}

// What to say to a client whose request could not be read; absent: it is gone, or was too slow.
std::optional<Problem> problem_of_reading(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return Problem{.status = 431,
                   .code = "too_large",
                   .message = fmt::format("the header is larger than {} bytes", kHeaderBytesMax)};
  }
  if (error == http::error::body_limit) {
    return Problem{.status = 413,
                   .code = "too_large",
                   .message = fmt::format("the body is larger than {} bytes", kBodyBytesMax)};
  }
  const bool is_gone = error == http::error::end_of_stream || error == http::error::partial_message;
  if (is_gone || error.category() != make_error_code(http::error::bad_method).category()) {
    return std::nullopt;
  }
  return malformed("not HTTP/1.1: " + error.message());
}

// Encrypted or not, TCP or Unix: one type, so that what speaks HTTP is compiled once.
class Stream {
 public:
  using Plain = beast::basic_stream<asio::generic::stream_protocol>;
  using executor_type = Plain::executor_type;  // as Asio asks for it

  Stream(HttpSocket socket, std::shared_ptr<Tls> tls)
      : plain_(std::move(socket)), context_(std::move(tls)) {
    if (context_) tls_.emplace(plain_, context_->context().context);
  }

  executor_type get_executor() { return plain_.get_executor(); }
  Plain& plain() { return plain_; }
  [[nodiscard]] bool is_encrypted() const { return tls_.has_value(); }

  template <class Buffers, class Then>
  auto async_read_some(const Buffers& buffers, Then&& then) {
    return tls_ ? tls_->async_read_some(buffers, std::forward<Then>(then))
                : plain_.async_read_some(buffers, std::forward<Then>(then));
  }
  template <class Buffers, class Then>
  auto async_write_some(const Buffers& buffers, Then&& then) {
    return tls_ ? tls_->async_write_some(buffers, std::forward<Then>(then))
                : plain_.async_write_some(buffers, std::forward<Then>(then));
  }
  template <class Then>
  void async_greet(Then&& then) {
    tls_->async_handshake(asio::ssl::stream_base::server, std::forward<Then>(then));
  }
  template <class Then>
  void async_part(Then&& then) {
    tls_->async_shutdown(std::forward<Then>(then));
  }

 private:
  Plain plain_;
  std::shared_ptr<Tls> context_;
  std::optional<asio::ssl::stream<Plain&>> tls_;
};

std::string field_of(const http::request<http::string_body>& request, http::field name) {
  return request[name].to_string();
}

// Owned by the operation that is under way (hence shared_ptr): when there is none, it is closed.
// Lives in the server's thread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(HttpSocket socket, std::shared_ptr<Tls> tls, std::string peer, HttpDoor& door,
             const HttpOptions& options, const OnRequest& on_request)
      : options_(options),
        on_request_(on_request),
        door_(door),
        peer_(std::move(peer)),
        stream_(std::move(socket), std::move(tls)),
        timer_(stream_.get_executor()) {
    if (door_.door == Door::control) {
      actor_ = user_of_peer(stream_.plain().socket().native_handle());
    }
  }
  ~Connection() { door_.room.leave(peer_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void begin() {
    if (!stream_.is_encrypted()) return wait_for_request();
    expire_after(options_.request_deadline);
    stream_.async_greet([self = shared_from_this()](error_code error) {
      if (!error) self->wait_for_request();
    });
  }

 private:
  void expire_after(Duration time) { stream_.plain().expires_after(time); }

  void wait_for_request() {
    parser_.emplace();
    parser_->header_limit(kHeaderBytesMax);
    parser_->body_limit(kBodyBytesMax);
    header_bytes_ = 0;
    if (buffer_.size() > 0) return begin_request();
    expire_after(options_.idle_limit);
    read_some([](Connection& self) { self.begin_request(); });
  }

  // Reads what comes next into the buffer. Whoever has gone, or is too slow, is not answered.
  void read_some(void (*then)(Connection&)) {
    stream_.async_read_some(buffer_.prepare(kReadBytes),
                            [self = shared_from_this(), then](error_code error, std::size_t size) {
                              if (error) return;
                              self->buffer_.commit(size);
                              then(*self);
                            });
  }

  void begin_request() {
    expire_after(options_.request_deadline);
    parse_header();
  }

  // Beast's own limit counts one line at a time, not all of them.
  void parse_header() {
    error_code error;
    const auto parsed = parser_->put(buffer_.data(), error);
    buffer_.consume(parsed);
    header_bytes_ += parsed;
    const bool is_done = parser_->is_header_done();
    const auto received = header_bytes_ + (is_done ? 0 : buffer_.size());
    if (received > kHeaderBytesMax) error = http::error::header_limit;
    if (error && error != http::error::need_more) return refuse(problem_of_reading(error));
    if (!is_done) return read_some([](Connection& self) { self.parse_header(); });
    if (const auto objection = objection_to(parser_->get())) return refuse(objection);
    read_body();
  }

  void read_body() {
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](error_code error, std::size_t) {
                       if (error) return self->refuse(problem_of_reading(error));
                       self->ask();
                     });
  }

  HttpRequest take_request() {
    auto& message = parser_->get();
    return {.method = message.method_string().to_string(),
            .target = message.target().to_string(),
            .content_type = field_of(message, http::field::content_type),
            .body = std::move(message.body()),
            .actor = actor_,
            .door = door_.door,
            .peer = peer_,
            .is_encrypted = stream_.is_encrypted(),
            .host = field_of(message, http::field::host),
            .origin = field_of(message, http::field::origin),
            .authorization = field_of(message, http::field::authorization),
            .cookie = field_of(message, http::field::cookie),
            .csrf_token = message["X-CSRF-Token"].to_string(),
            .idempotency_key = message["Idempotency-Key"].to_string(),
            .if_none_match = field_of(message, http::field::if_none_match),
            .last_event_id = message["Last-Event-ID"].to_string(),
            .forwarded_for = message["X-Forwarded-For"].to_string()};
  }

  void ask() {
    stream_.plain().expires_never();
    keeps_alive_ = parser_->keep_alive();
    is_head_ = parser_->get().method() == http::verb::head;
    const auto request = take_request();
    const auto turn = ++turn_;
    is_answered_ = false;
    timer_.expires_after(options_.answer_deadline);
    timer_.async_wait([self = shared_from_this(), turn](error_code error) {
      if (!error) self->answer(turn, self->too_late());
    });
    on_request_(request, [self = shared_from_this(), turn](const HttpResponse& response) {
      self->answer(turn, response);
    });
  }

  [[nodiscard]] HttpResponse too_late() const {
    return to_response(
        {.status = 504,
         .code = "no_answer",
         .message = "the aggregator gave no answer within " + to_words(options_.answer_deadline),
         .hint = "an order may still be carried out: look before you repeat it"});
  }

  // Only the first answer of a turn counts: one that comes after its 504, even when that has been
  // written and no other request has come, is nobody's.
  void answer(std::uint64_t turn, const HttpResponse& response) {
    if (turn != turn_ || is_answered_) return;
    is_answered_ = true;
    timer_.cancel();
    if (response.events) return begin_events(response);
    write(response);
  }

  // The rest of what a refused client sends is never read: the connection ends.
  void refuse(const std::optional<Problem>& problem) {
    if (!problem) return;
    keeps_alive_ = false;
    auto response = to_response(*problem);
    if (problem->status == 405) response.headers.emplace_back("Allow", kMethods);
    write(response);
  }

  template <class Body>
  void set_head(http::response<Body>& message, const HttpResponse& response) {
    message.result(response.status);
    if (response.status != 304) message.set(http::field::content_type, response.content_type);
    message.set(http::field::cache_control, "no-store");
    message.set("X-Content-Type-Options", "nosniff");
    const bool may_help_to_wait = response.status == 429 || response.status == 503;
    if (may_help_to_wait) message.set(http::field::retry_after, "1");
    for (const auto& [name, value] : response.headers) message.set(name, value);
    message.keep_alive(keeps_alive_);
  }

  void write(const HttpResponse& response) {
    auto& message = message_.emplace();
    set_head(message, response);
    if (is_head_) {
      message.content_length(response.body.size());
    } else {
      message.body() = response.body;
      message.prepare_payload();
    }
    expire_after(options_.write_deadline);
    http::async_write(stream_, message, [self = shared_from_this()](error_code error, std::size_t) {
      if (!error) self->written();
    });
  }

  void written() {
    if (keeps_alive_) return wait_for_request();
    end();
  }

  void end() {
    if (stream_.is_encrypted()) {
      expire_after(options_.write_deadline);
      return stream_.async_part([self = shared_from_this()](error_code) { self->hang_up(); });
    }
    hang_up();
  }

  void hang_up() {
    error_code ignored;  // it is gone already
    stream_.plain().socket().shutdown(HttpSocket::shutdown_both, ignored);
  }

  // ---- an answer that does not end

  void begin_events(const HttpResponse& response) {
    events_ = response.events;
    keeps_alive_ = false;
    auto& head = events_head_.emplace();
    set_head(head, response);
    head.set(http::field::content_type, response.content_type);
    events_->on_change([self = weak_from_this()] {
      if (const auto connection = self.lock()) connection->send_events();
    });
    is_sending_ = true;
    notice_end();
    expire_after(options_.write_deadline);
    http::async_write(stream_, head, [self = shared_from_this()](error_code error, std::size_t) {
      self->sent_events(error);
    });
  }

  // Whoever reads events sends nothing: what can be read is that they have gone.
  void notice_end() {
    stream_.plain().expires_never();
    stream_.async_read_some(asio::buffer(ignored_),
                            [self = shared_from_this()](error_code error, std::size_t) {
                              if (!error && self->events_->is_open()) return self->notice_end();
                              self->events_->close();
                              self->hang_up();
                            });
  }

  void send_events() {
    if (is_sending_) return;
    if (!events_->is_open()) return hang_up();
    text_ = events_->take();
    if (text_.empty()) return;
    is_sending_ = true;
    expire_after(options_.write_deadline);  // of the writing: the reading is under way already
    asio::async_write(
        stream_, asio::buffer(text_),
        [self = shared_from_this()](error_code error, std::size_t) { self->sent_events(error); });
  }

  void sent_events(error_code error) {
    is_sending_ = false;
    if (error) events_->close();
    send_events();
  }

  const HttpOptions& options_;
  const OnRequest& on_request_;
  HttpDoor& door_;
  const std::string peer_;
  std::string actor_;
  Stream stream_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_{kBufferBytesMax};
  std::size_t header_bytes_ = 0;  // of this request, so far
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::string_body>> message_;
  std::uint64_t turn_ = 0;    // counts the requests
  bool is_answered_ = false;  // this turn
  bool keeps_alive_ = false;
  bool is_head_ = false;

  std::shared_ptr<EventStream> events_;  // absent: what is answered ends
  std::optional<http::response<http::empty_body>> events_head_;
  std::string text_;  // that is being sent
  bool is_sending_ = false;
  std::array<char, 64> ignored_{};
};

}  // namespace

bool Room::enter(const std::string& peer) {
  if (taken_ >= max_) return false;
  if (!peer.empty()) {
    auto& taken = taken_by_[peer];
    if (taken >= max_of_one_) return false;
    ++taken;
  }
  ++taken_;
  return true;
}

void Room::leave(const std::string& peer) {
  --taken_;
  const auto by = taken_by_.find(peer);
  if (by != taken_by_.end() && --by->second == 0) taken_by_.erase(by);
}

void serve(HttpSocket socket, std::string peer, std::shared_ptr<Tls> tls, HttpDoor& door,
           const HttpOptions& options, const OnRequest& on_request) {
  std::make_shared<Connection>(std::move(socket), std::move(tls), std::move(peer), door, options,
                               on_request)
      ->begin();
}

}  // namespace vaultbell::api
