#include "aggregator/api/answers.hpp"
#include "aggregator/api/changes.hpp"
#include "aggregator/api/comparing.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/declared/exporting.hpp"
#include "aggregator/storage/store.hpp"

// Declared objects: what the files would change, applying them, and the store as such a file
// (R9.2).

namespace vaultbell::api {

namespace {

declared::Options options_in(Fields& fields) {
  return {.does_adopt = fields.boolean("adopt").value_or(false),
          .does_prune = fields.boolean("prune").value_or(false)};
}

}  // namespace

Result<declared::Comparison> compare(const Scene& scene, const declared::Options& options) {
  const auto loaded = declared::read_folder(scene.facts.declared.folder);
  declared::Comparison comparison{.mistakes = loaded.mistakes, .plan = {}};
  if (!comparison.mistakes.empty()) return comparison;
  const auto state = storage::load_objects(scene.snapshot, scene.facts.settings);
  if (!state) return fail(state.error());
  comparison.plan = declared::plan(
      *state, scene.now,
      {.declaration = loaded.declaration,
       .options = options,
       .actor = {},
       .make_code = [](const core::AddressKey&) { return core::NewCode{}; }});  // none is sent
  return comparison;
}

Result<Json> view_of(const declared::Comparison& comparison, const storage::Snapshot& snapshot,
                     Instant now) {
  auto changes = changes_of(comparison.plan.done, snapshot, now);
  if (!changes) return fail(changes.error());
  return Json{{"mistakes", comparison.mistakes},
              {"refusals", comparison.plan.refusals},
              {"remarks", comparison.plan.remarks},
              {"changes", std::move(*changes)}};
}

Result<Answer> show_config(const Scene& scene, Asked&) {
  const auto& declared = scene.facts.declared;
  return Answer(Json{{"folder", declared.folder},
                     {"objects", declared.objects},
                     {"problem", text_or_null(declared.problem)}});
}

Result<Answer> diff_config(const Scene& scene, Asked& asked) {
  const auto options = options_in(asked.query);
  if (auto ok = asked.query.finish(); !ok) return fail(ok.error());
  const auto comparison = compare(scene, options);
  if (!comparison) return fail(comparison.error());
  auto json = view_of(*comparison, scene.snapshot, scene.now);
  if (!json) return fail(json.error());
  (*json)["is_dry_run"] = true;
  return Answer(std::move(*json));
}

Result<Answer> apply_config(const Scene&, Asked& asked) {
  return Answer(ApplyAsked{options_in(asked.body)});
}

Result<Answer> export_config(const Scene& scene, Asked& asked) {
  const bool are_all = asked.query.boolean("all").value_or(false);
  if (auto ok = asked.query.finish(); !ok) return fail(ok.error());
  const auto state = storage::load_objects(scene.snapshot, scene.facts.settings);
  if (!state) return fail(state.error());
  const auto which = are_all ? declared::Which::all : declared::Which::runtime;
  return Answer(Json{{"toml", declared::to_toml(*state, which)}});
}

}  // namespace vaultbell::api
