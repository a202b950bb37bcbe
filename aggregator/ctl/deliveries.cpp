#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"
#include "aggregator/ctl/listing.hpp"
#include "aggregator/ctl/showing.hpp"

namespace vaultbell::ctl {

namespace {

const Columns& attempt_columns() {
  static const Columns kColumns = {{"attempt", "number", Kind::number},
                                   {"result", "result"},
                                   {"started_at", "started_at", Kind::time},
                                   {"latency", "latency", Kind::duration},
                                   {"answer", "answer"}};
  return kColumns;
}

void print_attempts(const Session& session, const Json& delivery) {
  print_inner(session, at(delivery, "attempts"), "attempts", attempt_columns());
}

// For people: the subject and the text, as their mail program would show them.
Expected<ExitCode> print_message(Session& session) {
  const auto& id = session.argument(0);
  const auto message = session.api().get(path_of({"deliveries", id, "message"}));
  if (!message) return tl::unexpected<Failure>(message.error());
  if (session.manner().is_json()) {
    session.print_json(*message);
    return ExitCode::done;
  }
  if (const auto problem = text_at(*message, "problem"); !problem.empty()) {
    return tl::unexpected<Failure>(
        {.code = "failed",
         .message = fmt::format("what delivery {} says can no longer be known: {}", id, problem)});
  }
  const auto subject = text_at(*message, "subject");
  if (!subject.empty()) print_lines(session, fmt::format("Subject: {}\n\n", subject));
  print_lines(session, text_at(*message, "text"));
  return ExitCode::done;
}

}  // namespace

Expected<ExitCode> list_deliveries(Session& session) {
  Query query;
  if (session.typed().has("failed")) query.emplace_back("state", "given_up");
  return list(session,
              {.path = path_of({"deliveries"}),
               .filters = {"state", "alert", "recipient"},
               .columns = {{"id", "id", Kind::number},
                           {"state", "state", Kind::word},
                           {"to", "address"},
                           {"event", "event"},
                           {"headline", "headline"},
                           {"created_at", "created_at", Kind::time},
                           {"attempts", "attempt_count", Kind::number},
                           {"next_attempt_at", "next_attempt_at", Kind::time},
                           {"last_answer", "last_answer"},
                           {"alert", "alert", Kind::number, true},
                           {"channel", "channel", Kind::text, true},
                           {"contact", "contact", Kind::text, true},
                           {"group", "group", Kind::text, true},
                           {"digest", "digest", Kind::number, true},
                           {"why", "why", Kind::text, true},
                           {"end_reason", "end_reason", Kind::text, true},
                           {"ended_at", "ended_at", Kind::time, true},
                           {"latency", "latency", Kind::duration, true}},
               .none = "no delivery; there is one for everybody who is told of an alert",
               .none_matches = "no delivery matches"},
              std::move(query));
}

Expected<ExitCode> show_delivery(Session& session) {
  if (session.typed().has("message")) return print_message(session);
  return show(session, path_of({"deliveries", session.argument(0)}),
              {{"id", "id"},
               {"state", "state", Kind::word},
               {"event", "event"},
               {"alert", "alert"},
               {"headline", "headline"},
               {"to", "address"},
               {"channel", "channel"},
               {"contact", "contact"},
               {"group", "group"},
               {"is_for_digest", "is_for_digest"},
               {"digest", "digest"},
               {"why", "why_sentence"},
               {"created_at", "created_at", Kind::time},
               {"next_attempt_at", "next_attempt_at", Kind::time},
               {"give_up_at", "give_up_at", Kind::time},
               {"ended_at", "ended_at", Kind::time},
               {"ended_because", "end_reason_sentence"},
               {"latency", "latency"},
               {"may_be_repeated", "may_be_repeated"}},
              print_attempts);
}

Expected<ExitCode> retry_deliveries(Session& session) {
  auto exit = change_each(session, "delivery", [](const std::string& id) {
    return Change{"POST", path_of({"deliveries", id, "retry"}), Json::object()};
  });
  if (!exit && exit.error().code == "refused") {
    exit.error().hint = fmt::format(
        "only what waits or was given up is sent again; what became of it: vaultbell delivery "
        "show {}",
        session.argument(0));
  }
  return exit;
}

Expected<ExitCode> cancel_deliveries(Session& session) {
  return change_each(session, "delivery", [](const std::string& id) {
    return Change{"POST", path_of({"deliveries", id, "cancel"}), Json::object()};
  });
}

}  // namespace vaultbell::ctl
