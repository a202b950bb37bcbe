#include "tests/simulation/agenda.hpp"

#include <algorithm>
#include <utility>

namespace vaultbell::simulation {

void Agenda::at(Steady when, Task task) {
  heap_.push_back({when, ++last_number_, std::move(task)});
  std::push_heap(heap_.begin(), heap_.end(), is_later);
}

Agenda::Entry Agenda::take() {
  std::pop_heap(heap_.begin(), heap_.end(), is_later);
  auto entry = std::move(heap_.back());
  heap_.pop_back();
  return entry;
}

void Agenda::run_until(Steady until, const std::function<bool()>& is_enough) {
  while (!heap_.empty() && heap_.front().when <= until) {
    const auto entry = take();
    clock_.advance_to(std::max(now(), entry.when));
    ++count_;
    entry.task();
    if (is_enough()) return;
  }
  clock_.advance_to(std::max(now(), until));
}

}  // namespace vaultbell::simulation
