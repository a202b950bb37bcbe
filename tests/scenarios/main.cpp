// Plays scenario files: `play_scenario FILE...`; `--canary FILE...` for files that must be refused;
// `--statements` prints what a line may say.
#include <cstdio>
#include <string_view>

#include <fmt/format.h>

#include "tests/scenarios/phrases.hpp"
#include "tests/scenarios/scenario.hpp"
#include "tests/scenarios/stage.hpp"

namespace scenarios = vaultbell::scenarios;

namespace {

// Statements or phrases, each with what it means.
template <class Forms>
void print(const Forms& forms) {
  for (const auto& form : forms) fmt::print("{}\n    {}\n", form.pattern.form(), form.meaning);
}

void print_statements() {
  print(scenarios::Stage::statements());
  fmt::print("\nof a policy:\n");
  print(scenarios::policy_phrases());
  fmt::print("\nof a job:\n");
  print(scenarios::job_phrases());
  fmt::print("\nof a maintenance:\n");
  print(scenarios::maintenance_phrases());
}

}  // namespace

int main(int argc, char** argv) {
  bool is_canary = false;
  int failures = 0;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument(argv[i]);
    if (argument == "--canary") {
      is_canary = true;
    } else if (argument == "--statements") {
      print_statements();
    } else if (const auto ok =
                   is_canary ? scenarios::play_canary(argument) : scenarios::play(argument);
               !ok) {
      fmt::print(stderr, "{}\n", ok.error().message);
      ++failures;
    }
  }
  return failures == 0 ? 0 : 1;
}
