#include "agent/core/alone.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "shared/base/duration.hpp"

namespace vaultbell::agent::core {

namespace {

bool is_wanted(const Alone& alone) {
  return alone.setting.after > Duration::zero();
}

Duration fresh_chance(const Alone& alone) {
  return std::min(kFreshChance, alone.setting.after);
}

bool was_told_alone(const Alone& alone) {
  return alone.call && alone.call->event == AloneEvent::alone;
}

// By the steady clock, unless the last contact was before the start.
Duration lasted_until_now(const Draft& draft) {
  const auto& alone = draft.alone;
  if (!alone.since_before) return draft.now - alone.contact_at;
  return std::max(draft.wall - *alone.since_before, Duration::zero());
}

Duration pause_after(std::uint32_t attempts) {
  const auto passed = std::min(attempts, kAloneAttemptsMax);
  auto pause = kAloneRetryFirst;
  for (std::uint32_t i = 1; i < passed; ++i) pause *= kAloneRetryFactor;
  return pause;
}

void fail_attempt(Draft& draft, std::string why) {
  auto& alone = draft.alone;
  auto& call = *alone.call;
  call.failure = std::move(why);
  call.is_over = call.attempts >= kAloneAttemptsMax;
  auto text = "the command of [alone] has failed: " + call.failure;
  if (call.is_over) {
    text += "; given up after " + std::to_string(call.attempts) + " attempts";
  } else {
    const auto pause = pause_after(call.attempts);
    alone.retry_at = draft.now + pause;
    text += "; it is tried again in " + to_words(pause);
  }
  draft.emit(Note{true, std::move(text)});
}

void keep(Draft& draft) {
  auto& alone = draft.alone;
  alone.kept = {.call = alone.call};
  if (!alone.has_contact && alone.setting.has_command) {
    alone.kept.since = last_contact(alone, {draft.now, draft.wall});
    alone.kept.counted = alone.counted;
  }
  draft.emit(KeepAlone{alone.kept});
}

void begin_attempt(Draft& draft) {
  auto& alone = draft.alone;
  auto& call = *alone.call;
  ++call.attempts;
  call.is_open = true;
  call.run_at = draft.wall;
  call.exit_code.reset();
  call.failure.clear();
  alone.retry_at.reset();
  if (call.event == AloneEvent::alone) call.lasted = lasted_until_now(draft);
  keep(draft);
  draft.emit(RunAloneCommand{call.event, call.since, call.lasted});
}

// When the host counts as alone if it reaches nobody until then.
std::optional<Steady> alone_at(const Alone& alone) {
  if (alone.has_contact || alone.is_alone) return std::nullopt;
  const auto missing = std::max(alone.setting.after - alone.counted, Duration::zero());
  return std::max(alone.seen_at + missing, alone.fresh_until);
}

// When a call that has failed is tried again; absent too while it would not be true.
std::optional<Steady> next_retry(const Alone& alone) {
  if (!alone.retry_at || alone.has_contact == was_told_alone(alone)) return std::nullopt;
  return alone.has_contact ? *alone.retry_at : std::max(*alone.retry_at, alone.fresh_until);
}

// One at a time: what is being told is told to its end. What was told last and what is so now say
// what is to be told next; a call that fails and is overtaken by events is not tried again.
void call_if_due(Draft& draft) {
  auto& alone = draft.alone;
  if (alone.call && alone.call->is_open) return;
  if (alone.has_contact && was_told_alone(alone)) {
    alone.call = AloneCall{AloneEvent::back, alone.call->since, alone.last_lasted};
    return begin_attempt(draft);
  }
  if (alone.is_alone && !was_told_alone(alone)) {
    alone.call = AloneCall{AloneEvent::alone, last_contact(alone, {draft.now, draft.wall})};
    return begin_attempt(draft);
  }
  const auto retry_at = next_retry(alone);
  if (retry_at && draft.now >= *retry_at) begin_attempt(draft);
}

void become_alone_if_due(Draft& draft) {
  auto& alone = draft.alone;
  const auto due_at = alone_at(alone);
  if (!due_at || draft.now < *due_at) return;
  alone.is_alone = true;
  draft.emit(Note{true, "no aggregator has been reached since " +
                            to_iso(last_contact(alone, {draft.now, draft.wall})) +
                            (alone.setting.has_command ? "" : "; [alone] has no command to run")});
}

void keep_if_changed(Draft& draft) {
  const auto& alone = draft.alone;
  const auto& kept = alone.kept;
  if (!alone.setting.has_command) {
    if (kept != AloneRow{}) keep(draft);
    return;
  }
  const bool has_ended = alone.has_contact && kept.since;
  const auto after = alone.setting.after;
  const auto progress =
      alone.has_contact || kept.counted >= after ? Duration::zero() : alone.counted - kept.counted;
  const bool is_far = progress >= std::max(after / kAloneKeptTimes, kAloneKeptEvery);
  const bool is_leaving = draft.link.state == LinkState::stopped && progress > Duration::zero();
  if (alone.call != kept.call || has_ended || is_far || is_leaving) keep(draft);
}

}  // namespace

void start_alone(Draft& draft, const Started& started) {
  auto& alone = draft.alone;
  alone.setting = started.alone;
  if (!is_wanted(alone)) return;
  alone.seen_at = draft.now;
  alone.contact_at = draft.now;
  alone.fresh_until = draft.now + fresh_chance(alone);
  alone.kept = started.alone_kept;
  if (!alone.setting.has_command) return;
  alone.since_before = alone.kept.since;
  alone.counted = alone.kept.counted;
  alone.call = alone.kept.call;
  alone.is_alone = was_told_alone(alone);
  if (!alone.call || alone.call->is_over) return;
  if (!alone.call->is_open) {
    alone.retry_at = draft.now + pause_after(alone.call->attempts);
    return;
  }
  // It may have told before we ended: only where the host went down with it is it tried again.
  alone.call->is_open = false;
  if (!started.is_same_boot) return fail_attempt(draft, "the host went down while it ran");
  alone.call->is_over = true;
  alone.call->failure = "how it ended is not known: the agent was killed while it ran";
  draft.emit(Note{true, "the command of [alone] is not repeated; " + alone.call->failure});
}

void count_time(Draft& draft) {
  auto& alone = draft.alone;
  if (!is_wanted(alone)) return;
  const auto passed = draft.now - alone.seen_at;
  alone.seen_at = draft.now;
  if (passed > kAsleepAfter) {
    alone.fresh_until = draft.now + fresh_chance(alone);
  } else if (!alone.has_contact) {
    alone.counted += passed;
  }
}

void note_contact(Draft& draft) {
  auto& alone = draft.alone;
  if (!is_wanted(alone) || draft.link.state != LinkState::welcomed) return;
  if (!alone.has_contact) alone.last_lasted = lasted_until_now(draft);
  if (alone.is_alone) {
    draft.emit(Note{false, "contact is back after " + to_words(alone.last_lasted)});
  }
  alone.has_contact = true;
  alone.contact_at = draft.now;
  alone.since_before.reset();
  alone.counted = Duration::zero();
  alone.is_alone = false;
}

void alone_command_ended(Draft& draft, const AloneCommandEnded& ended) {
  auto& call = draft.alone.call;
  if (!call || !call->is_open) return;
  call->is_open = false;
  call->exit_code = ended.exit_code;
  call->is_over = ended.failure.empty();
  if (!call->is_over) fail_attempt(draft, ended.failure);
}

void settle_alone(Draft& draft) {
  auto& alone = draft.alone;
  if (!is_wanted(alone)) return;
  if (draft.link.state != LinkState::stopped) {
    if (!is_in_contact(draft.link, draft.now)) alone.has_contact = false;
    become_alone_if_due(draft);
    if (alone.setting.has_command) call_if_due(draft);
  }
  keep_if_changed(draft);
}

std::optional<Steady> next_alone_deadline(const State& state) {
  const auto& alone = state.alone;
  if (!is_wanted(alone)) return std::nullopt;
  std::optional<Steady> next;
  const auto earlier = [&](const std::optional<Steady>& other) {
    if (other && (!next || *other < *next)) next = other;
  };
  earlier(alone_at(alone));
  earlier(next_alone_call(alone));
  if (!alone.has_contact) earlier(alone.seen_at + kAwakeEvery);
  const auto unanswered = state.link.unanswered_since;
  if (alone.has_contact && unanswered) earlier(*unanswered + kAnswerWithin);
  return next;
}

Instant last_contact(const Alone& alone, Moment now) {
  if (was_told_alone(alone)) return alone.call->since;
  if (alone.since_before) return *alone.since_before;
  return now.wall - (now.steady - alone.contact_at);
}

std::optional<Steady> next_alone_call(const Alone& alone) {
  if (!alone.setting.has_command || (alone.call && alone.call->is_open)) return std::nullopt;
  const auto retry_at = next_retry(alone);
  return retry_at ? retry_at : alone_at(alone);
}

}  // namespace vaultbell::agent::core
