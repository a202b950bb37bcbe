// Orders: those that were given to the core and are not answered yet. Each is answered when what it
// changed is durable.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "aggregator/api/facts.hpp"
#include "aggregator/api/http_server.hpp"
#include "aggregator/board/board.hpp"
#include "aggregator/core/command.hpp"
#include "aggregator/core/effect.hpp"
#include "aggregator/declared/comparison.hpp"
#include "aggregator/storage/snapshot.hpp"
#include "shared/base/clock.hpp"
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

// Of the server's thread.
class Orders {
 public:
  explicit Orders(const Surroundings& surroundings) : surroundings_(surroundings) {}

  // `secret`: shown with the answer, if the order was carried out.
  void give(core::Order order, std::string secret, const Respond& respond);
  void apply(const declared::Options& options, const std::string& actor, const Respond& respond);

  // What became of one of them.
  void take(const core::Reply& reply);
  void take(core::RequestId request, const declared::Comparison& comparison);

  // What was, or in a dry run would be, applied.
  [[nodiscard]] HttpResponse applied(const declared::Comparison& comparison, bool is_dry_run) const;

 private:
  struct Waiting {
    Respond respond;
    bool is_dry_run = false;
    std::string secret;
    std::optional<core::ObjectId> object;
  };

  // Who saw an older revision is shown what is there now, and who made it so.
  [[nodiscard]] HttpResponse not_done(const Waiting& order, const Error& error) const;
  [[nodiscard]] HttpResponse done(const Waiting& order, const core::OrderDone& done) const;

  const Surroundings& surroundings_;
  std::map<core::RequestId, Waiting> waiting_;
  core::RequestId last_ = 0;
};

}  // namespace vaultbell::api
