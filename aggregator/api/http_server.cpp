#include "aggregator/api/http_server.hpp"

#include <optional>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include "aggregator/api/control_socket.hpp"
#include "aggregator/api/problem.hpp"
#include "shared/base/duration.hpp"
#include "shared/base/log.hpp"

namespace vaultbell::api {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

// One type for every kind of socket.
using Stream = beast::basic_stream<asio::generic::stream_protocol>;
using Socket = asio::generic::stream_protocol::socket;
using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;

constexpr std::size_t kReadBytes = 4096;
constexpr std::size_t kBufferBytesMax = 16UL * 1024;  // a header, and some of what comes behind it

// Pause when the process has no file descriptor left for another connection.
constexpr Duration kAcceptPause = std::chrono::milliseconds(100);

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

// Over the Unix socket nobody comes whom the file does not let in, and no browser.
std::optional<Problem> objection_to_host(const http::request<http::string_body>& request) {
  const auto host = request[http::field::host];
  if (is_loopback_host({host.data(), host.size()})) return std::nullopt;
  return Problem{.status = 403,
                 .code = "refused",
                 .message = fmt::format("\"{}\" is not a name of this host", host.to_string()),
                 .hint = "ask for localhost, 127.0.0.1 or [::1]"};
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

// How many connections a door has; of the server's thread.
struct Room {
  std::size_t taken = 0;
  const std::size_t max;
};

// One connection: waits for a request, reads it, has it answered, writes the answer, and again.
// Owned by the operation that is under way (hence shared_ptr): when there is none, it is closed.
// Lives in the server's thread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Socket socket, Door door, const HttpOptions& options, const OnRequest& on_request,
             Room& room)
      : options_(options),
        on_request_(on_request),
        room_(room),
        door_(door),
        actor_(door == Door::control ? user_of_peer(socket.native_handle()) : std::string()),
        stream_(std::move(socket)),
        timer_(stream_.get_executor()) {
    ++room_.taken;
  }
  ~Connection() { --room_.taken; }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void wait_for_request() {
    parser_.emplace();
    parser_->header_limit(kHeaderBytesMax);
    parser_->body_limit(kBodyBytesMax);
    header_bytes_ = 0;
    if (buffer_.size() > 0) return begin_request();
    stream_.expires_after(options_.idle_limit);
    read_some([](Connection& self) { self.begin_request(); });
  }

 private:
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
    stream_.expires_after(options_.request_deadline);
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
    if (door_ == Door::web) {
      if (const auto objection = objection_to_host(parser_->get())) return refuse(objection);
    }
    read_body();
  }

  void read_body() {
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](error_code error, std::size_t) {
                       if (error) return self->refuse(problem_of_reading(error));
                       self->ask();
                     });
  }

  void ask() {
    stream_.expires_never();
    keeps_alive_ = parser_->keep_alive();
    auto& message = parser_->get();
    const HttpRequest request{
        .method = message.method_string().to_string(),
        .target = message.target().to_string(),
        .content_type = message[http::field::content_type].to_string(),
        .body = std::move(message.body()),
        .actor = actor_,
        .door = door_,
    };
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
    write(response);
  }

  // The rest of what a refused client sends is never read: the connection ends.
  void refuse(const std::optional<Problem>& problem) {
    if (!problem) return;
    keeps_alive_ = false;
    auto response = to_response(*problem);
    if (problem->status == 405) response.allow = kMethods;
    write(response);
  }

  void write(const HttpResponse& response) {
    auto& message = message_.emplace();
    message.result(response.status);
    message.set(http::field::content_type, response.content_type);
    message.set(http::field::cache_control, "no-store");
    if (!response.allow.empty()) message.set(http::field::allow, response.allow);
    const bool may_help_to_wait = response.status == 429 || response.status == 503;
    if (may_help_to_wait) message.set(http::field::retry_after, "1");
    message.body() = response.body;
    message.keep_alive(keeps_alive_);
    message.prepare_payload();
    stream_.expires_after(options_.write_deadline);
    http::async_write(stream_, message, [self = shared_from_this()](error_code error, std::size_t) {
      if (!error) self->written();
    });
  }

  void written() {
    if (keeps_alive_) return wait_for_request();
    error_code ignored;  // it is gone already
    stream_.socket().shutdown(Socket::shutdown_both, ignored);
  }

  const HttpOptions& options_;
  const OnRequest& on_request_;
  Room& room_;
  const Door door_;
  const std::string actor_;
  Stream stream_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_{kBufferBytesMax};
  std::size_t header_bytes_ = 0;  // of this request, so far
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::string_body>> message_;
  std::uint64_t turn_ = 0;    // counts the requests
  bool is_answered_ = false;  // this turn
  bool keeps_alive_ = false;
};

}  // namespace

// One socket that is listened on.
struct Listener {
  Listener(asio::io_context& context, Door the_door, std::string the_place)
      : door(the_door), place(std::move(the_place)), acceptor(context), incoming(context) {}

  const Door door;
  const std::string place;  // for messages
  Acceptor acceptor;
  Socket incoming;
};

struct HttpServer::Running {
  Running(HttpOptions the_options, OnRequest the_on_request)
      : options(std::move(the_options)), on_request(std::move(the_on_request)) {}

  Status listen(Door door, std::string place, int family, FileDescriptor fd) {
    auto listener = std::make_unique<Listener>(context, door, std::move(place));
    error_code error;
    listener->acceptor.assign(asio::generic::stream_protocol(family, 0), fd.get(), error);
    if (error)
      return fail(fmt::format("cannot listen at {}: {}", listener->place, error.message()));
    fd.release();
    accept(*listener);
    listeners.push_back(std::move(listener));
    return {};
  }

  void accept(Listener& listener) {
    listener.acceptor.async_accept(listener.incoming, [this, &listener](error_code error) {
      if (error == asio::error::operation_aborted) return;
      if (error) return pause(listener, error);
      welcome(listener);
      accept(listener);
    });
  }

  void pause(Listener& listener, const error_code& error) {
    log::warning("cannot accept connections at {}: {}", listener.place, error.message());
    auto timer = std::make_shared<asio::steady_timer>(context, kAcceptPause);
    timer->async_wait([this, &listener, timer](error_code aborted) {
      if (!aborted) accept(listener);
    });
  }

  void welcome(Listener& listener) {
    Socket socket = std::exchange(listener.incoming, Socket(context));
    auto& room = listener.door == Door::web ? web : control;
    if (room.taken >= room.max) return turn_away(socket, room.max);
    std::make_shared<Connection>(std::move(socket), listener.door, options, on_request, room)
        ->wait_for_request();
  }

  // Short enough for the socket's own buffer: nobody waits.
  static void turn_away(Socket& socket, std::size_t connections_max) {
    const auto problem =
        to_response({.status = 503,
                     .code = "unavailable",
                     .message = fmt::format("there are already {} connections", connections_max),
                     .hint = "try again in a moment"});
    const auto text = fmt::format(
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
        "Retry-After: 1\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{}",
        problem.body.size(), problem.body);
    error_code ignored;  // then it does not learn why
    socket.non_blocking(true, ignored);
    socket.send(asio::buffer(text), 0, ignored);
  }

  const HttpOptions options;
  const OnRequest on_request;
  Room control{.max = options.control_connections_max};  // outlives the context, as the next
  Room web{.max = options.web_connections_max};
  asio::io_context context{1};
  std::vector<std::unique_ptr<Listener>> listeners;
  std::thread thread;
};

HttpServer::HttpServer(std::unique_ptr<Running> running) : running_(std::move(running)) {}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpOptions& options,
                                                      OnRequest on_request) {
  auto running = std::make_unique<Running>(options, std::move(on_request));
  auto control = listen_at(options.socket);
  if (!control) return fail(control.error());
  const auto listening =
      running->listen(Door::control, options.socket.string(), AF_UNIX, std::move(*control));
  if (!listening) return fail(listening.error());
  auto* context = &running->context;
  running->thread = std::thread([context] { context->run(); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(running)));
}

HttpServer::~HttpServer() {
  stop();
  unlink(running_->options.socket.c_str());
}

void HttpServer::listen(WebListener web) {
  asio::post(running_->context, [running = running_.get(), web = std::move(web)]() mutable {
    const int family = web.address.is_v6 ? AF_INET6 : AF_INET;
    const auto listening =
        running->listen(Door::web, to_text(web.address), family, std::move(web.fd));
    if (!listening) log::error("{}", listening.error().message);
  });
}

void HttpServer::run_soon(std::function<void()> work) {
  asio::post(running_->context, std::move(work));
}

void HttpServer::stop() {
  running_->context.stop();
  if (running_->thread.joinable()) running_->thread.join();
}

}  // namespace vaultbell::api
