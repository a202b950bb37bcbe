#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"
#include "aggregator/ctl/listing.hpp"
#include "shared/base/nearest.hpp"

namespace vaultbell::ctl {

namespace {

constexpr std::size_t kDigestsMax = 100'000;  // bounds the memory

bool is_of(const Json& digest, const std::string& recipient) {
  return text_at(digest, "address") == recipient || text_at(digest, "name") == recipient;
}

tl::unexpected<Failure> nothing_gathered(const std::string& recipient,
                                         const std::vector<Json>& digests) {
  std::vector<std::string> known;
  for (const auto& digest : digests) {
    known.push_back(text_at(digest, "address"));
    known.push_back(text_at(digest, "name"));
  }
  const std::vector<std::string_view> words(known.begin(), known.end());
  const auto near = nearest(recipient, words);
  return tl::unexpected<Failure>(
      {.exit = ExitCode::not_found,
       .code = "not_found",
       .message = fmt::format("nothing is gathered for \"{}\"", recipient),
       .hint = near ? fmt::format("did you mean \"{}\"?", *near)
                    : "vaultbell digest show shows for whom there is"});
}

// What is gathered; of one person where --recipient says whose, who must have something then.
Expected<std::vector<Json>> digests_meant(Session& session) {
  auto digests = session.api().list(path_of({"digests"}), {}, kDigestsMax);
  if (!digests || !session.typed().has("recipient")) return digests;
  const auto recipient = session.typed().value("recipient");
  std::vector<Json> meant;
  for (const auto& digest : *digests) {
    if (is_of(digest, recipient)) meant.push_back(digest);
  }
  if (meant.empty()) return nothing_gathered(recipient, *digests);
  return meant;
}

// One row for each message that is in a digest.
std::vector<Json> digest_rows(const std::vector<Json>& digests) {
  std::vector<Json> rows;
  for (const auto& digest : digests) {
    for (const auto& alert : at(digest, "alerts")) {
      auto& row = rows.emplace_back(alert);
      for (const auto* field : {"address", "channel", "name", "due_at"}) {
        row[field] = at(digest, field);
      }
    }
  }
  return rows;
}

}  // namespace

Expected<ExitCode> show_digests(Session& session) {
  const auto digests = digests_meant(session);
  if (!digests) return tl::unexpected<Failure>(digests.error());
  const std::vector<Column> columns = {
      {"due_at", "due_at", Kind::time},           {"to", "address"},
      {"name", "name", Kind::text, false, {}, 1}, {"event", "event"},
      {"alert", "alert", Kind::number},           {"headline", "headline"},
      {"channel", "channel", Kind::text, true},   {"delivery", "delivery", Kind::number, true}};
  const bool is_json = session.manner().is_json();
  auto exit = session.print_list(is_json ? *digests : digest_rows(*digests), columns);
  if (exit && digests->empty()) {
    session.remark(
        "nothing is gathered; policies gather with --frequency hourly or daily: vaultbell policy "
        "set");
  }
  return exit;
}

Expected<ExitCode> send_digests(Session& session) {
  if (!session.typed().has("recipient")) {
    return change(session, {"POST", path_of({"digests", "send"}), Json::object()});
  }
  const auto digests = digests_meant(session);
  if (!digests) return tl::unexpected<Failure>(digests.error());
  auto done = ExitCode::done;
  for (const auto& digest : *digests) {
    const auto exit =
        change(session, {"POST",
                         path_of({"digests", "send"}),
                         {{"address", at(digest, "address")}, {"channel", at(digest, "channel")}}});
    if (!exit) return exit;
    if (*exit != ExitCode::done) done = *exit;
  }
  return done;
}

}  // namespace vaultbell::ctl
