// Server: the API. Answers what is read from snapshots of the store, in its own thread; posts
// orders into the inbox of the main loop and passes its replies on. See docs/api.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "aggregator/api/answers.hpp"
#include "aggregator/api/events.hpp"
#include "aggregator/api/facts.hpp"
#include "aggregator/api/http_server.hpp"
#include "aggregator/api/lockout.hpp"
#include "aggregator/api/orders.hpp"
#include "aggregator/api/target.hpp"
#include "aggregator/board/board.hpp"
#include "aggregator/core/command.hpp"
#include "aggregator/core/effect.hpp"
#include "aggregator/declared/comparison.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/time.hpp"
#include "shared/lmdb/environment.hpp"

namespace vaultbell::api {

class Server {
 public:
  // Listens from now on. Errors: as listen_at().
  static Result<std::unique_ptr<Server>> start(const HttpOptions& options,
                                               Surroundings surroundings, Facts facts);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The core's reply to an order of this server, to be called when it is durable. From any thread.
  void answer(core::Reply reply);

  // What came of an ApplyRequest of this server, when it is durable. From any thread.
  void answer(core::RequestId request, declared::Comparison outcome);

  // Answers there too, soon, whoever may be let in. From any thread.
  void listen(WebListener web);

  // The certificate of new connections. From any thread.
  void use(std::shared_ptr<Tls> tls);

  // The facts from now on. From any thread.
  void replace(Facts facts);

 private:
  struct Moment;
  struct Carrying;
  struct Asking {
    Target target;
    std::optional<Visitor> visitor;
    const Scene& scene;
  };
  struct Page {
    std::string text;
    Steady made_at;
  };
  Server(Surroundings surroundings, Facts facts);
  void handle(const HttpRequest& request, const Respond& respond);
  void handle_api(const HttpRequest& request, Asking asking, const Respond& respond);
  void sign_in(const HttpRequest& request, const Scene& scene, const SignInAsked& asked,
               const Respond& respond);
  void tell_events();  // for as long as somebody looks on
  HttpResponse metrics(const HttpRequest& request);
  [[nodiscard]] Result<std::string> count_metrics() const;
  [[nodiscard]] Result<std::unique_ptr<Moment>> now() const;

  Surroundings surroundings_;
  Facts facts_;                  // of the server's thread
  std::optional<Page> metrics_;  // that were shown last; of the server's thread
  std::unique_ptr<HttpServer>
      http_;                        // ends after `orders_`, whose answers belong to its connections
  std::unique_ptr<Orders> orders_;  // of the server's thread, as those below
  std::unique_ptr<Events> events_;
  Lockout lockout_;
};

}  // namespace vaultbell::api
