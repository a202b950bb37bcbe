#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"
#include "aggregator/ctl/listing.hpp"

namespace vaultbell::ctl {

namespace {

// "vault prod, client db-1 and 3 more"
std::string things_of(const Json& entry) {
  std::string text;
  for (const auto& change : at(entry, "changes")) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", text_at(change, "what"),
                        text_at(change, "name"));
  }
  const auto more = number_at(entry, "more");
  return more == 0 ? text : fmt::format("{} and {} more", text, more);
}

// "policy: default -> off; ..." of what was changed, not of what was made or deleted.
std::string differences_in(const Json& entry) {
  const Manner exact{.format = Format::tsv, .is_utc = true};
  std::string text;
  for (const auto& change : at(entry, "changes")) {
    if (at(change, "before").is_null() || at(change, "after").is_null()) continue;
    for (const auto& line : differences_of(change, exact)) {
      text += (text.empty() ? "" : "; ") + line;
    }
  }
  return text;
}

std::vector<Json> audit_rows(std::vector<Json> entries) {
  for (auto& entry : entries) {
    entry["what"] = things_of(entry);
    entry["differences"] = differences_in(entry);
  }
  return entries;
}

}  // namespace

Expected<ExitCode> list_audit(Session& session) {
  return list(session, {.path = path_of({"audit"}),
                        .filters = {"since", "actor", "action"},
                        .columns = {{"id", "id", Kind::number, false, {}, 1},
                                    {"at", "at", Kind::time},
                                    {"actor", "actor"},
                                    {"action", "action"},
                                    {"what", "what"},
                                    {"remark", "remark"},
                                    {"differences", "differences", Kind::text, true}},
                        .none = "nobody has changed anything yet",
                        .none_matches = "no change matches",
                        .rows_of = audit_rows});
}

}  // namespace vaultbell::ctl
