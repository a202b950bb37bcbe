#include "tests/support/receivers.hpp"

#include <iterator>

namespace vaultbell::support {

Answer refusal(std::string text) {
  return {core::AttemptResult::permanent_failure, std::move(text)};
}

Answer try_later(std::string text) {
  return {core::AttemptResult::temporary_failure, std::move(text)};
}

Answer put_off(std::string text) {
  return {core::AttemptResult::temporary_failure, std::move(text), true};
}

void Receivers::next(const std::string& address, std::deque<Answer> answers) {
  auto& queue = next_[address];
  std::move(answers.begin(), answers.end(), std::back_inserter(queue));
}

Answer Receivers::answer(const core::AddressKey& place) {
  if (auto& queue = next_[place.address]; !queue.empty()) {
    auto answer = std::move(queue.front());
    queue.pop_front();
    return answer;
  }
  if (const auto rule = rules_.find(place.address); rule != rules_.end()) return rule->second;
  const auto by_channel = by_channel_.find(place.channel);
  return by_channel != by_channel_.end() ? by_channel->second : rule_;
}

}  // namespace vaultbell::support
