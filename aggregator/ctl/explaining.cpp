#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/listing.hpp"
#include "aggregator/ctl/showing.hpp"

namespace vaultbell::ctl {

namespace {

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

Expected<ExitCode> tell_story(Session& session, const std::string& path) {
  const auto answer = session.api().get(path);
  if (!answer) return tl::unexpected<Failure>(answer.error());
  if (session.manner().is_json()) {
    session.print_json(*answer);
  } else {
    print_story(session, *answer);
  }
  return ExitCode::done;
}

}  // namespace

Expected<ExitCode> explain_client(Session& session) {
  Query query;
  if (session.typed().has("kind")) query.emplace_back("kind", session.typed().value("kind"));
  const auto answer = session.api().get(path_of({"explain", "client", session.argument(0)}), query);
  if (!answer) return tl::unexpected<Failure>(answer.error());
  if (session.manner().is_json()) {
    session.print_json(*answer);
    return ExitCode::done;
  }
  const auto& kinds = at(*answer, "kinds");
  const std::vector<Json> items(kinds.begin(), kinds.end());
  session.remark(fmt::format("{} is in vault {}, whose policy is {}", session.argument(0),
                             text_at(*answer, "vault"), text_at(*answer, "policy")));
  return session.print_list(items, Columns{{"severity", "severity", Kind::word},
                                           {"kind", "kind"},
                                           {"notify_after", "notify_after", Kind::duration},
                                           {"who", "reason_sentence"},
                                           {"reason", "reason", Kind::text, true}});
}

Expected<ExitCode> explain_alert(Session& session) {
  return tell_story(session, path_of({"explain", "alert", session.argument(0)}));
}

Expected<ExitCode> explain_run(Session& session) {
  return tell_story(session, path_of({"explain", "run", session.argument(0)}));
}

}  // namespace vaultbell::ctl
