// Captures: what real tools printed in captures/, and what expected.txt says that it means.
#pragma once

#include <string>
#include <vector>

#include "agent/adapters/adapter_file.hpp"
#include "agent/classify/classifier.hpp"

namespace vaultbell::agent::adapters::testing {

// One file of captures/.
struct Capture {
  std::string name;  // "restic-0.14.0/02-success"
  std::string tool;
  classify::Version version;
  std::string command;  // a shell's
  int exit_code = 0;    // the shell's $?: 128 + N may mean a signal
  std::string out;
  std::string err;
};
Capture read_capture(const std::string& name);
std::vector<std::string> names_of_captures();

// One line of expected.txt, word by word; "-" where there is nothing.
struct Expected {
  std::string capture, end, operation, outcome, reason, files, bytes_read, bytes_added, bytes_total,
      snapshot;
};
std::vector<Expected> parse_table(const std::string& text);
std::string table_text();

// The tools whose adapters are shipped, in order.
std::vector<std::string> shipped_tools();

// The adapter of that tool as it is shipped.
const classify::Adapter& adapter_of(const std::string& tool);

// `end`: "3" or "SIGTERM".
classify::Verdict judge(const Capture& capture, const std::string& end, Operation operation);

// A line for each capture whose verdict is another than expected, with the line that would be
// right.
std::vector<std::string> complaints_about(const std::vector<Expected>& table);

// The words behind the tool in the capture's command; empty where it runs no or several commands.
std::vector<std::string> arguments_of(const Capture& capture);

}  // namespace vaultbell::agent::adapters::testing
