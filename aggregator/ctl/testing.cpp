// `contact test`: messages to one contact, and what became of them.

#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::ctl {

namespace {

// How often it is looked whether a message has ended: people do not notice it, and the API hardly.
constexpr auto kLookEvery = std::chrono::milliseconds(100);

bool has_ended(const Json& delivery) {
  const auto state = text_at(delivery, "state");
  return state != "pending" && state != "sending";
}

// The deliveries that the answer says were made.
std::vector<std::uint64_t> deliveries_in(const Json& answer) {
  std::vector<std::uint64_t> ids;
  for (const auto& change : at(answer, "changes")) {
    const bool is_new = text_at(change, "action") == "create";
    if (is_new && text_at(change, "what") == "delivery") ids.push_back(number_at(change, "id"));
  }
  return ids;
}

// As it is when it has ended, or at `deadline`.
Expected<Json> delivery_when_ended(Session& session, std::uint64_t id,
                                   std::chrono::steady_clock::time_point deadline) {
  while (true) {
    auto delivery = session.api().get(path_of({"deliveries", std::to_string(id)}));
    if (!delivery || has_ended(*delivery)) return delivery;
    if (std::chrono::steady_clock::now() >= deadline) return delivery;
    std::this_thread::sleep_for(kLookEvery);
  }
}

// "the test message to alice@example.org was not delivered: 550 no such user"
Failure failure_of(const Json& delivery, Duration timeout) {
  const auto answer = text_at(delivery, "last_answer");
  const auto how = has_ended(delivery)
                       ? std::string("was not delivered")
                       : fmt::format("was not delivered within {}", to_text(timeout));
  return {.code = "failed",
          .message = fmt::format("the test message to {} {}{}{}", text_at(delivery, "address"), how,
                                 answer.empty() ? "" : ": ", answer),
          .hint = fmt::format("vaultbell delivery show {}", number_at(delivery, "id"))};
}

void print_outcome(const Session& session, const Json& answer, const std::vector<Json>& outcome) {
  if (session.manner().is_json()) {
    auto whole = answer;
    whole["deliveries"] = outcome;
    session.print_json(whole);
    return;
  }
  const std::vector<Column> columns = {{"channel", "channel"},
                                       {"to", "address"},
                                       {"state", "state", Kind::word},
                                       {"latency", "latency", Kind::duration},
                                       {"answer", "last_answer"}};
  session.print(table_of(outcome, columns, session.manner()));
}

}  // namespace

Expected<ExitCode> test_contact(Session& session) {
  const Change test{"POST", path_of({"contacts", session.argument(0), "test"}), Json::object()};
  if (session.is_dry_run()) return change(session, test);
  const auto deadline = std::chrono::steady_clock::now() + session.timeout();
  const auto answer = session.api().change(test.method, test.path, test.body, false);
  if (!answer) return tl::unexpected<Failure>(answer.error());
  session.remark(text_at(*answer, "remark"));
  std::vector<Json> outcome;
  for (const auto id : deliveries_in(*answer)) {
    auto delivery = delivery_when_ended(session, id, deadline);
    if (!delivery) return tl::unexpected<Failure>(delivery.error());
    outcome.push_back(std::move(*delivery));
  }
  print_outcome(session, *answer, outcome);
  std::vector<Failure> failures;
  for (const auto& delivery : outcome) {
    if (text_at(delivery, "state") == "delivered") continue;
    failures.push_back(failure_of(delivery, session.timeout()));
  }
  if (failures.empty()) return ExitCode::done;
  // The first failure is the command's own; each is told once.
  for (std::size_t i = 1; i < failures.size(); ++i) session.remark(failures[i].message);
  return tl::unexpected<Failure>(failures.front());
}

}  // namespace vaultbell::ctl
