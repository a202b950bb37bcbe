// Adapter: what is known of one backup tool, as data. docs/adapters.md describes the file that it
// is read from (agent/adapters).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/classify/amount.hpp"
#include "agent/classify/conditions.hpp"
#include "agent/classify/traces.hpp"
#include "agent/classify/version.hpp"
#include "shared/base/enum_text.hpp"
#include "shared/domain/run.hpp"

namespace vaultbell::agent::classify {

// What is wanted of the output. Empty: nothing.
struct Wanted {
  std::vector<LineCondition> lines;  // each of them, in any order
  FieldConditions json;              // of one line that is a JSON object
  FieldConditions document;          // of standard output, which as a whole is one JSON document
};

struct CodeRange {
  int first = 0;
  int last = 0;
};

// One row of the table. It fits where everything holds that it names; a list of which one is enough
// (versions, operations, codes, signals) is empty where it does not matter.
struct Row {
  std::string name;
  std::uint32_t line = 0;  // in its file
  VersionRange versions{};
  std::vector<Operation> operations{};
  std::vector<CodeRange> codes{};
  std::vector<int> signals{};  // that killed it
  Wanted wanted{};
  Outcome outcome = Outcome::failed;
  std::optional<OutcomeReason> reason{};
  std::optional<Operation> operation{};  // what it really was
  std::string message{};                 // "{}": what was found; empty: the name
  std::string proof{};                   // a capture, or "source: ..."
};

// A number or text of the report.
enum class Figure : std::uint8_t { bytes_read, bytes_added, bytes_total, files, snapshot, errors };

// Where a figure is found. What is printed last counts; of several facts of one figure, the first
// that found something.
struct Fact {
  Figure figure = Figure::files;
  std::vector<Operation> operations{};
  std::optional<LineCondition> line{};  // its group is the value; or:
  FieldConditions json{};               // the object of a JSON line, or (none) the document
  std::string value{};                  // the path in it
  bool is_count = false;                // how many lines there are is the value
  Thousand thousand = Thousand::decimal;
};

// Which words of the command line say what is done.
struct OperationWords {
  Operation operation = Operation::backup;
  std::vector<Pattern> any_word{};    // a whole word
  std::vector<Pattern> first_word{};  // the same, only the first behind the command
};

struct Adapter {
  std::string tool;
  std::string file;                              // for messages
  std::vector<std::string> names{};              // further names of the tool and of its command
  std::vector<std::string> version_arguments{};  // that make the tool say its version
  std::optional<Pattern> version_pattern{};      // its group is the version
  std::vector<OperationWords> operations{};
  bool is_backup_first = false;                   // where the words say several operations
  std::vector<Pattern> dry_run{};                 // words with which nothing is done
  std::vector<std::string> options_with_value{};  // whose next word says nothing
  Outcome unmatched_zero = Outcome::succeeded;    // exit code 0 where no row fits
  std::vector<Row> rows{};                        // the first that fits counts
  std::vector<Fact> facts{};
  LogTable log{};                       // without rows where nothing is known of one
  std::optional<BackupList> backups{};  // absent: the end of the command says how it is
};

}  // namespace vaultbell::agent::classify

namespace vaultbell {

template <>
inline constexpr auto kEnumText<agent::classify::Figure> =
    std::to_array<EnumText<agent::classify::Figure>>({
        {agent::classify::Figure::bytes_read, "bytes_read"},
        {agent::classify::Figure::bytes_added, "bytes_added"},
        {agent::classify::Figure::bytes_total, "bytes_total"},
        {agent::classify::Figure::files, "files"},
        {agent::classify::Figure::snapshot, "snapshot"},
        {agent::classify::Figure::errors, "errors"},
    });

}  // namespace vaultbell
