#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"
#include "aggregator/ctl/showing.hpp"
#include "aggregator/declared/reading.hpp"
#include "aggregator/declared/schema.hpp"
#include "shared/config/toml_file.hpp"
#include "shared/domain/zone.hpp"

// Declared objects: what the files say, what they would change, and applying them (R9.2).

namespace vaultbell::ctl {

namespace {

constexpr std::string_view kFolderDefault = "/etc/vaultbell/conf.d";

std::vector<std::string> texts_at(const Json& json, std::string_view path) {
  std::vector<std::string> texts;
  for (const auto& text : at(json, path)) texts.push_back(text.get<std::string>());
  return texts;
}

tl::unexpected<Failure> wrong_files(std::vector<std::string> mistakes) {
  return tl::unexpected<Failure>({.exit = ExitCode::invalid_configuration,
                                  .code = "invalid_configuration",
                                  .message = config::count_of(mistakes),
                                  .hint = {},
                                  .details = std::move(mistakes)});
}

tl::unexpected<Failure> refused(std::vector<std::string> refusals) {
  return tl::unexpected<Failure>({.exit = ExitCode::refused,
                                  .code = "refused",
                                  .message = config::count_of(refusals),
                                  .hint = {},
                                  .details = std::move(refusals)});
}

void tell(const Session& session, const Json& answer) {
  if (session.manner().is_json()) return session.print_json(answer);
  print_changes(session, answer);
  for (const auto& remark : texts_at(answer, "remarks")) session.remark(remark);
  if (at(answer, "changes").empty()) session.remark("nothing to change");
}

}  // namespace

Expected<ExitCode> show_config(Session& session) {
  return show(session, path_of({"config"}),
              {{"folder", "folder"}, {"objects", "objects", Kind::number}, {"problem", "problem"}});
}

// Needs no aggregator: names that are declared nowhere may be in the store.
Expected<ExitCode> check_config(Session& session) {
  if (auto ok = load_zones(); !ok) {
    return tl::unexpected<Failure>({.code = "failed", .message = ok.error().message, .hint = {}});
  }
  const bool is_named = !session.typed().arguments.empty();
  const auto path = is_named ? session.argument(0) : std::string(kFolderDefault);
  auto loaded = is_named ? declared::read_path(path) : declared::read_folder(path);
  if (!loaded.mistakes.empty()) return wrong_files(std::move(loaded.mistakes));
  const auto elsewhere = declared::names_from_elsewhere(loaded.declaration);
  if (session.manner().is_json()) {
    session.print_json(
        {{"files", loaded.files}, {"objects", loaded.declaration.size()}, {"remarks", elsewhere}});
    return ExitCode::done;
  }
  for (const auto& remark : elsewhere) session.remark(remark);
  session.print(fmt::format("{}: {} object{} in {} file{}, no mistakes\n", path,
                            loaded.declaration.size(), loaded.declaration.size() == 1 ? "" : "s",
                            loaded.files, loaded.files == 1 ? "" : "s"));
  return ExitCode::done;
}

Expected<ExitCode> diff_config(Session& session) {
  Query query;
  for (const auto flag : {"adopt", "prune"}) {
    if (session.typed().has(flag)) query.emplace_back(flag, "true");
  }
  const auto answer = session.api().get(path_of({"config", "diff"}), query);
  if (!answer) return tl::unexpected<Failure>(answer.error());
  if (auto mistakes = texts_at(*answer, "mistakes"); !mistakes.empty()) {
    return wrong_files(std::move(mistakes));
  }
  tell(session, *answer);
  if (auto refusals = texts_at(*answer, "refusals"); !refusals.empty()) {
    return refused(std::move(refusals));
  }
  return at(*answer, "changes").empty() ? ExitCode::done : ExitCode::differences;
}

Expected<ExitCode> apply_config(Session& session) {
  constexpr BodyField kOptions[] = {{"adopt", "adopt", As::present},
                                    {"prune", "prune", As::present}};
  const auto body = body_of(session.typed(), kOptions);
  if (!body) return tl::unexpected<Failure>(body.error());
  const auto answer =
      session.api().change("POST", path_of({"config", "apply"}), *body, session.is_dry_run());
  if (!answer) return tl::unexpected<Failure>(answer.error());
  tell(session, *answer);
  return exit_of(session, *answer);
}

Expected<ExitCode> export_config(Session& session) {
  Query query;
  if (session.typed().has("all")) query.emplace_back("all", "true");
  const auto answer = session.api().get(path_of({"config", "export"}), query);
  if (!answer) return tl::unexpected<Failure>(answer.error());
  if (session.manner().is_json()) {
    session.print_json(*answer);
  } else {
    session.print(text_at(*answer, "toml"));
  }
  return ExitCode::done;
}

Expected<ExitCode> print_schema(Session& session) {
  session.print_json(Json::parse(declared::json_schema()));
  return ExitCode::done;
}

}  // namespace vaultbell::ctl
