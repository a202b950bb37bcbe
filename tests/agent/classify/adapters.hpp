// Adapters for tests: a row or a fact in a line.
#pragma once

#include <string>

#include "agent/classify/classifier.hpp"

namespace vaultbell::agent::classify::testing {

inline Pattern pattern(const std::string& text) {
  return *Pattern::compile(text);
}

inline LineCondition line(const std::string& text, std::optional<Stream> stream = std::nullopt) {
  return {stream, pattern(text)};
}

inline Row row(const std::string& name, Outcome outcome, std::vector<CodeRange> codes = {}) {
  return {.name = name, .line = 7, .codes = std::move(codes), .outcome = outcome};
}

inline Row row_for(const std::string& name, Outcome outcome, const std::string& output) {
  auto made = row(name, outcome);
  made.wanted.lines.push_back(line(output));
  return made;
}

inline Adapter adapter_with(std::vector<Row> rows, std::vector<Fact> facts = {}) {
  return {.tool = "tool", .rows = std::move(rows), .facts = std::move(facts)};
}

inline Verdict judge(const Adapter& adapter, const std::string& output, const End& end,
                     Operation operation = Operation::backup,
                     const std::optional<Version>& version = std::nullopt) {
  Classifier classifier(adapter, operation);
  classifier.feed(Stream::out, output);
  classifier.finish();
  return classifier.judge(end, version);
}

}  // namespace vaultbell::agent::classify::testing
