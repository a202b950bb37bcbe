// How a command ends: its exit code, and what it says when it did not do what it was asked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "shared/base/result.hpp"

namespace vaultbell::ctl {

// What scripts rely on; docs/cli.md lists them. Numbers are never reused.
enum class ExitCode : std::uint8_t {
  done = 0,
  failed = 1,
  usage = 2,
  invalid_configuration = 3,  // to a monitor, `check` says with it that it cannot say
  not_authorised = 4,
  not_found = 5,
  refused = 6,
  partly_done = 7,
  unreachable = 8,
  differences = 10,
  try_later = 75,
};

struct Failure {
  ExitCode exit = ExitCode::failed;
  std::string code;     // for programs: as the API says it, or "usage", "unreachable"
  std::string message;  // what is wrong
  std::string hint;     // what would be right; may be empty
  std::vector<std::string> details = {};  // where several things are wrong: each, in a sentence
};

template <class T>
class [[nodiscard]] Expected : public tl::expected<T, Failure> {
 public:
  using tl::expected<T, Failure>::expected;
};

tl::unexpected<Failure> wrong_usage(std::string message, std::string hint = {});

// An error of the shared code, as wrong usage: a "did you mean" at its end becomes the hint.
tl::unexpected<Failure> wrong_usage(const Error& error);

// For people, in one or two lines: "vaultbell: there is no client "x"", "  did you mean ...".
std::string for_people(const Failure& failure);

// For programs, in one line: {"error":{"code":...,"message":...,"hint":...}}.
std::string for_programs(const Failure& failure);

}  // namespace vaultbell::ctl
