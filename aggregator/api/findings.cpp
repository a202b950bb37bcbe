#include "aggregator/api/findings.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "shared/base/duration.hpp"

namespace vaultbell::api {

namespace {

constexpr Limits kNone = {};
constexpr Limits kWarnOfOne = {.warning = 1};
constexpr Limits kOneIsCritical = {.critical = 1};
// Ten minutes are a few attempts; an hour is a channel that does not work.
constexpr Limits kOutboxAge = {.warning = 600, .critical = 3600};
constexpr Limits kStorePercent = {.warning = 80, .critical = 95};
// Greylisting is over by then; an hour is an alert.
constexpr Limits kChannelFailing = {.warning = 600, .critical = 3600};
// Used; as the alert of kind self has it, and its end.
constexpr Limits kDiskPercent = {.warning = 93, .critical = 95};
// The auditor looks once a minute: as long as the aggregator's own heartbeat waits for it.
constexpr Limits kAgreedAge = {.warning = 120, .critical = 180};
// Loop and gateway turn several times a second.
constexpr Limits kTurnAge = {.warning = 5, .critical = 30};

FindingState judge(double value, const Limits& limits) {
  if (limits.critical && value >= *limits.critical) return FindingState::critical;
  if (limits.warning && value >= *limits.warning) return FindingState::warning;
  return FindingState::ok;
}

Finding finding(std::string name, double value, const Limits& limits, std::string sentence) {
  return {.name = std::move(name),
          .state = judge(value, limits),
          .sentence = std::move(sentence),
          .value = value,
          .limits = limits};
}

// About some things: `none` where there are none, or "3 clients ...: db-1, web-1, nas-1".
struct Words {
  std::string_view none;
  std::string_view one;
  std::string_view many;
};
Finding about_named(std::string name, const Named& named, const Limits& limits,
                    const Words& words) {
  auto sentence =
      named.count == 0
          ? std::string(words.none)
          : fmt::format("{}: {}", counted(named.count, words.one, words.many), in_words(named));
  return finding(std::move(name), static_cast<double>(named.count), limits, std::move(sentence));
}

Finding about_clients(std::string name, const Named& clients, const Limits& limits,
                      std::pair<std::string_view, std::string_view> words) {
  const auto& [none, some] = words;
  return about_named(std::move(name), clients, limits,
                     {none, fmt::format("client {}", some), fmt::format("clients {}", some)});
}

Finding about_outbox(const Scene& scene, const Figures& figures) {
  const auto oldest = figures.oldest_delivery_at;
  const auto age = oldest ? std::max(Duration(scene.now - *oldest), Duration::zero()) : Duration();
  auto result = finding("outbox_age", std::chrono::duration<double>(age).count(), kOutboxAge,
                        oldest ? fmt::format("{}, the oldest for {}",
                                             counted(figures.pending + figures.sending,
                                                     "delivery waits", "deliveries wait"),
                                             to_words(age))
                               : "the outbox is empty");
  result.unit = "s";
  return result;
}

Finding about_given_up(const Figures& figures) {
  auto sentence = figures.given_up == 0
                      ? "no delivery was given up in the last 24 h"
                      : counted(figures.given_up, "delivery was", "deliveries were") +
                            " given up in the last 24 h: somebody was not told";
  if (!figures.are_deliveries_complete) {
    sentence += fmt::format(" (only the newest {} were looked at)", kHistoryMax);
  }
  return finding("deliveries_given_up", static_cast<double>(figures.given_up), kOneIsCritical,
                 std::move(sentence));
}

// Without owners nobody is told of anything, whatever the policies: even of deleted backup data,
// of which they are told always (R6.3).
Finding about_owners(const Scene& scene, const Figures& figures) {
  const auto owners = scene.facts.settings.owners.size();
  auto result = finding("owners", static_cast<double>(owners), kNone,
                        "the account has " + counted(owners, "owner", "owners"));
  if (owners > 0) return result;
  const bool is_missed = figures.vaults_that_notify > 0;
  result.state = is_missed ? FindingState::critical : FindingState::warning;
  result.sentence = is_missed
                        ? counted(figures.vaults_that_notify, "vault notifies", "vaults notify") +
                              " the account's owners, and there are none: set [account] owners"
                        : "the account has no owners, nobody can be told: set [account] owners";
  return result;
}

// Whoever turned all policies off may have meant it, but then silence says nothing.
Finding about_policies(const Figures& figures) {
  const bool are_off = figures.vaults > 0 && figures.vaults_that_notify == 0;
  auto result =
      finding("policies", static_cast<double>(figures.vaults_that_notify), kNone,
              are_off ? "the policy of every vault is off, nobody is told of failures: "
                        "vaultbell policy set vault NAME default"
                      : fmt::format("{} of {} the owners", figures.vaults_that_notify,
                                    counted(figures.vaults, "vault notifies", "vaults notify")));
  if (are_off) result.state = FindingState::warning;
  return result;
}

Finding about_mail(const Scene& scene) {
  const bool is_configured = scene.facts.is_mail_configured;
  auto result =
      finding("mail", is_configured ? 1 : 0, kNone,
              is_configured ? "mail is configured"
                            : "mail is not configured, nobody can be told: set [smtp] url");
  if (!is_configured) result.state = FindingState::critical;
  return result;
}

Finding about_store(const Figures& figures) {
  const auto percent = figures.store_share * 100;
  auto result = finding("store", percent, kStorePercent,
                        fmt::format("the store uses {:.1f} % of what it may grow to", percent));
  result.unit = "%";
  return result;
}

Finding about_declared(const Scene& scene) {
  const auto& declared = scene.facts.declared;
  auto result =
      finding("declared", static_cast<double>(declared.objects), kNone,
              declared.problem.empty()
                  ? counted(declared.objects, "declared object is", "declared objects are") +
                        " as the files say"
                  : "the declared objects were not applied: " + declared.problem);
  if (!declared.problem.empty()) result.state = FindingState::warning;
  return result;
}

// Browsers, and whoever watches the aggregator from elsewhere, see nothing then.
Finding about_web(const Scene& scene) {
  const auto& [address, problem, url] = scene.facts.web;
  auto sentence = address.empty() ? std::string("nothing is shown over TCP: [web] listen is empty")
                                  : fmt::format("the dashboard is at {}", url);
  if (!problem.empty()) {
    sentence = fmt::format(
        "there is no dashboard: {} (free the port, or set [web] listen to another)", problem);
  }
  return finding("web", problem.empty() ? 0 : 1, kWarnOfOne, std::move(sentence));
}

// How long ago something last turned that turns several times a second; before its first turn, how
// long ago the start was.
Finding about_turns(const Scene& scene, std::string name, std::int64_t last_ms,
                    std::string_view who) {
  const auto since_start = Duration(scene.now - scene.facts.started_at);
  const auto since_turn = Duration(scene.steady.time_since_epoch()) - Duration(last_ms);
  const auto age = std::max(last_ms == 0 ? since_start : since_turn, Duration::zero());
  auto result = finding(std::move(name), std::chrono::duration<double>(age).count(), kTurnAge, "");
  result.unit = "s";
  result.sentence = result.state == FindingState::ok
                        ? fmt::format("{} is running", who)
                        : fmt::format("{} has not turned for {}", who, to_words(age));
  return result;
}

// R8.1: whether somebody who shares nothing with the core has found everything told.
Finding about_auditor(const Scene& scene) {
  auto result = about_turns(scene, "auditor", scene.board.auditor_agreed_at_ms.load(), "");
  const auto age = result.value;
  result.limits = kAgreedAge;
  result.state = judge(age, kAgreedAge);
  result.sentence = "the independent auditor agrees";
  if (result.state != FindingState::ok) {
    result.sentence = "the independent auditor has not agreed for " +
                      to_words(Duration(static_cast<Duration::rep>(age * 1000)));
  }
  if (scene.board.does_auditor_disagree) {
    result.state = FindingState::critical;
    result.sentence = "the independent auditor misses something: vaultbell alert list --kind self";
  }
  return result;
}

Finding about_disk(const Scene& scene) {
  constexpr std::uint64_t kMiB = 1U << 20U;
  const auto all = scene.board.disk_bytes.load();
  const auto free = scene.board.disk_free_bytes.load();
  if (all == 0) return finding("disk", 0, kDiskPercent, "nobody has looked at the disk yet");
  const auto used = 100 - 100 * static_cast<double>(free) / static_cast<double>(all);
  auto result = finding("disk", used, kDiskPercent,
                        fmt::format("{} ({:.1f} %) are free on the disk of the state folder",
                                    size_in_words(free), 100 - used));
  result.unit = "%";
  if (free < 768 * kMiB) result.state = std::max(result.state, FindingState::warning);
  if (free < 512 * kMiB) result.state = FindingState::critical;
  return result;
}

Finding about_channels(const Scene& scene, const Figures& figures) {
  const auto since = figures.channel_failing_since;
  const auto age = since ? std::max(Duration(scene.now - *since), Duration::zero()) : Duration();
  auto result =
      finding("channels_failing", std::chrono::duration<double>(age).count(), kChannelFailing,
              since ? fmt::format("nothing is delivered by {} for {}: vaultbell channel list",
                                  in_words(figures.failing_channels), to_words(age))
                    : "no channel fails");
  result.unit = "s";
  return result;
}

std::vector<Finding> about_telling(const Scene& scene, const Figures& figures) {
  return {
      about_auditor(scene),
      about_disk(scene),
      about_named("self_alerts", figures.self_alerts, kWarnOfOne,
                  {"the aggregator has no alert about itself",
                   "alert is active about the aggregator itself",
                   "alerts are active about the aggregator itself"}),
      about_channels(scene, figures),
      about_named("channels_unproven", figures.unproven_channels, kWarnOfOne,
                  {"every channel has delivered something in the last 30 days",
                   "channel has delivered nothing for 30 days (vaultbell contact test NAME)",
                   "channels have delivered nothing for 30 days (vaultbell contact test NAME)"}),
      about_named("contacts_unreached", figures.unreached, kWarnOfOne,
                  {"every contact that a policy names has a verified address",
                   "contact that a policy names has no verified address",
                   "contacts that policies name have no verified address"}),
      about_named("nobody_told", figures.untold, kOneIsCritical,
                  {"by every custom policy somebody is told", "policy by which nobody is told",
                   "policies by which nobody is told"}),
      about_named("owners_in_place", figures.in_place, kWarnOfOne,
                  {"every custom policy names somebody who is reached",
                   "policy names nobody who is reached, so that the owners are told",
                   "policies name nobody who is reached, so that the owners are told"}),
      about_clients("spools_full", figures.full_spools, kOneIsCritical,
                    {"every client can keep its reports", "without room for another report"}),
      about_clients("spools_behind", figures.spooling, kWarnOfOne,
                    {"every client has sent what it kept", "with reports that are still to come"}),
      about_named("jobs_passed_by", figures.passed_jobs, kWarnOfOne,
                  {"every job that agents declare is known",
                   "job that its agent declares is passed by (vaultbell client show NAME)",
                   "jobs that their agents declare are passed by (vaultbell client show NAME)"}),
  };
}

}  // namespace

std::vector<Finding> findings_of(const Scene& scene, const Figures& figures) {
  std::vector<Finding> findings = {
      about_clients("clients_disconnected", figures.disconnected, kOneIsCritical,
                    {"no client is disconnected", "disconnected"}),
      about_clients("clients_never_connected", figures.never_connected, kWarnOfOne,
                    {"every enrolled client has connected", "enrolled but never connected"}),
      about_clients("clock_skew", figures.skewed, kWarnOfOne,
                    {"all clocks agree", "with a clock more than 60 s off"}),
      about_outbox(scene, figures),
      about_given_up(figures),
      about_owners(scene, figures),
      about_policies(figures),
      about_mail(scene),
      about_store(figures),
      about_declared(scene),
      about_web(scene),
      about_turns(scene, "loop", scene.board.last_turn_at_ms.load(), "the main loop"),
      about_turns(scene, "gateway", scene.board.listened_at_ms.load(), "the gateway"),
  };
  std::ranges::move(about_telling(scene, figures), std::back_inserter(findings));
  return findings;
}

}  // namespace vaultbell::api
