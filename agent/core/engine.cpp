#include "agent/core/engine.hpp"

#include <algorithm>

#include "agent/core/alone.hpp"
#include "agent/core/draft.hpp"
#include "agent/core/link.hpp"
#include "agent/core/sending.hpp"

namespace vaultbell::agent::core {

namespace {

struct Dispatch {
  Draft& draft;

  void operator()(const Started& command) const {
    draft.link.jitter_seed = command.jitter_seed;
    look_at_spool(draft, command.spool);
    open_link(draft);
    start_alone(draft, command);
  }
  void operator()(const Tick&) const {
    tick_link(draft);
    tick_sending(draft);
  }
  void operator()(const SpoolRead& command) const { look_at_spool(draft, command.spool); }
  void operator()(const ReportUnreadable& command) const {
    give_up_report(draft, command.position, command.why);
  }
  void operator()(const Stopping& command) const { say_goodbye(draft, command.reason); }
  void operator()(const AloneCommandEnded& command) const { alone_command_ended(draft, command); }

  void operator()(const LinkUp&) const {
    if (draft.link.state != LinkState::connecting) return;
    draft.link.quiet_since = draft.now;
    greet(draft);
  }
  void operator()(const LinkDown&) const {
    if (!draft.is_up()) return;
    draft.emit(Note{true, "the connection to the aggregator was lost"});
    draft.link.state = LinkState::connecting;
  }
  void operator()(const LinkRefused& command) const { back_off(draft, command.why); }

  void operator()(const Welcomed& command) const {
    note_heard(draft);
    if (draft.is_up()) become_welcome(draft, command);
    note_contact(draft);
    for (const auto& ack : command.acks) acknowledge(draft, ack);
    tell_if_full_changed(draft);
  }
  void operator()(const Retimed& command) const {
    note_heard(draft);
    retime(draft, command.heartbeat_every);
  }
  void operator()(const HeartbeatAnswered& command) const {
    note_heard(draft);
    draft.link.clock_ahead = command.clock_ahead;
    note_contact(draft);
  }
  void operator()(const Acknowledged& command) const {
    note_heard(draft);
    acknowledge(draft, command.ack);
  }
  void operator()(const KeyChanged&) const {
    if (draft.link.state != LinkState::closed) draft.emit(CloseLink{});
    open_link(draft);
  }
  void operator()(const JobsChanged&) const {
    if (draft.is_up()) greet(draft);
  }
  // While we are greeting it is about an older message: the hello is on its way.
  void operator()(const HelloWanted&) const {
    note_heard(draft);
    if (draft.link.state == LinkState::welcomed) greet(draft);
  }
  void operator()(const OutOfOrder& command) const {
    note_heard(draft);
    out_of_order(draft, command);
  }
  void operator()(const ReportRefused& command) const {
    note_heard(draft);
    report_refused(draft, command);
  }
  void operator()(const NotUnderstood& command) const {
    note_heard(draft);
    draft.emit(Note{true, "the aggregator cannot read a message of this agent: " + command.why});
    not_understood(draft, command);
  }
  void operator()(const TurnedAway& command) const {
    note_heard(draft);
    back_off(draft, command.why);
  }
  void operator()(const Heard&) const { note_heard(draft); }
};

}  // namespace

Decision decide(const State& state, Moment now, const Command& command) {
  Draft draft{now.steady, now.wall, state.link, state.sending, state.alone, {}};
  count_time(draft);
  // How the local command has ended is still kept when all else is over.
  const bool is_stopped = state.link.state == LinkState::stopped;
  const bool is_end = std::holds_alternative<AloneCommandEnded>(command);
  if (!is_stopped || is_end) std::visit(Dispatch{draft}, command);
  fill_window(draft);
  settle_alone(draft);
  Decision decision;
  if (draft.link != state.link) decision.changes.emplace_back(std::move(draft.link));
  if (draft.sending != state.sending) decision.changes.emplace_back(std::move(draft.sending));
  if (draft.alone != state.alone) decision.changes.emplace_back(std::move(draft.alone));
  decision.effects = std::move(draft.effects);
  return decision;
}

void evolve(State& state, const Change& change) {
  struct PutInPlace {
    State& state;
    void operator()(const Link& link) const { state.link = link; }
    void operator()(const Sending& sending) const { state.sending = sending; }
    void operator()(const Alone& alone) const { state.alone = alone; }
  };
  std::visit(PutInPlace{state}, change);
}

std::optional<Steady> next_deadline(const State& state) {
  auto next = next_link_deadline(state.link);
  const auto earlier = [&](const std::optional<Steady>& other) {
    if (other && (!next || *other < *next)) next = other;
  };
  if (state.link.state == LinkState::welcomed) earlier(next_sending_deadline(state.sending));
  if (state.link.state != LinkState::stopped) earlier(next_alone_deadline(state));
  return next;
}

bool is_in_contact(const Link& link, Steady now) {
  if (link.state != LinkState::welcomed) return false;
  return !link.unanswered_since || now < *link.unanswered_since + kAnswerWithin;
}

}  // namespace vaultbell::agent::core
