#include "aggregator/core/engine.hpp"

#include "aggregator/core/agent_jobs.hpp"
#include "aggregator/core/alerts.hpp"
#include "aggregator/core/attention.hpp"
#include "aggregator/core/audit.hpp"
#include "aggregator/core/client_keys.hpp"
#include "aggregator/core/clock_shift.hpp"
#include "aggregator/core/connections.hpp"
#include "aggregator/core/deliveries.hpp"
#include "aggregator/core/delivery_trouble.hpp"
#include "aggregator/core/done_orders.hpp"
#include "aggregator/core/draft.hpp"
#include "aggregator/core/enrolment.hpp"
#include "aggregator/core/jobs.hpp"
#include "aggregator/core/maintenance.hpp"
#include "aggregator/core/operator.hpp"
#include "aggregator/core/outages.hpp"
#include "aggregator/core/recipients.hpp"
#include "aggregator/core/reports.hpp"
#include "aggregator/core/retention.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::core {

namespace {

// While a clock step is being worked off, nothing else that depends on the wall clock is judged.
void tick(Draft& draft) {
  const auto& shifts = draft.before().clock_shifts;
  if (!shifts.empty()) return continue_clock_shift(draft, shifts.begin()->second);
  tell_recoveries(draft);
  judge_jobs(draft);
  judge_runs(draft);
  judge_invited(draft);
  end_due_maintenances(draft);
  end_due_outages(draft);
  judge_channels(draft);
  attend_due_alerts(draft);
  welcome_recipients(draft);
  work_lines(draft);
}

void clock_stepped(Draft& draft, Duration by) {
  begin_clock_shift(draft, by);
  draft.remember({ListeningSince{draft.before().listening_since + by}});
  if (!is_large_step(by)) return;
  raise(draft, {.subject = {.kind = AlertKind::self, .topic = kClockTopic},
                .message = "the aggregator's clock was stepped " +
                           std::string(by > Duration::zero() ? "forwards" : "backwards") + " by " +
                           to_words(by > Duration::zero() ? by : -by)});
}

// R6.3: whoever lets a policy that is off hide the destruction of backups is not alone in knowing.
void tell_of_silenced_destruction(Draft& draft, const Settings& after) {
  const auto before = draft.before().settings.off_silences_destructive;
  if (before == after.off_silences_destructive) return;
  const auto text = after.off_silences_destructive
                        ? "from now on a policy that is off also hides deleted backup data"
                        : "deleted backup data is told to the owners again, whatever the policy";
  raise(draft, {.subject = {.kind = AlertKind::self, .topic = kSettingsTopic},
                .message = "[alerts] off_silences_destructive was changed: " + std::string(text)});
}

// What the daemon found of itself becomes an alert, and ends it.
void self_checked(Draft& draft, const SelfChecked& checked) {
  const Subject subject{.kind = AlertKind::self, .topic = checked.topic};
  const bool is_known = draft.before().alert_by_subject.contains(subject);
  if (checked.problem.empty()) {
    recover(draft, subject, {.reason = InactiveReason::condition_over, .at = draft.now()});
  } else if (!is_known) {
    raise(draft, {.subject = subject, .message = checked.problem});
  }
}

void order(Draft& draft, const Order& order) {
  const auto earlier = earlier_order(draft, order);
  if (!earlier) return draft.emit(Reply{order.request, tl::unexpected<Error>(earlier.error())});
  if (earlier->is_set()) return draft.emit(Reply{order.request, OrderDone{.repeats = *earlier}});
  auto carried = carry_out(draft, order);
  if (!carried) return draft.emit(Reply{order.request, tl::unexpected<Error>(carried.error())});
  const auto entry =
      audit(draft, order, carried->refusal ? carried->refusal->message : carried->remark);
  if (!carried->refusal) keep_order(draft, order, entry);
  draft.emit(Reply{order.request, OrderDone{.remark = std::move(carried->remark),
                                            .refusal = std::move(carried->refusal)}});
}

// Collects the rows that changes replace or erase, as they were. Rows that only the store keeps
// are not among them.
struct RowsBefore {
  const State& state;
  std::vector<Row> rows;

  template <class R>
  void add(const Table<R>& table, const typename R::Key& key) {
    if (const auto found = table.find(key); found != table.end()) rows.emplace_back(found->second);
  }
  template <class R>
  void add_same(const R& row) {
    if constexpr (requires { table_of(state, &row); }) add(table_of(state, &row), row.key());
  }

  void operator()(const Put& put) {
    std::visit([this](const auto& row) { add_same(row); }, put.row);
  }
  void operator()(const Erase& erase) {
    const auto add_erased = [this](const auto& key) {
      using R = RowOf<std::decay_t<decltype(key)>>;
      constexpr const R* kNone = nullptr;
      if constexpr (requires { table_of(state, kNone); }) add(table_of(state, kNone), key);
    };
    std::visit(add_erased, erase.key);
  }
  void operator()(const Remember&) const {}
};

std::vector<Row> rows_before(const State& state, const Order& order, const WriteSet& changes) {
  RowsBefore before{state, {}};
  for (const auto& change : changes) std::visit(before, change);
  const auto* retry = std::get_if<RetryDelivery>(&order.what);
  const bool is_brought = retry != nullptr && !state.notifications.contains(retry->notification.id);
  if (is_brought && !changes.empty()) before.rows.emplace_back(retry->notification);
  return std::move(before.rows);
}

// A refused order has changed nothing, a dry run is to change nothing; the reply says what was (or
// would have been) changed.
void settle(const State& state, const Order& order, Decision& decision) {
  auto& reply = std::get<Reply>(decision.effects.back());
  if (reply.result) {
    reply.result->changes = decision.changes;
    reply.result->before = rows_before(state, order, decision.changes);
  }
  if (reply.result && !order.is_dry_run) return;
  auto answer = std::move(reply);
  decision.changes.clear();
  decision.effects.clear();
  decision.effects.emplace_back(std::move(answer));
}

struct Dispatch {
  Draft& draft;

  void operator()(const Started&) const {
    draft.remember({ListeningSince{draft.now()}});
    resume_open_attempts(draft);
  }
  void operator()(const Tick&) const { tick(draft); }
  // A connection outlasts a short gap, and what came in meanwhile is read before anything is told.
  void operator()(const ListeningResumed& command) const {
    if (command.gap >= kReturnWithin) draft.remember({ListeningSince{draft.now()}});
  }
  void operator()(const ClockStepped& command) const { clock_stepped(draft, command.by); }
  void operator()(const Reconfigured& command) const {
    audit(draft, draft.before().settings, command.settings);
    tell_of_silenced_destruction(draft, command.settings);
    draft.remember({command.settings});
    retime(draft, command.settings, std::nullopt, std::nullopt);
  }
  void operator()(const DropExpired& command) const { drop_expired(draft, command); }
  void operator()(const SelfChecked& command) const { self_checked(draft, command); }
  void operator()(const HelloReceived& command) const { hello(draft, command); }
  void operator()(const AgentJobsReceived& command) const { take_agent_jobs(draft, command); }
  void operator()(const ClientSilent& command) const { fell_silent(draft, command); }
  void operator()(const ClientHeard& command) const { heard_again(draft, command); }
  void operator()(const GoodbyeReceived& command) const { goodbye(draft, command); }
  void operator()(const KeyOffered& command) const { change_key(draft, command); }
  void operator()(const SpoolFullChanged& command) const { spool_full_changed(draft, command); }
  void operator()(const ReportReceived& command) const { report(draft, command); }
  void operator()(const EnrolmentRequested& command) const { request_enrolment(draft, command); }
  void operator()(const DeliveryEnded& command) const { book_result(draft, command); }
  void operator()(const Order& command) const { order(draft, command); }
};

}  // namespace

Decision decide(const State& state, Instant now, const Command& command) {
  Draft draft(state, now);
  std::visit(Dispatch{draft}, command);
  auto decision = std::move(draft).finish();
  if (const auto* order = std::get_if<Order>(&command)) settle(state, *order, decision);
  return decision;
}

}  // namespace vaultbell::core
