// Server: the API. Answers what is read from snapshots of the store, in its own thread; posts
// orders into the inbox of the main loop and passes its replies on. See docs/api.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "aggregator/api/facts.hpp"
#include "aggregator/api/http_server.hpp"
#include "aggregator/api/target.hpp"
#include "aggregator/board/board.hpp"
#include "aggregator/core/command.hpp"
#include "aggregator/core/effect.hpp"
#include "aggregator/declared/comparison.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/time.hpp"
#include "shared/lmdb/environment.hpp"

namespace vaultbell::api {

// Somebody wants the configuration and the declared objects to be read again, and applied.
struct ApplyRequest {
  core::RequestId request = 0;
  std::string actor;
  declared::Options options;
};

// What the API stands on; all of it outlives the server.
struct Surroundings {
  // Puts an order into the inbox; false: it is full. Must be callable from the server's thread.
  std::function<bool(core::Command)> post;
  // Hands this to who reads files and owns the loop; false: there are too many. The same threads.
  std::function<bool(ApplyRequest)> apply;
  const lmdb::Environment& store;
  const board::Board& board;
  const Clock& clock;
};

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

  // Shows the metrics there too, soon. From any thread.
  void show_metrics_at(WebListener web);

  // The facts from now on. From any thread.
  void replace(Facts facts);

 private:
  class Orders;
  struct Moment;
  struct Page {
    std::string text;
    Steady made_at;
  };
  Server(Surroundings surroundings, Facts facts);
  void handle(const HttpRequest& request, const Respond& respond);
  void handle_api(const HttpRequest& request, Target target, const Respond& respond);
  HttpResponse metrics(const HttpRequest& request);
  [[nodiscard]] Result<std::string> count_metrics() const;
  [[nodiscard]] Result<std::unique_ptr<Moment>> now() const;

  Surroundings surroundings_;
  Facts facts_;                  // of the server's thread
  std::optional<Page> metrics_;  // that were shown last; of the server's thread
  std::unique_ptr<HttpServer>
      http_;                        // ends after `orders_`, whose answers belong to its connections
  std::unique_ptr<Orders> orders_;  // of the server's thread
};

}  // namespace vaultbell::api
