// The real `vaultbell` program as scripts run it: with pipes, in a process of its own.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace vaultbell::ctl {

struct Ran {
  int exit = -1;
  std::string out;
  std::string err;

  // Standard output as one JSON value; a test fails where it is anything else.
  [[nodiscard]] nlohmann::json json() const;
};

// Runs it with these words and nothing but these variables of the environment ("NAME=value");
// `in` is what stands on its standard input.
Ran run_program(const std::vector<std::string>& words,
                const std::vector<std::string>& environment = {}, const std::string& in = {});

// The exit code where nobody reads the standard output: the other end of its pipe is closed.
int run_unread(const std::vector<std::string>& words, const std::vector<std::string>& environment);

}  // namespace vaultbell::ctl
