#include "aggregator/api/server.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "aggregator/api/comparing.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/metrics.hpp"
#include "aggregator/api/pages.hpp"
#include "aggregator/api/problem.hpp"
#include "aggregator/api/responses.hpp"
#include "aggregator/api/routes.hpp"
#include "aggregator/api/secrets.hpp"
#include "aggregator/api/target.hpp"
#include "aggregator/core/accesses.hpp"
#include "aggregator/core/objects.hpp"
#include "shared/base/log.hpp"
#include "shared/base/tcp_address.hpp"

namespace vaultbell::api {

namespace {

// They are counted with the thread that answers everybody, and whoever is on this host may ask.
constexpr Duration kMetricsKeptFor = std::chrono::seconds(1);

HttpResponse wrong_method(const HttpRequest& request, const std::string& allowed) {
  auto response = to_response({.status = 405,
                               .code = "method_not_allowed",
                               .message = fmt::format("{} is not possible here", request.method),
                               .hint = fmt::format("possible: {}", allowed)});
  response.headers.emplace_back("Allow", allowed);
  return response;
}

Problem nobody_known() {
  return {.status = 401,
          .code = "unauthorized",
          .message = "this needs an API token, or a browser that is signed in",
          .hint = "\"vaultbell login-link\" on the aggregator's host lets a browser in"};
}

std::optional<Problem> objection_to(const std::optional<Visitor>& visitor, const Route& route) {
  const auto needed = needed_role(route);
  if (!needed) return std::nullopt;
  if (!visitor) return nobody_known();
  if (visitor->role >= *needed) return std::nullopt;
  return Problem{
      .status = 403,
      .code = "forbidden",
      .message = fmt::format("{} {} needs the role {}, and {} has the role {}", route.method,
                             route.path, to_text(*needed), visitor->actor, to_text(visitor->role))};
}

std::string cookie_of(const HttpRequest& request, const Facts& facts, std::string_view value,
                      Duration life) {
  const bool is_secure = request.is_encrypted || facts.web.url.starts_with("https://");
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", kSessionCookie,
                     value, std::chrono::duration_cast<std::chrono::seconds>(life).count(),
                     is_secure ? "; Secure" : "");
}

HttpResponse no_such_path(const HttpRequest& request) {
  return to_response({.status = 404,
                      .code = "not_found",
                      .message = fmt::format("there is no route {}",
                                             request.target.substr(0, request.target.find('?'))),
                      .hint = "docs/api.md lists the routes"});
}

}  // namespace

Server::Server(Surroundings surroundings, Facts facts)
    : surroundings_(std::move(surroundings)), facts_(std::move(facts)) {}

Result<std::unique_ptr<Server>> Server::start(const HttpOptions& options, Surroundings surroundings,
                                              Facts facts) {
  std::unique_ptr<Server> server(new Server(std::move(surroundings), std::move(facts)));
  server->orders_ = std::make_unique<Orders>(server->surroundings_);
  server->events_ =
      std::make_unique<Events>(server->surroundings_.board.changes, server->facts_.started_at);
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

void Server::listen(WebListener web) {
  http_->listen(std::move(web));
}

void Server::use(std::shared_ptr<Tls> tls) {
  http_->use(std::move(tls));
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

// What is done with an answer: one function for each kind.
struct Server::Carrying {
  Server& self;
  const HttpRequest& request;
  const Scene& scene;
  const std::string& actor;
  bool is_dry_run;
  std::optional<std::uint64_t> revision;
  const Respond& respond;

  void operator()(const Json& json) const { respond(found(json)); }

  void operator()(OrderAsked asked) const {
    core::Order order{.actor = actor,
                      .is_dry_run = is_dry_run,
                      .revision = revision,
                      .key = is_dry_run ? std::string() : request.idempotency_key,
                      .what = std::move(asked.what)};
    if (revision && !core::object_of(order)) {
      return respond(refused({ErrorCode::invalid, "revision: this changes nothing that has one"}));
    }
    if (!order.key.empty()) {
      order.asked = hash_of_secret(request.method + " " + request.target + "\n" + request.body);
    }
    self.orders_->give(std::move(order), std::move(asked.secret), respond);
  }

  void operator()(const ApplyAsked& asked) const {
    if (!is_dry_run) return self.orders_->apply(asked.options, actor, respond);
    const auto comparison = compare(scene, asked.options);
    if (!comparison) return respond(refused(comparison.error()));
    respond(comparison->is_good() ? self.orders_->applied(*comparison, true)
                                  : refused(*comparison));
  }

  void operator()(const EventsAsked&) const {
    HttpResponse response{.content_type = "text/event-stream"};
    response.events = self.events_->open(request.last_event_id, scene.steady);
    respond(response);
    if (self.events_->readers() == 1) self.tell_events();
  }

  void operator()(const SignInAsked& asked) const { self.sign_in(request, scene, asked, respond); }

  void operator()(const SignOutAsked& asked) const {
    const auto forget = [respond = respond, cookie = cookie_of(request, self.facts_, "",
                                                               Duration::zero())](auto response) {
      response.headers.emplace_back("Set-Cookie", cookie);
      respond(response);
    };
    self.orders_->give({.actor = actor, .what = core::RevokeAccess{asked.session}}, {}, forget);
  }
};

void Server::tell_events() {
  http_->run_after(Events::kTellEvery, [this] {
    events_->tell(surroundings_.clock.steady());
    if (events_->readers() > 0) tell_events();
  });
}

void Server::sign_in(const HttpRequest& request, const Scene& scene, const SignInAsked& asked,
                     const Respond& respond) {
  const auto peer = origin_of(request);
  if (const auto wait = lockout_.locked_for(peer, scene.steady); wait > Duration::zero()) {
    auto response = to_response(
        {.status = 429,
         .code = "locked_out",
         .message = fmt::format("{} wrong attempts came from {}", Lockout::kTriesMax, peer),
         .hint = "try again in " + to_words(wait)});
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    response.headers.emplace_back("Retry-After", std::to_string(seconds));
    return respond(response);
  }
  const auto access = access_of(asked.secret, scene.snapshot, scene.now);
  if (!access) return respond(refused(access.error()));
  const bool is_key = *access && (*access)->kind != core::AccessKind::session;
  if (!is_key) {
    lockout_.failed(peer, scene.steady);
    log::warning("somebody at {} tried to sign in with what is not known here", peer);
    return respond(
        to_response({.status = 401,
                     .code = "unauthorized",
                     .message = "that link or token is not known here, was used, or has expired",
                     .hint = "\"vaultbell login-link\" on the aggregator's host makes another"}));
  }
  lockout_.succeeded(peer);
  const auto secret = make_secret(core::AccessKind::session);
  core::Access session = **access;
  session.expires_at = core::session_ends_at(**access, scene.now);
  const Visitor visitor{.actor = session.name + " (browser)",
                        .role = session.role,
                        .access = session,
                        .csrf_token = csrf_token_of(secret)};
  const auto welcome = [respond, visitor,
                        cookie =
                            cookie_of(request, facts_, secret, session.expires_at - scene.now)](
                           const HttpResponse& response) {
    if (response.status != 200) return respond(response);
    auto signed_in = found(session_of(visitor));
    signed_in.headers.emplace_back("Set-Cookie", cookie);
    respond(signed_in);
  };
  orders_->give(
      {.actor = visitor.actor, .what = core::OpenSession{(*access)->id, hash_of_secret(secret)}},
      {}, welcome);
}

void Server::handle(const HttpRequest& request, const Respond& respond) {
  if (auto objection = objection_to_host(request, facts_)) {
    return respond(to_response(*objection));
  }
  auto target = parse_target(request.target);
  if (!target) return respond(refused(target.error()));
  // Without names in it, so that whoever is on this host needs no login.
  const bool is_near = request.door == Door::control || is_loopback_host(origin_of(request));
  const bool is_metrics = target->path == std::vector<std::string>{"metrics"};
  if (is_metrics && is_near) return respond(metrics(request));
  const bool is_api = !target->path.empty() && target->path.front() == "api";
  const bool is_page = request.door == Door::web && !is_api && !is_metrics;
  if (is_page) return respond(page_of(request));
  const auto moment = now();
  if (!moment) return respond(refused(moment.error()));
  auto visitor = visitor_of(request, (*moment)->snapshot, facts_, (*moment)->scene.now);
  if (!visitor) return respond(to_response(visitor.error()));
  if (is_metrics) return respond(*visitor ? metrics(request) : to_response(nobody_known()));
  handle_api(request, {std::move(*target), std::move(*visitor), (*moment)->scene}, respond);
}

void Server::handle_api(const HttpRequest& request, Asking asking, const Respond& respond) {
  auto& [target, visitor, scene] = asking;
  const auto matched = match(request.method, target.path);
  if (const auto* wrong = std::get_if<WrongMethod>(&matched)) {
    return respond(wrong_method(request, wrong->allowed));
  }
  if (std::holds_alternative<NoSuchPath>(matched)) return respond(no_such_path(request));
  const auto& [route, names] = std::get<Matched>(matched);
  if (const auto objection = objection_to(visitor, *route)) {
    return respond(to_response(*objection));
  }
  auto body = Fields::parse_json(request.content_type, request.body);
  if (!body) return respond(refused(body.error()));
  Asked asked{names, std::move(target.query), std::move(*body), std::move(visitor)};
  const bool is_change = is_changing(*route);
  const bool is_dry_run = is_change && asked.query.boolean("dry_run").value_or(false);
  const auto revision = is_change ? asked.body.number("revision") : std::nullopt;
  auto answer = route->answer(scene, asked);
  if (!answer) return respond(refused(answer.error()));
  if (!scene.rows.status()) return respond(refused(scene.rows.status().error()));
  if (auto ok = asked.query.finish(); !ok) return respond(refused(ok.error()));
  if (auto ok = asked.body.finish(); !ok) return respond(refused(ok.error()));
  const auto actor = asked.visitor ? asked.visitor->actor : std::string();
  Carrying carrying{*this, request, scene, actor, is_dry_run, revision, respond};
  if (auto* json = std::get_if<Json>(&*answer); json != nullptr && is_change) {
    (*json)["is_dry_run"] = is_dry_run;
  }
  std::visit(carrying, std::move(*answer));
}

}  // namespace vaultbell::api
