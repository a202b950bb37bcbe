// HttpServer: speaks HTTP/1.1 on a Unix socket and over TCP, with every limit that keeps a hostile
// or clumsy client from harming anybody else. Knows nothing of what is asked. Boost.Beast, which is
// slow to compile, is in http_connection.cpp alone.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>

#include "aggregator/api/http_message.hpp"
#include "aggregator/api/web_listener.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::api {

struct HttpOptions {
  std::filesystem::path socket;
  // Absolute, not "since the last byte": one byte a second is as dead as none.
  Duration request_deadline = std::chrono::seconds(10);  // from a request's first byte to its last
  Duration answer_deadline = std::chrono::seconds(10);   // from then until the answer is known
  Duration write_deadline = std::chrono::seconds(10);    // from then until it has been taken
  Duration idle_limit = std::chrono::seconds(60);        // of a connection without a request
  // Of each door; one more is answered 503 and closed. A bound for both would let anybody on this
  // host fill it and so keep the administrators out.
  std::size_t control_connections_max = 200;
  std::size_t web_connections_max = 2000;
  std::size_t web_connections_of_one_max = 64;  // of those from one address that is not this host
};

inline constexpr std::size_t kHeaderBytesMax = 8UL * 1024;
inline constexpr std::size_t kBodyBytesMax = 64UL * 1024;

// Gives the answer; from the server's thread, at most once, or never (then the deadline answers).
using Respond = std::function<void(HttpResponse)>;

// Called in the server's thread for every well-formed request; must not block.
using OnRequest = std::function<void(const HttpRequest&, Respond)>;

class HttpServer {
 public:
  // Listens and starts its thread. Errors: as listen_at().
  static Result<std::unique_ptr<HttpServer>> start(const HttpOptions& options,
                                                   OnRequest on_request);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Takes connections there too, soon. From any thread; does not wait.
  void listen(WebListener web);

  // The certificate of new connections, where they are encrypted. The same.
  void use(std::shared_ptr<Tls> tls);

  // Runs `work` in the server's thread. From any thread; does not wait.
  void run_soon(std::function<void()> work);

  // The same after a while; for the server's thread.
  void run_after(Duration wait, std::function<void()> work);

  // Ends the thread; open connections are cut. Afterwards nothing is called any more.
  void stop();

 private:
  struct Running;
  explicit HttpServer(std::unique_ptr<Running> running);
  std::unique_ptr<Running> running_;
};

}  // namespace vaultbell::api
