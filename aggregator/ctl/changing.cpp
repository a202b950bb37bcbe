#include "aggregator/ctl/changing.hpp"

#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace vaultbell::ctl {

namespace {

void add_differences(std::vector<std::string>& lines, const std::string& prefix, const Json& change,
                     const Manner& manner) {
  const auto& before = at(change, "before");
  const auto& after = at(change, "after");
  for (const auto& [name, known] : (after.is_object() ? after : before).items()) {
    const auto& value = at(after, name);
    const auto& old = at(before, name);
    const bool is_said_otherwise = name.ends_with("_sentence") || name == "revision";
    if (old == value || is_said_otherwise) continue;
    if (value.is_object() || old.is_object()) {
      add_differences(lines, prefix + name + ".", {{"before", old}, {"after", value}}, manner);
      continue;
    }
    lines.push_back(fmt::format("{}{}: {} -> {}", prefix, name, shown(old, Kind::text, manner),
                                shown(value, Kind::text, manner)));
  }
}

std::string_view past_of(std::string_view action) {
  if (action == "create") return "created";
  return action == "delete" ? "deleted" : "updated";
}

// Of what is only tried it says what would happen.
std::string sentence_of(const Session& session, const Json& change, bool is_tried) {
  const auto thing = fmt::format("{} {}", text_at(change, "what"),
                                 shown(at(change, "name"), Kind::text, session.manner()));
  const auto action = text_at(change, "action");
  if (is_tried) return fmt::format("would {} {}", action, thing);
  return fmt::format("{} {}", past_of(action), thing);
}

// The failure as one of several: it says what it is about.
Failure failure_about(const std::string& thing, Failure failure) {
  const bool is_named = failure.message.ends_with(thing);
  if (!is_named) failure.message = fmt::format("{}: {}", thing, failure.message);
  return failure;
}

// Identities are numbers, here as everywhere; what is none stays as it was typed.
Json number_in(const std::string& id) {
  std::uint64_t number = 0;
  const auto* end = id.data() + id.size();
  const auto parsed = std::from_chars(id.data(), end, number);
  return parsed.ec == std::errc{} && parsed.ptr == end ? Json(number) : Json(id);
}

// What became of one of several orders.
Json outcome_of(const std::string& id, const Expected<Json>& answer) {
  Json outcome = {{"id", number_in(id)}};
  if (!answer) {
    outcome["result"] = "failed";
    outcome["error"] = {{"code", answer.error().code}, {"message", answer.error().message}};
    return outcome;
  }
  outcome["result"] = at(*answer, "changes").empty() ? "nothing_to_do" : "done";
  outcome["remark"] = at(*answer, "remark");
  outcome["changes"] = at(*answer, "changes");
  return outcome;
}

}  // namespace

std::vector<std::string> differences_of(const Json& change, const Manner& manner) {
  std::vector<std::string> lines;
  add_differences(lines, "", change, manner);
  return lines;
}

void print_changes(const Session& session, const Json& answer) {
  const bool is_tried = session.is_dry_run() || at(answer, "is_dry_run") == true;
  for (const auto& change : at(answer, "changes")) {
    session.print(sentence_of(session, change, is_tried) + "\n");
    if (text_at(change, "action") != "update") continue;
    for (const auto& line : differences_of(change, session.manner())) {
      session.print(fmt::format("  {}\n", line));
    }
  }
}

ExitCode exit_of(const Session& session, const Json& answer) {
  const bool asks_by_exit = session.is_dry_run() && session.typed().has("exit-code");
  return asks_by_exit && !at(answer, "changes").empty() ? ExitCode::differences : ExitCode::done;
}

Expected<Json> order(Session& session, const Change& change) {
  auto answer = session.api().change(change.method, change.path, change.body, session.is_dry_run());
  if (!answer) return answer;
  if (session.manner().is_json()) {
    session.print_json(*answer);
  } else {
    print_changes(session, *answer);
    session.remark(text_at(*answer, "remark"));
  }
  return answer;
}

Expected<ExitCode> change(Session& session, const Change& change) {
  const auto answer = order(session, change);
  if (!answer) return tl::unexpected<Failure>(answer.error());
  return exit_of(session, *answer);
}

Expected<ExitCode> make_secret(Session& session, const Change& change,
                               const std::function<void(const Json& answer)>& show) {
  const auto answer =
      session.api().change(change.method, change.path, change.body, session.is_dry_run());
  if (!answer) return tl::unexpected<Failure>(answer.error());
  if (session.manner().is_json()) {
    session.print_json(*answer);
  } else if (session.is_dry_run()) {
    print_changes(session, *answer);
  } else {
    show(*answer);
  }
  return exit_of(session, *answer);
}

tl::unexpected<Failure> nothing_given(const Session& session) {
  return wrong_usage("nothing to change was given",
                     fmt::format("vaultbell help {}", session.typed().command->words));
}

Expected<ExitCode> edit(Session& session, const std::string& path,
                        std::span<const BodyField> fields) {
  const auto body = body_of(session.typed(), fields);
  if (!body) return tl::unexpected<Failure>(body.error());
  if (body->empty()) return nothing_given(session);
  return change(session, {"PATCH", path, *body});
}

Expected<ExitCode> change_each(Session& session, std::string_view what,
                               const std::function<Change(const std::string&)>& change_of) {
  Json outcomes = Json::array();
  std::vector<Failure> failures;
  std::size_t done = 0;
  auto exit = ExitCode::done;
  for (const auto& id : session.typed().arguments) {
    const auto order = change_of(id);
    const auto answer =
        session.api().change(order.method, order.path, order.body, session.is_dry_run());
    outcomes.push_back(outcome_of(id, answer));
    if (!answer) {
      failures.push_back(failure_about(fmt::format("{} {}", what, id), answer.error()));
      continue;
    }
    ++done;
    if (!session.manner().is_json()) print_changes(session, *answer);
    const auto remark = text_at(*answer, "remark");
    if (!remark.empty()) session.remark(fmt::format("{} {}: {}", what, id, remark));
    if (exit_of(session, *answer) == ExitCode::differences) exit = ExitCode::differences;
  }
  const bool is_told = session.manner().is_json() && done > 0;
  if (is_told) session.print_json(outcomes);
  // Where nothing was done the first failure is the command's own: each is told once.
  for (std::size_t i = done == 0 ? 1 : 0; i < failures.size(); ++i) {
    session.remark(failures[i].message);
  }
  if (failures.empty()) return exit;
  if (done == 0) return tl::unexpected<Failure>(failures.front());
  return ExitCode::partly_done;
}

}  // namespace vaultbell::ctl
