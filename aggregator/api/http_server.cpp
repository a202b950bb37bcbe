#include "aggregator/api/http_server.hpp"

#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "aggregator/api/control_socket.hpp"
#include "aggregator/api/http_connection.hpp"
#include "aggregator/api/problem.hpp"
#include "shared/base/log.hpp"

namespace vaultbell::api {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;

// Pause when the process has no file descriptor left for another connection.
constexpr Duration kAcceptPause = std::chrono::milliseconds(100);

}  // namespace

// One socket that is listened on.
struct HttpListener {
  HttpListener(asio::io_context& context, HttpDoor& the_door, std::string the_place,
               bool the_is_encrypted)
      : door(the_door),
        place(std::move(the_place)),
        is_encrypted(the_is_encrypted),
        acceptor(context),
        incoming(context) {}

  HttpDoor& door;
  const std::string place;  // for messages
  const bool is_encrypted;
  Acceptor acceptor;
  HttpSocket incoming;
};

struct HttpServer::Running {
  Running(HttpOptions the_options, OnRequest the_on_request)
      : options(std::move(the_options)), on_request(std::move(the_on_request)) {}

  Status listen(HttpDoor& door, std::string place, bool is_encrypted, int family,
                FileDescriptor fd) {
    auto listener = std::make_unique<HttpListener>(context, door, std::move(place), is_encrypted);
    error_code error;
    listener->acceptor.assign(asio::generic::stream_protocol(family, 0), fd.get(), error);
    if (error)
      return fail(fmt::format("cannot listen at {}: {}", listener->place, error.message()));
    fd.release();
    accept(*listener);
    listeners.push_back(std::move(listener));
    return {};
  }

  void accept(HttpListener& listener) {
    listener.acceptor.async_accept(listener.incoming, [this, &listener](error_code error) {
      if (error == asio::error::operation_aborted) return;
      if (error) return pause(listener, error);
      welcome(listener);
      accept(listener);
    });
  }

  void pause(HttpListener& listener, const error_code& error) {
    log::warning("cannot accept connections at {}: {}", listener.place, error.message());
    auto timer = std::make_shared<asio::steady_timer>(context, kAcceptPause);
    timer->async_wait([this, &listener, timer](error_code aborted) {
      if (!aborted) accept(listener);
    });
  }

  void welcome(HttpListener& listener) {
    HttpSocket socket = std::exchange(listener.incoming, HttpSocket(context));
    auto& room = listener.door.room;
    auto peer = listener.door.door == Door::web ? peer_of(socket.native_handle()) : std::string();
    const bool is_bounded = !is_loopback_host(peer);  // a proxy on this host comes for many
    if (!room.enter(is_bounded ? peer : std::string())) return turn_away(socket, room.max());
    serve(std::move(socket), std::move(peer), listener.is_encrypted ? tls : nullptr, listener.door,
          options, on_request);
  }

  // Short enough for the socket's own buffer: nobody waits.
  static void turn_away(HttpSocket& socket, std::size_t connections_max) {
    const auto problem = to_response(
        {.status = 503,
         .code = "unavailable",
         .message = fmt::format("there are too many connections (at most {})", connections_max),
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
  HttpDoor control{Door::control, Room(options.control_connections_max,
                                       options.control_connections_max)};  // outlives the context
  HttpDoor web{Door::web, Room(options.web_connections_max, options.web_connections_of_one_max)};
  std::shared_ptr<Tls> tls;  // of new connections
  asio::io_context context{1};
  std::vector<std::unique_ptr<HttpListener>> listeners;
  std::thread thread;
};

HttpServer::HttpServer(std::unique_ptr<Running> running) : running_(std::move(running)) {}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpOptions& options,
                                                      OnRequest on_request) {
  auto running = std::make_unique<Running>(options, std::move(on_request));
  auto control = listen_at(options.socket);
  if (!control) return fail(control.error());
  const auto listening = running->listen(running->control, options.socket.string(), false, AF_UNIX,
                                         std::move(*control));
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
    const bool is_encrypted = web.tls != nullptr;
    if (is_encrypted) running->tls = std::move(web.tls);
    const auto listening = running->listen(running->web, to_text(web.address), is_encrypted, family,
                                           std::move(web.fd));
    if (!listening) log::error("{}", listening.error().message);
  });
}

void HttpServer::use(std::shared_ptr<Tls> tls) {
  asio::post(running_->context, [running = running_.get(), tls = std::move(tls)]() mutable {
    running->tls = std::move(tls);
  });
}

void HttpServer::run_after(Duration wait, std::function<void()> work) {
  auto timer = std::make_shared<asio::steady_timer>(running_->context, wait);
  timer->async_wait([timer, work = std::move(work)](error_code aborted) {
    if (!aborted) work();
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
