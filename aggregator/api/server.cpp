#include "aggregator/api/server.hpp"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "aggregator/api/changes.hpp"
#include "aggregator/api/comparing.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/metrics.hpp"
#include "aggregator/api/problem.hpp"
#include "aggregator/api/routes.hpp"
#include "aggregator/api/target.hpp"
#include "shared/config/toml_file.hpp"

namespace vaultbell::api {

namespace {

constexpr int kApiVersion = 1;

// Far above what the connections can have under way; reached only if the loop loses replies.
constexpr std::size_t kOrdersWaitingMax = 10'000;

// They are counted with the thread that answers everybody, and whoever is on this host may ask.
constexpr Duration kMetricsKeptFor = std::chrono::seconds(1);

HttpResponse found(const Json& json) {
  Json whole = {{"api_version", kApiVersion}};
  whole.update(json);
  return {.status = 200, .body = to_line(whole)};
}

HttpResponse refused(const Error& error) {
  return to_response(problem_of(error));
}

// Of files that are wrong, or that do not fit what is there.
HttpResponse refused(const declared::Comparison& comparison) {
  const bool is_wrong = !comparison.mistakes.empty();
  return to_response({.status = is_wrong ? 422U : 409U,
                      .code = is_wrong ? "invalid_configuration" : "refused",
                      .message = config::count_of(comparison.troubles()),
                      .details = comparison.troubles()});
}

HttpResponse wrong_method(const HttpRequest& request, const std::string& allowed) {
  auto response = to_response({.status = 405,
                               .code = "method_not_allowed",
                               .message = fmt::format("{} is not possible here", request.method),
                               .hint = fmt::format("possible: {}", allowed)});
  response.allow = allowed;
  return response;
}

HttpResponse not_for_the_web() {
  return to_response({.status = 404,
                      .code = "not_found",
                      .message = "there is nothing but /metrics here",
                      .hint = "the API is on the Unix socket: docs/api.md"});
}

HttpResponse no_such_path(const HttpRequest& request) {
  return to_response({.status = 404,
                      .code = "not_found",
                      .message = fmt::format("there is no route {}",
                                             request.target.substr(0, request.target.find('?'))),
                      .hint = "docs/api.md lists the routes"});
}

}  // namespace

// The orders whose replies are still to come.
class Server::Orders {
 public:
  Orders(const Surroundings& surroundings) : surroundings_(surroundings) {}

  void give(core::Order order, std::string join_token, const Respond& respond) {
    if (waiting_.size() >= kOrdersWaitingMax) return respond(inbox_is_full());
    const auto id = order.request = ++last_;
    waiting_[id] = {respond, order.is_dry_run, std::move(join_token)};
    if (surroundings_.post(std::move(order))) return;
    waiting_.erase(id);
    respond(inbox_is_full());
  }

  void apply(const declared::Options& options, const std::string& actor, const Respond& respond) {
    if (waiting_.size() >= kOrdersWaitingMax) return respond(inbox_is_full());
    const auto id = ++last_;
    waiting_[id] = {respond, false, {}};
    if (surroundings_.apply({id, actor, options})) return;
    waiting_.erase(id);
    respond(inbox_is_full());
  }

  void take(core::RequestId request, const declared::Comparison& comparison) {
    const auto found = waiting_.find(request);
    if (found == waiting_.end()) return;
    const auto respond = std::move(found->second.respond);
    waiting_.erase(found);
    respond(comparison.is_good() ? applied(comparison, false) : refused(comparison));
  }

  // What was, or in a dry run would be, applied.
  [[nodiscard]] HttpResponse applied(const declared::Comparison& comparison,
                                     bool is_dry_run) const {
    const auto snapshot = storage::Snapshot::take(surroundings_.store);
    if (!snapshot) return refused(snapshot.error());
    auto json = view_of(comparison, *snapshot, surroundings_.clock.wall());
    if (!json) return refused(json.error());
    (*json)["is_dry_run"] = is_dry_run;
    return found(*json);
  }

  void take(const core::Reply& reply) {
    const auto found = waiting_.find(reply.request);
    if (found == waiting_.end()) return;
    const auto order = std::move(found->second);
    waiting_.erase(found);
    const bool is_refused = !reply.result || reply.result->refusal;
    order.respond(is_refused ? refused(reply.result ? *reply.result->refusal : reply.result.error())
                             : done(order, *reply.result));
  }

 private:
  struct Waiting {
    Respond respond;
    bool is_dry_run = false;
    std::string join_token;
  };

  static HttpResponse inbox_is_full() {
    return refused({ErrorCode::unavailable, "the aggregator has too much to do right now"});
  }

  [[nodiscard]] HttpResponse done(const Waiting& order, const core::OrderDone& done) const {
    const auto snapshot = storage::Snapshot::take(surroundings_.store);
    if (!snapshot) return refused(snapshot.error());
    auto changes = changes_of(done, *snapshot, surroundings_.clock.wall());
    if (!changes) return refused(changes.error());
    Json json = {{"is_dry_run", order.is_dry_run},
                 {"changes", std::move(*changes)},
                 {"remark", text_or_null(done.remark)}};
    const bool has_token = !order.join_token.empty() && !order.is_dry_run;
    if (has_token) json["token"] = order.join_token;
    return found(json);
  }

  const Surroundings& surroundings_;
  std::map<core::RequestId, Waiting> waiting_;
  core::RequestId last_ = 0;
};

Server::Server(Surroundings surroundings, Facts facts)
    : surroundings_(std::move(surroundings)), facts_(std::move(facts)) {}

Result<std::unique_ptr<Server>> Server::start(const HttpOptions& options, Surroundings surroundings,
                                              Facts facts) {
  std::unique_ptr<Server> server(new Server(std::move(surroundings), std::move(facts)));
  server->orders_ = std::make_unique<Orders>(server->surroundings_);
  auto http = HttpServer::start(
      options, [raw = server.get()](const HttpRequest& request, const Respond& respond) {
        raw->handle(request, respond);
      });
  if (!http) return fail(http.error());
  server->http_ = std::move(*http);
  return server;
}

Server::~Server() {
  if (http_) http_->stop();
}

void Server::answer(core::Reply reply) {
  http_->run_soon([this, reply = std::move(reply)] { orders_->take(reply); });
}

void Server::answer(core::RequestId request, declared::Comparison comparison) {
  http_->run_soon(
      [this, request, comparison = std::move(comparison)] { orders_->take(request, comparison); });
}

void Server::show_metrics_at(WebListener web) {
  http_->listen(std::move(web));
}

void Server::replace(Facts facts) {
  http_->run_soon([this, facts = std::move(facts)]() mutable { facts_ = std::move(facts); });
}

// One moment of the store, and what is seen of it.
struct Server::Moment {
  Moment(storage::Snapshot the_snapshot, lmdb::Usage usage, const Server& server)
      : snapshot(std::move(the_snapshot)),
        rows(snapshot),
        scene{.snapshot = snapshot,
              .rows = rows,
              .facts = server.facts_,
              .board = server.surroundings_.board,
              .usage = usage,
              .now = server.surroundings_.clock.wall(),
              .steady = server.surroundings_.clock.steady()} {}

  storage::Snapshot snapshot;
  Rows rows;
  Scene scene;
};

Result<std::unique_ptr<Server::Moment>> Server::now() const {
  auto snapshot = storage::Snapshot::take(surroundings_.store);
  if (!snapshot) return fail(snapshot.error());
  const auto usage = surroundings_.store.usage();
  if (!usage) return fail(usage.error());
  return std::make_unique<Moment>(std::move(*snapshot), *usage, *this);
}

Result<std::string> Server::count_metrics() const {
  const auto moment = now();
  if (!moment) return fail(moment.error());
  auto text = metrics_of((*moment)->scene);
  if (!text) return text;
  if (!(*moment)->rows.status()) return fail((*moment)->rows.status().error());
  return text;
}

HttpResponse Server::metrics(const HttpRequest& request) {
  if (request.method != "GET") return wrong_method(request, "GET");
  const auto& clock = surroundings_.clock;
  if (!metrics_ || clock.steady() - metrics_->made_at >= kMetricsKeptFor) {
    auto text = count_metrics();
    if (!text) return refused(text.error());
    metrics_ = Page{.text = std::move(*text), .made_at = clock.steady()};
  }
  return {.body = metrics_->text, .content_type = std::string(kMetricsType)};
}

void Server::handle(const HttpRequest& request, const Respond& respond) {
  auto target = parse_target(request.target);
  if (!target) return respond(refused(target.error()));
  // Without names in it, so that it needs no login.
  if (target->path == std::vector<std::string>{"metrics"}) return respond(metrics(request));
  if (request.door == Door::web) return respond(not_for_the_web());
  handle_api(request, std::move(*target), respond);
}

void Server::handle_api(const HttpRequest& request, Target target, const Respond& respond) {
  const auto matched = match(request.method, target.path);
  if (const auto* wrong = std::get_if<WrongMethod>(&matched)) {
    return respond(wrong_method(request, wrong->allowed));
  }
  if (std::holds_alternative<NoSuchPath>(matched)) return respond(no_such_path(request));
  const auto& [route, names] = std::get<Matched>(matched);
  auto body = Fields::parse_json(request.content_type, request.body);
  if (!body) return respond(refused(body.error()));
  const auto moment = now();
  if (!moment) return respond(refused(moment.error()));
  const auto& [snapshot, rows, scene] = **moment;
  Asked asked{names, std::move(target.query), std::move(*body)};
  const bool is_change = route->method != "GET";
  const bool is_dry_run = is_change && asked.query.boolean("dry_run").value_or(false);
  auto answer = route->answer(scene, asked);
  if (!answer) return respond(refused(answer.error()));
  if (!rows.status()) return respond(refused(rows.status().error()));
  if (auto ok = asked.query.finish(); !ok) return respond(refused(ok.error()));
  if (auto ok = asked.body.finish(); !ok) return respond(refused(ok.error()));
  if (auto* json = std::get_if<Json>(&*answer)) {
    if (is_change) (*json)["is_dry_run"] = is_dry_run;
    return respond(found(*json));
  }
  if (const auto* apply = std::get_if<ApplyAsked>(&*answer)) {
    if (!is_dry_run) return orders_->apply(apply->options, request.actor, respond);
    const auto comparison = compare(scene, apply->options);
    if (!comparison) return respond(refused(comparison.error()));
    return respond(comparison->is_good() ? orders_->applied(*comparison, true)
                                         : refused(*comparison));
  }
  auto& order = std::get<OrderAsked>(*answer);
  orders_->give({.actor = request.actor, .is_dry_run = is_dry_run, .what = std::move(order.what)},
                std::move(order.join_token), respond);
}

}  // namespace vaultbell::api
