#include "agent/status.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "shared/base/duration.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::agent {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kApiVersion = 1;  // fields are only ever added

Json or_null(const std::optional<Instant>& instant) {
  return instant ? Json(to_iso(*instant)) : Json();
}

Json or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json to_json(const spool::Usage& usage, const std::optional<spool::SetAside>& last) {
  Json json = {{"reports", usage.reports},     {"used_bytes", usage.used_bytes},
               {"max_bytes", usage.max_bytes}, {"is_full", usage.is_full},
               {"open_runs", usage.open_runs}, {"set_aside", usage.set_aside},
               {"last_set_aside", nullptr}};
  if (last) {
    json["last_set_aside"] = {{"at", to_iso(last->at)},
                              {"job", or_null(last->report ? last->report->job : "")},
                              {"reason", last->reason}};
  }
  return json;
}

Json to_json(const AloneFacts& facts) {
  Json json = {{"since", or_null(facts.since)},
               {"is_alone", facts.is_alone},
               {"after_ms", facts.setting.after.count()},
               {"has_command", facts.setting.has_command},
               {"event", nullptr},
               {"command_run_at", nullptr},
               {"command_attempts", 0},
               {"command_is_running", false},
               {"command_is_over", nullptr},
               {"command_exit", nullptr},
               {"command_failed", nullptr},
               {"command_due_at", or_null(facts.due_at)}};
  if (!facts.call) return json;
  const auto& call = *facts.call;
  json["event"] = to_text(call.event);
  json["command_run_at"] = to_iso(call.run_at);
  json["command_attempts"] = call.attempts;
  json["command_is_running"] = call.is_open;
  json["command_is_over"] = call.is_over;
  if (call.exit_code) json["command_exit"] = *call.exit_code;
  json["command_failed"] = or_null(call.failure);
  return json;
}

// For a terminal: some of these texts came over the wire.
std::string text_in(const Json& json, const char* key) {
  const auto& value = json.at(key);
  return value.is_null() ? std::string() : one_line(value.get<std::string>());
}

std::string headline(const Json& json) {
  const auto endpoint = text_in(json, "aggregator");
  if (endpoint.empty()) {
    return "this host is not enrolled\n"
           "what to do: ask the administrator for a join token, then: vaultbell-agent enrol\n";
  }
  if (text_in(json, "running_since").empty()) {
    return "the agent is not running; reports are kept until it is\n"
           "what to do: systemctl start vaultbell-agent (or: vaultbell-agent serve)\n";
  }
  if (json.at("is_connected").get<bool>()) {
    return fmt::format("connected to {} since {}\n", endpoint, text_in(json, "connected_since"));
  }
  if (const auto trouble = text_in(json, "trouble"); !trouble.empty()) {
    return fmt::format(
        "not connected: {} does not let this host in: {}\n"
        "what to do: see on the aggregator what became of this client; to enrol the host anew, "
        "remove enrolment.toml from its state folder, then: vaultbell-agent enrol\n",
        endpoint, trouble);
  }
  const auto last = text_in(json, "last_contact");
  return fmt::format(
      "not connected: no contact {} {}\n"
      "what to do: see that the aggregator runs and that {} can be reached from here\n",
      last.empty() ? "since the start at" : "since",
      last.empty() ? text_in(json, "running_since") : last, endpoint);
}

std::string row(std::string_view name, std::string_view text) {
  return fmt::format("  {:<13}{}\n", name, text);
}

std::string clock_in_words(const Json& ahead_ms) {
  const auto ahead = Duration(ahead_ms.get<std::int64_t>());
  if (std::chrono::abs(ahead) < std::chrono::seconds(1)) return "agrees with the aggregator's";
  return fmt::format("{} {} the aggregator's", to_words(std::chrono::abs(ahead)),
                     ahead.count() > 0 ? "ahead of" : "behind");
}

std::string spool_in_words(const Json& spool) {
  const auto reports = spool.at("reports").get<std::uint64_t>();
  return fmt::format(
      "{}{} report{} to send, {} of {}", spool.at("is_full").get<bool>() ? "full: " : "", reports,
      reports == 1 ? "" : "s", size_in_words(spool.at("used_bytes").get<std::uint64_t>()),
      size_in_words(spool.at("max_bytes").get<std::uint64_t>()));
}

std::string set_aside_in_words(const Json& spool) {
  const auto& last = spool.at("last_set_aside");
  auto text =
      fmt::format("{} refused by the aggregator", spool.at("set_aside").get<std::uint64_t>());
  if (last.is_null()) return text;
  const auto job = text_in(last, "job");
  return text + fmt::format("; last at {}{}: {}", text_in(last, "at"),
                            job.empty() ? "" : fmt::format(" of job \"{}\"", job),
                            text_in(last, "reason"));
}

std::string alone_in_words(const Json& alone) {
  auto text = "since " + text_in(alone, "since");
  if (alone.at("is_alone").get<bool>()) {
    text += ", longer than " + to_text(Duration(alone.at("after_ms").get<std::int64_t>()));
  }
  if (!alone.at("has_command").get<bool>()) return text + "; [alone] has no command to run";
  if (alone.at("is_alone").get<bool>() || alone.at("command_due_at").is_null()) return text;
  return text + "; the command is run at " + text_in(alone, "command_due_at");
}

std::string command_in_words(const Json& alone) {
  const auto text =
      fmt::format("\"{}\" at {}: ", text_in(alone, "event"), text_in(alone, "command_run_at"));
  if (alone.at("command_is_running").get<bool>()) return text + "running";
  const auto failure = text_in(alone, "command_failed");
  if (failure.empty()) return text + "exit code 0";
  const auto due_at = text_in(alone, "command_due_at");
  const auto next = alone.at("command_is_over").get<bool>() ? "not tried again"
                    : due_at.empty()                        ? "tried again with the next contact"
                                                            : "tried again at " + due_at;
  return fmt::format("{}failed: {}; {}", text, failure, next);
}

Json to_json(const std::vector<watch::LogTrouble>& troubles) {
  auto list = Json::array();
  for (const auto& [job, why] : troubles) list.push_back({{"job", job}, {"trouble", why}});
  return list;
}

std::string in_words(const Json& json) {
  auto words = headline(json);
  if (const auto client = text_in(json, "client"); !client.empty()) {
    words += row("client", fmt::format("{} of vault {}", client, text_in(json, "vault")));
    words += row("aggregator", text_in(json, "aggregator"));
  }
  if (const auto key = text_in(json, "fingerprint"); !key.empty()) words += row("key", key);
  if (const auto last = text_in(json, "last_contact"); !last.empty()) {
    words += row("last contact", last);
  }
  // A daemon that is older than we are does not have this key.
  if (const auto alone = json.value("alone", Json()); !alone.is_null()) {
    if (!alone.at("since").is_null()) words += row("alone", alone_in_words(alone));
    if (!alone.at("event").is_null()) words += row("command", command_in_words(alone));
  }
  if (!json.at("clock_ahead_ms").is_null()) {
    words += row("clock", clock_in_words(json.at("clock_ahead_ms")));
  }
  // Nor this one.
  if (json.contains("looked_in") && !json.at("looked_in").is_null()) {
    words += row("state folder", text_in(json, "looked_in"));
  }
  for (const auto& log : json.value("logs", Json::array())) {
    words += row("log", fmt::format("of job \"{}\" is not read: {}", text_in(log, "job"),
                                    text_in(log, "trouble")));
  }
  const auto& spool = json.at("spool");
  words += row("spool", spool_in_words(spool));
  if (spool.at("set_aside").get<std::uint64_t>() > 0) {
    words += row("set aside", set_aside_in_words(spool));
  }
  return words;
}

}  // namespace

std::string to_json(const StatusFacts& facts) {
  const auto enrolment = facts.enrolment.value_or(Enrolment{});
  const Json json = {
      {"api_version", kApiVersion},
      {"at", to_iso(facts.at)},
      {"running_since", or_null(facts.running_since)},
      {"is_connected", facts.is_connected},
      {"connected_since", or_null(facts.connected_since)},
      {"last_contact", or_null(facts.last_contact)},
      {"trouble", or_null(facts.trouble)},
      {"aggregator", or_null(enrolment.endpoint)},
      {"client", or_null(enrolment.client)},
      {"vault", or_null(enrolment.vault)},
      {"fingerprint", or_null(facts.fingerprint)},
      {"clock_ahead_ms", facts.clock_ahead ? Json(facts.clock_ahead->count()) : Json()},
      {"spool", to_json(facts.spool, facts.last_set_aside)},
      {"looked_in", or_null(facts.looked_in)},
      {"logs", to_json(facts.log_troubles)},
      {"alone", facts.alone ? to_json(*facts.alone) : Json()},
  };
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Shown> show(const std::string& json) {
  try {
    const auto parsed = Json::parse(json);
    return Shown{parsed.at("is_connected").get<bool>(), in_words(parsed)};
  } catch (const Json::exception& error) {
    return fail(fmt::format("the agent's answer cannot be read: {}", error.what()));
  }
}

std::string to_json(const PollFacts& facts) {
  Json json = {{"api_version", kApiVersion}, {"job", facts.job}, {"is_new", facts.is_new}};
  json["trouble"] = facts.trouble.empty() ? Json() : Json(facts.trouble);
  json["outcome"] = facts.report ? Json(to_text(facts.report->outcome)) : Json();
  json["ended_at"] = facts.report ? Json(to_iso(*facts.report->ended_at)) : Json();
  json["snapshot"] = facts.report ? Json(facts.report->snapshot) : Json();
  return json.dump();
}

std::string to_json(const std::vector<TestStep>& steps) {
  auto list = Json::array();
  bool is_good = true;
  for (const auto& step : steps) {
    list.push_back({{"name", step.name}, {"is_good", step.is_good}, {"text", step.text}});
    is_good &= step.is_good;
  }
  return Json{{"api_version", kApiVersion}, {"is_good", is_good}, {"steps", std::move(list)}}
      .dump();
}

std::string receipt_of(const RunReport& report) {
  const Json json = {{"api_version", kApiVersion},
                     {"run", to_text(report.run)},
                     {"job", report.job},
                     {"outcome", to_text(report.outcome)}};
  return json.dump();
}

}  // namespace vaultbell::agent
