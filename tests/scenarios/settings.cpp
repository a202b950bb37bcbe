// The configuration, and the vaults and clients with their policies.
#include <fmt/format.h>

#include "tests/scenarios/phrases.hpp"
#include "tests/scenarios/statements.hpp"

namespace vaultbell::scenarios {

namespace {

Status set_policy(Stage& stage, core::PolicyHolder holder, const std::string& text) {
  core::Policy policy;
  if (auto ok = say(stage, policy, text, "a policy", policy_phrases()); !ok) return ok;
  return done(stage.world().order(core::SetPolicy{.holder = holder, .policy = policy}));
}

Status set_vault(Stage& stage, const Match& match) {
  return set_policy(stage, {.vault = stage.world().vault(match.at("VAULT"))}, match.at("REST"));
}

Status set_client(Stage& stage, const Match& match) {
  return set_policy(stage, {.client = stage.host(match).client}, match.at("REST"));
}

Status add_client(Stage& stage, const Match& match) {
  stage.world().connect(stage.world().enrol(match.at("CLIENT"), match.at("VAULT")));
  return {};
}

Status add_clients(Stage& stage, const Match& match) {
  const auto names = names_from(match.at("FIRST"), match.at("LAST"));
  if (!names) return fail(names.error());
  for (const auto& name : *names)
    stage.world().connect(stage.world().enrol(name, match.at("VAULT")));
  return {};
}

Status enrol_client(Stage& stage, const Match& match) {
  stage.world().enrol(match.at("CLIENT"), match.at("VAULT"));
  return {};
}

Status clone_client(Stage& stage, const Match& match) {
  stage.world().clone(stage.host(match), match.at("CLONE"));
  return {};
}

Status map_warnings(Stage& stage, const Match& match) {
  const auto outcome = word_in<Outcome>(match, "OUTCOME", "outcome");
  if (!outcome) return fail(outcome.error());
  return done(stage.world().order(core::EditVault{.vault = stage.world().vault(match.at("VAULT")),
                                                  .timing = {},
                                                  .warning_counts_as = *outcome}));
}

Status set_owners(Stage& stage, const Match& match) {
  auto settings = stage.world().settings();
  settings.owners.clear();
  for (const auto& name : names_in(match.at("REST"))) {
    if (name != "nobody") settings.owners.push_back(name + "@example.org");
  }
  stage.world().reconfigure(std::move(settings));
  return {};
}

// Sets a duration of the configuration.
template <class Member>
auto set(Member member) {
  return [member](Stage& stage, const Match& match) -> Status {
    const auto duration = duration_in(match);
    if (!duration) return fail(duration.error());
    auto settings = stage.world().settings();
    member(settings) = *duration;
    stage.world().reconfigure(std::move(settings));
    return {};
  };
}

Status set_limit(Stage& stage, const Match& match) {
  const auto channel = word_in<core::Channel>(match, "CHANNEL", "channel");
  if (!channel) return fail(channel.error());
  const auto count = count_in(match);
  if (!count) return fail(count.error());
  const auto window = duration_in(match);
  if (!window) return fail(window.error());
  auto settings = stage.world().settings();
  auto& limited = *channel == core::Channel::email ? settings.email : settings.mobile;
  limited.limits = {{*count, *window}};
  stage.world().reconfigure(std::move(settings));
  return {};
}

template <bool does_silence>
Status silence_destructive(Stage& stage, const Match&) {
  auto settings = stage.world().settings();
  settings.off_silences_destructive = does_silence;
  stage.world().reconfigure(std::move(settings));
  return {};
}

}  // namespace

Statements settings() {
  return {
      {Pattern("vault VAULT REST"), "make a vault, or change its policy to these phrases",
       set_vault},
      {Pattern("client CLIENT in VAULT"), "enrol a host in this vault and connect it", add_client},
      {Pattern("clients FIRST to LAST in VAULT"), "the same of several", add_clients},
      {Pattern("client CLIENT is enrolled in VAULT"), "it does not connect yet", enrol_client},
      {Pattern("client CLONE is a clone of CLIENT"), "a host with the same key", clone_client},
      {Pattern("client CLIENT has policy REST"), "change its policy to these phrases", set_client},
      {Pattern("warnings in VAULT count as OUTCOME"), "failed or succeeded", map_warnings},
      {Pattern("owners REST"), "the owners are these people, or nobody", set_owners},
      {Pattern("notify_after DURATION"), "the configuration is read again, with this hold",
       set([](auto& settings) -> Duration& { return settings.notify_after; })},
      {Pattern("heartbeat_every DURATION"), "the same for the time between heartbeats",
       set([](auto& settings) -> Duration& { return settings.timing.heartbeat_every; })},
      {Pattern("disconnect_after DURATION"), "the same for the silence that is a disconnect",
       set([](auto& settings) -> Duration& { return settings.timing.disconnect_after; })},
      {Pattern("offline_grace DURATION"), "the same for the time a client may stay offline",
       set([](auto& settings) -> Duration& { return settings.timing.offline_grace; })},
      {Pattern("CHANNEL takes at most COUNT messages in DURATION"),
       "the same for the limits of email or mobile", set_limit},
      {Pattern("off silences destroyed data"), "the same for off_silences_destructive",
       silence_destructive<true>},
      {Pattern("off does not silence destroyed data"), "the same", silence_destructive<false>},
  };
}

}  // namespace vaultbell::scenarios
