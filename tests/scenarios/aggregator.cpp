// The aggregator's process, its clock and its disk, and the servers that take its messages.
#include <fmt/format.h>

#include "tests/scenarios/statements.hpp"

namespace vaultbell::scenarios {

namespace {

Status restart(Stage& stage, const Match&) {
  stage.world().stop();
  stage.world().start();
  stage.world().settle();
  return {};
}

Status stop_until(Stage& stage, const Match& match) {
  const auto time = stage.time_of(match);
  if (!time) return fail(time.error());
  stage.world().stop();
  stage.plan(*time, [&stage] {
    stage.world().start();
    stage.world().settle();
  });
  return {};
}

Status suspend(Stage& stage, const Match& match) {
  const auto duration = duration_in(match);
  if (!duration) return fail(duration.error());
  stage.world().suspend(*duration);
  return {};
}

Status step_clock(Stage& stage, const Match& match) {
  const auto& text = match.at("DURATION");
  const bool is_back = text.starts_with('-');
  const auto duration = parse_duration(is_back ? text.substr(1) : text);
  if (!duration) return fail(duration.error());
  stage.world().step_clock(is_back ? -*duration : *duration);
  stage.world().settle();
  return {};
}

Status slow_disk(Stage& stage, const Match& match) {
  const auto duration = duration_in(match);
  if (!duration) return fail(duration.error());
  const auto time = stage.time_of(match);
  if (!time) return fail(time.error());
  stage.world().commits_take(*duration);
  stage.plan(*time, [&stage] { stage.world().commits_take(Duration::zero()); });
  return {};
}

Status find_trouble(Stage& stage, const Match& match) {
  const auto problem = match.find("PROBLEM");
  stage.world().submit(
      core::SelfChecked{match.at("TOPIC"), problem == match.end() ? "" : problem->second});
  stage.world().settle();
  return {};
}

Status mail_down(Stage& stage, const Match& match) {
  const auto time = stage.time_of(match);
  if (!time) return fail(time.error());
  auto& receivers = stage.world().receivers;
  receivers.always(core::Channel::email, support::try_later("connection refused"));
  stage.plan(*time, [&receivers] { receivers.always(core::Channel::email, {}); });
  return {};
}

template <bool are_answering>
Status mail_answers(Stage& stage, const Match&) {
  stage.world().receivers.are_answering = are_answering;
  return {};
}

Status mail_refuses(Stage& stage, const Match& match) {
  const auto address = address_of(stage, match.at("PERSON")).address;
  stage.world().receivers.always(address, support::refusal());
  return {};
}

Status mail_accepts(Stage& stage, const Match& match) {
  stage.world().receivers.always(address_of(stage, match.at("PERSON")).address, {});
  return {};
}

Status mail_greylists(Stage& stage, const Match& match) {
  const auto count = count_in(match);
  if (!count) return fail(count.error());
  stage.world().receivers.next(address_of(stage, match.at("PERSON")).address,
                               {*count, support::put_off("450 greylisted")});
  return {};
}

}  // namespace

Statements aggregator_and_mail() {
  return {
      {Pattern("aggregator restarts"), "as after a power cut", restart},
      {Pattern("aggregator is down until [DATE] TIME"), "it does not run until then", stop_until},
      {Pattern("aggregator is suspended for DURATION"), "its machine sleeps: both clocks go on",
       suspend},
      {Pattern("aggregator finds its TOPIC \"PROBLEM\""), "a check of itself", find_trouble},
      {Pattern("aggregator finds its TOPIC well"), "the same, when the problem is gone",
       find_trouble},
      {Pattern("wall clock steps by DURATION"), "forwards, or with \"-\" backwards", step_clock},
      {Pattern("commits take DURATION until [DATE] TIME"), "a slow disk", slow_disk},
      {Pattern("mail server is down until [DATE] TIME"), "it cannot be reached", mail_down},
      {Pattern("mail server hangs"), "it answers no delivery any more", mail_answers<false>},
      {Pattern("mail server answers again"), "new deliveries, that is", mail_answers<true>},
      {Pattern("mail server refuses PERSON"), "for good, with 550", mail_refuses},
      {Pattern("mail server accepts PERSON"), "again", mail_accepts},
      {Pattern("mail server greylists PERSON COUNT times"), "with 450", mail_greylists},
  };
}

}  // namespace vaultbell::scenarios
