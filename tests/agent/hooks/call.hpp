// A hook's call, with variables that a test has made up.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/hooks/hook.hpp"

namespace vaultbell::agent::hooks {

using Variables = std::map<std::string, std::string>;

inline Call a_call(const Variables& variables, std::vector<std::string> words = {},
                   std::string job = {}) {
  return {.words = std::move(words),
          .variable = [variables](const char* name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
          },
          .job = std::move(job)};
}

}  // namespace vaultbell::agent::hooks
