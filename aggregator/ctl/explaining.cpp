#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/listing.hpp"
#include "aggregator/ctl/showing.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::ctl {

namespace {

// What --expect is about unless --kind says otherwise.
constexpr std::string_view kExpectedKind = "backup_failed";
constexpr std::string_view kNobody = "nobody";

// "a@example.org, bob" as its parts; "nobody" is none.
std::set<std::string> people_in(std::string_view list) {
  std::set<std::string> people;
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    const auto name = trimmed(list.substr(0, comma));
    if (!name.empty() && name != kNobody) people.emplace(name);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return people;
}

std::string listed(const std::set<std::string>& people) {
  return people.empty() ? std::string(kNobody) : fmt::format("{}", fmt::join(people, ", "));
}

// "alice (alice@example.org)"; an owner's name is the address.
std::string in_words(const Json& recipient) {
  const auto name = text_at(recipient, "name");
  const auto address = text_at(recipient, "address");
  return name.empty() || name == address ? address : fmt::format("{} ({})", name, address);
}

// Whether these are the recipients that --expect names: each by the address or by the contact's
// name. `about` begins the sentence that says that they are not.
Expected<ExitCode> compare(const Session& session, const Json& recipients,
                           const std::string& about) {
  if (!session.typed().has("expect")) return ExitCode::done;
  const auto expected = people_in(session.typed().value("expect"));
  std::set<std::string> told;
  std::set<std::string> unexpected;
  auto missing = expected;
  for (const auto& recipient : recipients) {
    told.insert(in_words(recipient));
    bool is_expected = false;
    for (const auto* field : {"name", "address"}) {
      const auto known = text_at(recipient, field);
      is_expected = is_expected || expected.contains(known);
      missing.erase(known);
    }
    if (!is_expected) unexpected.insert(in_words(recipient));
  }
  if (missing.empty() && unexpected.empty()) return ExitCode::done;
  std::string what;
  if (!missing.empty()) what += fmt::format(": {} missing", listed(missing));
  if (!unexpected.empty()) {
    what += fmt::format("{}{} not expected", what.empty() ? ": " : ", ", listed(unexpected));
  }
  return tl::unexpected<Failure>(
      {.code = "failed",
       .message = fmt::format("{}{}", about, what),
       .hint = fmt::format("expected: {}; told: {}", listed(expected), listed(told))});
}

void print_story(const Session& session, const Json& answer) {
  auto exact = session.manner();
  if (exact.format == Format::table) exact.format = Format::wide;
  for (const auto& moment : at(answer, "story")) {
    const auto when = shown(at(moment, "at"), Kind::time, exact);
    const auto what = shown(at(moment, "what"), Kind::text, session.manner());
    session.print(session.manner().format == Format::tsv ? fmt::format("{}\t{}\n", when, what)
                                                         : fmt::format("{}  {}\n", when, what));
  }
}

Expected<Json> tell_story(Session& session, const std::string& path) {
  auto answer = session.api().get(path);
  if (!answer) return answer;
  if (session.manner().is_json()) {
    session.print_json(*answer);
  } else {
    print_story(session, *answer);
  }
  return answer;
}

// Who would be told of the kind that --expect is about.
const Json& recipients_of(const Json& answer, const std::string& kind) {
  static const Json kNone = Json::array();
  for (const auto& item : at(answer, "kinds")) {
    if (text_at(item, "kind") == kind) return at(item, "recipients");
  }
  return kNone;
}

}  // namespace

Expected<ExitCode> explain_client(Session& session) {
  const auto& typed = session.typed();
  Query query;
  if (typed.has("kind")) query.emplace_back("kind", typed.value("kind"));
  const auto answer = session.api().get(path_of({"explain", "client", session.argument(0)}), query);
  if (!answer) return tl::unexpected<Failure>(answer.error());
  if (session.manner().is_json()) {
    session.print_json(*answer);
  } else {
    const auto& kinds = at(*answer, "kinds");
    session.remark(fmt::format("{} is in vault {}, whose policy is {}", session.argument(0),
                               text_at(*answer, "vault"), text_at(*answer, "policy")));
    const auto printed = session.print_list(
        {kinds.begin(), kinds.end()}, Columns{{"severity", "severity", Kind::word},
                                              {"kind", "kind"},
                                              {"notify_after", "notify_after", Kind::duration},
                                              {"who", "reason_sentence"},
                                              {"reason", "reason", Kind::text, true}});
    if (!printed) return printed;
  }
  const auto kind = typed.has("kind") ? typed.value("kind") : std::string(kExpectedKind);
  return compare(
      session, recipients_of(*answer, kind),
      fmt::format("{} of {} would be told to others than expected", kind, session.argument(0)));
}

Expected<ExitCode> explain_alert(Session& session) {
  const auto answer = tell_story(session, path_of({"explain", "alert", session.argument(0)}));
  if (!answer) return tl::unexpected<Failure>(answer.error());
  return compare(session, at(*answer, "alert.told"),
                 fmt::format("alert {} was told to others than expected", session.argument(0)));
}

Expected<ExitCode> explain_run(Session& session) {
  const auto answer = tell_story(session, path_of({"explain", "run", session.argument(0)}));
  if (!answer) return tl::unexpected<Failure>(answer.error());
  return ExitCode::done;
}

}  // namespace vaultbell::ctl
