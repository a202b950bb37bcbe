#include "aggregator/declaring.hpp"

#include <utility>

#include "aggregator/api/codes.hpp"
#include "shared/base/log.hpp"
#include "shared/config/toml_file.hpp"

namespace vaultbell::aggregator {

// The plan is made of the State to which it is given, in the same breath: nothing comes between.
std::vector<core::Command> Declaring::commands_for(const core::State& state, Instant now,
                                                   const Wish& wish,
                                                   const declared::Declaration& declaration) {
  const declared::Wanted wanted{.declaration = declaration,
                                .options = wish.options,
                                .actor = wish.actor,
                                .make_code = [this](const core::AddressKey& place) {
                                  return api::new_code(code_key_, place);
                                }};
  std::vector<core::Command> commands;
  const bool has_new_settings = wish.settings != nullptr && *wish.settings != state.settings;
  if (has_new_settings) {
    auto after = state;
    core::evolve(after, core::Remember{*wish.settings});
    comparison_.plan = declared::plan(after, now, wanted);
  } else {
    comparison_.plan = declared::plan(state, now, wanted);
  }
  if (!comparison_.is_good()) return commands;
  if (wish.settings != nullptr) commands.emplace_back(core::Reconfigured{*wish.settings});
  for (auto& order : comparison_.plan.orders) commands.emplace_back(std::move(order));
  comparison_.plan.orders.clear();
  return commands;
}

Result<declared::Comparison> Declaring::apply(declared::Loaded loaded, const Wish& wish) {
  if (!loaded.mistakes.empty()) return refuse(std::move(loaded.mistakes));
  comparison_ = {};
  const auto carried = loop_.carry_out([&](const core::State& state, Instant now) {
    return commands_for(state, now, wish, loaded.declaration);
  });
  if (!carried) return fail(carried.error());
  if (comparison_.is_good()) {
    declaration_ = std::move(loaded.declaration);
    does_wait_ = comparison_.plan.does_wait;
    facts_.objects = declaration_.size();
  }
  report();
  return comparison_;
}

declared::Comparison Declaring::refuse(std::vector<std::string> mistakes) {
  comparison_ = {.mistakes = std::move(mistakes), .plan = {}};
  report();
  return comparison_;
}

// Of files that were refused since, the last good ones count.
Status Declaring::go_on() {
  if (!does_wait_) return {};
  const auto refused = comparison_.is_good() ? std::nullopt : std::optional(comparison_);
  const auto applied = apply({.declaration = declaration_, .mistakes = {}}, {});
  if (!applied) return fail(applied.error());
  if (!refused) return {};
  comparison_ = *refused;
  facts_.problem = declared::in_a_sentence(comparison_);
  return {};
}

void Declaring::report() {
  facts_.problem = declared::in_a_sentence(comparison_);
  for (const auto& trouble : comparison_.troubles()) log::error("{}", trouble);
  if (!facts_.problem.empty()) {
    return log::error("the declared objects stay as they are: {}",
                      config::count_of(comparison_.troubles()));
  }
  for (const auto& remark : comparison_.plan.remarks) log::info("{}", remark);
  if (const auto count = comparison_.plan.done.changes.size(); count > 0) {
    log::info("{} objects and messages were changed as files declare", count);
  }
}

}  // namespace vaultbell::aggregator
