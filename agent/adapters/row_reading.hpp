// Reads the [[row]] and [[fact]] tables of an adapter's file.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "agent/classify/adapter.hpp"
#include "shared/config/toml_file.hpp"

namespace vaultbell::agent::adapters {

// A pattern of at most 500 bytes that RE2 understands. A mistake is complained of: then there is
// none.
std::optional<classify::Pattern> read_pattern(config::Section& section, std::string_view key);

// A table from paths to patterns.
classify::FieldConditions read_fields(config::Section& section, std::string_view key);

// `names`: of the rows so far; each has one of its own.
void read_row_name(config::Section& section, std::string& name, std::set<std::string>& names);

// What a row says that the end means; the reason that an outcome usually has where none is given.
struct Ending {
  Outcome outcome = Outcome::failed;
  std::optional<OutcomeReason> reason{};
  std::optional<Operation> operation{};  // where it turns out that it was another one
};
void read_ending(config::Section& section, Ending& ending);

classify::Row read_row(config::Section& section, std::set<std::string>& names);

// Nothing where it cannot be used, which has been complained of.
std::optional<classify::Fact> read_fact(config::Section& section);

}  // namespace vaultbell::agent::adapters
