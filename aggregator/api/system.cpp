#include "aggregator/api/system.hpp"

#include <algorithm>

#include "aggregator/api/answers.hpp"
#include "aggregator/api/in_json.hpp"

namespace vaultbell::api {

namespace {

// For how long something has not happened that the board says by the steady clock; null: never yet.
Json age_of(const Scene& scene, std::int64_t at_ms) {
  const auto age = scene.steady.time_since_epoch() - Duration(at_ms);
  return at_ms == 0 ? Json() : in_json(std::max(age, Duration::zero()));
}

Json loop_of(const Scene& scene) {
  const auto& board = scene.board;
  return {{"commands", board.commands.load()},
          {"commits", board.commits.load()},
          {"last_commit_us", board.last_commit_us.load()},
          {"slowest_turn", in_json(Duration(board.slowest_turn_ms.load()))},
          {"last_turn_age", age_of(scene, board.last_turn_at_ms.load())},
          {"inbox_depth", board.inbox_depth.load()}};
}

Json gateway_of(const board::Board& board) {
  return {{"clients_connected", board.clients_connected.load()},
          {"heartbeats", board.heartbeats.load()},
          {"messages_refused", board.messages_refused.load()},
          {"reports_postponed", board.reports_postponed.load()}};
}

// null where nobody has looked yet.
Json disk_of(const board::Board& board) {
  const auto size = board.disk_bytes.load();
  if (size == 0) return {};
  return {{"free_bytes", board.disk_free_bytes.load()}, {"size_bytes", size}};
}

}  // namespace

Json own_facts_of(const Scene& scene) {
  const auto& facts = scene.facts;
  return {
      {"version", facts.version},
      {"started_at", in_json(facts.started_at)},
      {"uptime", in_json(std::chrono::floor<std::chrono::seconds>(scene.now - facts.started_at))},
      {"endpoints",
       {{"agents", text_or_null(facts.agents_endpoint)},
        {"enrolment", text_or_null(facts.enrolment_endpoint)},
        {"control", text_or_null(facts.control_socket)}}},
      {"state_dir", facts.state_dir},
      {"declared",
       {{"folder", facts.declared.folder},
        {"objects", facts.declared.objects},
        {"problem", text_or_null(facts.declared.problem)}}},
      {"store", {{"used_bytes", scene.usage.used_bytes}, {"max_bytes", scene.usage.map_bytes}}},
      {"loop", loop_of(scene)},
      {"gateway", gateway_of(scene.board)},
  };
}

Result<Answer> show_system(const Scene& scene, Asked&) {
  auto channels = channels_of(scene);
  if (!channels) return fail(channels.error());
  const auto& web = scene.facts.web;
  auto json = own_facts_of(scene);
  json["web"] = {{"address", text_or_null(web.address)}, {"problem", text_or_null(web.problem)}};
  json["disk"] = disk_of(scene.board);
  json["auditor"] = {{"agreed_age", age_of(scene, scene.board.auditor_agreed_at_ms.load())},
                     {"does_disagree", scene.board.does_auditor_disagree.load()}};
  json["channels"] = std::move(*channels);
  return Answer(std::move(json));
}

}  // namespace vaultbell::api
