// Plays scenario files: `play_scenario FILE...`; `--canary FILE...` for files that must be refused;
// `--statements` prints what a line may say.
#include <cstdio>
#include <string_view>

#include <fmt/format.h>

#include "tests/scenarios/scenario.hpp"
#include "tests/scenarios/stage.hpp"

namespace scenarios = vaultbell::scenarios;

int main(int argc, char** argv) {
  bool is_canary = false;
  int failures = 0;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument(argv[i]);
    if (argument == "--canary") {
      is_canary = true;
    } else if (argument == "--statements") {
      for (const auto& statement : scenarios::Stage::statements()) {
        fmt::print("{}\n    {}\n", statement.pattern.form(), statement.meaning);
      }
    } else if (const auto ok =
                   is_canary ? scenarios::play_canary(argument) : scenarios::play(argument);
               !ok) {
      fmt::print(stderr, "{}\n", ok.error().message);
      ++failures;
    }
  }
  return failures == 0 ? 0 : 1;
}
