// Phrases: what may be said of a policy, a job or a maintenance behind a statement, separated by
// commas: "vault prod custom to alice, at least warning, hourly".
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/core/command.hpp"
#include "tests/scenarios/pattern.hpp"
#include "tests/scenarios/stage.hpp"

namespace vaultbell::scenarios {

template <class Subject>
struct Phrase {
  Pattern pattern;
  std::string_view meaning;
  std::function<Status(Stage&, Subject&, const Match&)> say;
};

const std::vector<Phrase<core::Policy>>& policy_phrases();
const std::vector<Phrase<JobSettings>>& job_phrases();
const std::vector<Phrase<core::StartMaintenance>>& maintenance_phrases();

// The words of each phrase of a text.
Result<std::vector<std::vector<Word>>> split_phrases(std::string_view text);

// Error: `"hurly" says nothing of a policy`, with the forms that would.
tl::unexpected<Error> not_a_phrase(const std::vector<Word>& words, std::string_view of,
                                   const std::vector<std::string>& forms);

// Says all that the text says. `of` names the subject in errors: "a policy".
template <class Subject>
Status say(Stage& stage, Subject& subject, std::string_view text, std::string_view of,
           const std::vector<Phrase<Subject>>& phrases) {
  const auto parts = split_phrases(text);
  if (!parts) return fail(parts.error());
  for (const auto& words : *parts) {
    bool is_said = false;
    for (const auto& phrase : phrases) {
      const auto match = phrase.pattern.match(words);
      if (!match) continue;
      if (auto ok = phrase.say(stage, subject, *match); !ok) return ok;
      is_said = true;
      break;
    }
    if (is_said) continue;
    std::vector<std::string> forms;
    for (const auto& phrase : phrases) forms.push_back(phrase.pattern.form());
    return not_a_phrase(words, of, forms);
  }
  return {};
}

}  // namespace vaultbell::scenarios
