#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"
#include "aggregator/ctl/listing.hpp"
#include "aggregator/ctl/showing.hpp"

namespace vaultbell::ctl {

namespace {

void print_deliveries(const Session& session, const Json& alert) {
  print_inner(session, at(alert, "deliveries"), "deliveries",
              {{"id", "id", Kind::number},
               {"state", "state", Kind::word},
               {"event", "event"},
               {"to", "address"},
               {"why", "why"},
               {"attempts", "attempt_count", Kind::number},
               {"created_at", "created_at", Kind::time},
               {"last_answer", "last_answer"}});
}

void print_more(const Session& session, const Json& alert) {
  print_inner(session, at(alert, "comments"), "comments",
              {{"at", "at", Kind::time}, {"who", "who"}, {"comment", "text"}});
  print_deliveries(session, alert);
}

// The same order for every alert that was named, with the reason where one was given.
Expected<ExitCode> tell_each(Session& session, std::string_view verb) {
  constexpr BodyField kWhy[] = {{"why", "why"}};
  const auto body = body_of(session.typed(), kWhy);
  if (!body) return tl::unexpected<Failure>(body.error());
  return change_each(session, "alert", [&](const std::string& id) {
    return Change{"POST", path_of({"alerts", id, verb}), *body};
  });
}

}  // namespace

Expected<ExitCode> list_alerts(Session& session) {
  Query query;
  if (session.typed().has("all")) query.emplace_back("state", "all");
  const bool are_all_active = query.empty() && !session.typed().has("state");
  return list(session,
              {.path = path_of({"alerts"}),
               .filters = {"state", "severity", "vault", "client", "kind"},
               .columns = {{"id", "id", Kind::number},
                           {"state", "state", Kind::word, are_all_active},
                           {"severity", "severity", Kind::word, false, "state"},
                           {"headline", "headline"},
                           {"vault", "vault"},
                           {"since", "first_at", Kind::time},
                           {"times", "occurrences", Kind::number, false, {}, 2},
                           {"told", "told_so_far", Kind::text, false, {}, 1},
                           {"notifies_at", "notifies_at", Kind::time, false, {}, 3},
                           {"held_by", "held_by", Kind::text, true},
                           {"claimed_by", "acknowledgement.who", Kind::text, true},
                           {"told_at", "decision.at", Kind::time, true},
                           {"kind", "kind", Kind::text, true},
                           {"client", "client", Kind::text, true},
                           {"job", "job", Kind::text, true},
                           {"message", "message", Kind::text, true},
                           {"inactive_by", "inactivation.reason", Kind::text, true}},
               .none = are_all_active ? "no active alert" : "no alert",
               .none_matches = "no alert matches",
               .rank = by_words("severity", {"critical", "warning", "informational"}),
               .then_by = "first_at"},
              std::move(query));
}

Expected<ExitCode> show_alert(Session& session) {
  return show(session, path_of({"alerts", session.argument(0)}),
              {{"id", "id"},
               {"severity", "severity", Kind::word, false, "state"},
               {"headline", "headline"},
               {"state", "state", Kind::word},
               {"kind", "kind"},
               {"vault", "vault"},
               {"client", "client"},
               {"job", "job"},
               {"message", "message"},
               {"first_at", "first_at", Kind::time},
               {"last_at", "last_at", Kind::time},
               {"occurrences", "occurrences"},
               {"run", "run"},
               {"flapping", "is_flapping"},
               {"acknowledged_at", "acknowledgement.at", Kind::time},
               {"acknowledged_by", "acknowledgement.who"},
               {"acknowledged_why", "acknowledgement.why"},
               {"held_by", "held_by_sentence"},
               {"notifies_at", "notifies_at", Kind::time},
               {"decided_at", "decision.at", Kind::time},
               {"decision", "decision.reason_sentence"},
               {"policy_of", "decision.policy_of"},
               {"told", "told_so_far"},
               {"reminders", "reminders"},
               {"reminded_at", "reminded_at", Kind::time},
               {"escalated_at", "escalated_at", Kind::time},
               {"inactive_at", "inactivation.at", Kind::time},
               {"inactive_because", "inactivation.reason_sentence"},
               {"inactive_by", "inactivation.who"},
               {"inactive_why", "inactivation.why"}},
              print_more);
}

Expected<ExitCode> acknowledge_alerts(Session& session) {
  return tell_each(session, "acknowledge");
}

Expected<ExitCode> inactivate_alerts(Session& session) {
  return tell_each(session, "inactivate");
}

Expected<ExitCode> reactivate_alerts(Session& session) {
  return tell_each(session, "reactivate");
}

Expected<ExitCode> comment_alert(Session& session) {
  const auto& typed = session.typed();
  if (!typed.has("why")) {
    return wrong_usage("-m is missing: the comment", std::string(typed.command->example));
  }
  return change(session, {"POST",
                          path_of({"alerts", session.argument(0), "comment"}),
                          {{"text", typed.value("why")}}});
}

Expected<ExitCode> notify_alerts_now(Session& session) {
  return change_each(session, "alert", [](const std::string& id) {
    return Change{"POST", path_of({"alerts", id, "notify-now"}), Json::object()};
  });
}

Expected<ExitCode> raise_test_alert(Session& session) {
  const auto& typed = session.typed();
  if (typed.has("client") == typed.has("vault")) {
    return wrong_usage("name either --client or --vault: what the test is about",
                       std::string(typed.command->example));
  }
  constexpr BodyField kFields[] = {
      {"client", "client"}, {"vault", "vault"}, {"severity", "severity"}};
  const auto body = body_of(typed, kFields);
  if (!body) return tl::unexpected<Failure>(body.error());
  return change(session, {"POST", path_of({"alerts", "test"}), *body});
}

}  // namespace vaultbell::ctl
