#include "tests/support/receivers.hpp"

#include <iterator>

namespace vaultbell::support {

Answer refusal(std::string text) {
  return {core::AttemptResult::permanent_failure, std::move(text)};
}

Answer try_later(std::string text) {
  return {core::AttemptResult::temporary_failure, std::move(text)};
}

void Receivers::next(const std::string& address, std::deque<Answer> answers) {
  auto& queue = next_[address];
  std::move(answers.begin(), answers.end(), std::back_inserter(queue));
}

Answer Receivers::answer(const std::string& address) {
  if (auto& queue = next_[address]; !queue.empty()) {
    auto answer = std::move(queue.front());
    queue.pop_front();
    return answer;
  }
  const auto rule = rules_.find(address);
  return rule != rules_.end() ? rule->second : rule_;
}

}  // namespace vaultbell::support
