#include "agent/adapters/row_reading.hpp"

#include <charconv>
#include <csignal>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace vaultbell::agent::adapters {

namespace {

using classify::CodeRange;
using classify::Fact;
using classify::FieldConditions;
using classify::Pattern;
using classify::Row;
using classify::Stream;
using config::Section;

constexpr std::size_t kPatternBytesMax = 500;  // one that is longer nobody can check any more
constexpr int kCodeMax = 255;

Result<Pattern> pattern_of(std::string_view text) {
  if (text.size() > kPatternBytesMax) {
    return fail(ErrorCode::invalid, fmt::format("a pattern of {} bytes, at most {} are allowed",
                                                text.size(), kPatternBytesMax));
  }
  return Pattern::compile(text);
}

std::optional<int> code_of(std::string_view text) {
  int code = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, code);
  if (error != std::errc{} || rest != end || code < 0 || code > kCodeMax) return std::nullopt;
  return code;
}

// "0", "100-127".
Result<CodeRange> code_range_of(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = code_of(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : code_of(text.substr(dash + 1));
  if (first && last && *first <= *last) return CodeRange{*first, *last};
  return fail(
      ErrorCode::invalid,
      fmt::format("\"{}\" is no exit code from 0 to {}, and no range (example: \"100-127\")", text,
                  kCodeMax));
}

Result<int> signal_of(std::string_view text) {
  for (int number = 1; number < NSIG; ++number) {
    const char* name = sigabbrev_np(number);
    if (name != nullptr && text == name) return number;
  }
  return fail(ErrorCode::invalid, fmt::format("\"{}\" is no signal (example: \"TERM\")", text));
}

// A list of texts, each of which `parse` makes something of.
template <class Parse>
auto read_list(Section& section, std::string_view key, const Parse& parse) {
  std::vector<std::decay_t<decltype(*parse(std::string_view()))>> values;
  std::vector<std::string> texts;
  section.read(key, texts, [&](std::string_view text) -> Status {
    auto value = parse(text);
    if (!value) return fail(value.error());
    values.push_back(std::move(*value));
    return {};
  });
  return values;
}

auto read_operations(Section& section) {
  return read_list(section, "operations",
                   [](std::string_view text) { return parse_enum<Operation>("operation", text); });
}

void read_line(Section& section, std::string_view key, std::optional<Stream> stream,
               std::vector<classify::LineCondition>& lines) {
  if (auto pattern = read_pattern(section, key)) lines.push_back({stream, std::move(*pattern)});
}

std::vector<classify::LineCondition> read_lines(Section& section) {
  std::vector<classify::LineCondition> lines;
  read_line(section, "output", std::nullopt, lines);
  read_line(section, "stdout", Stream::out, lines);
  read_line(section, "stderr", Stream::err, lines);
  return lines;
}

std::optional<OutcomeReason> usual_reason(Outcome outcome) {
  if (outcome == Outcome::failed) return OutcomeReason::error;
  if (outcome == Outcome::cancelled) return OutcomeReason::user_cancelled;
  return std::nullopt;
}

void read_meaning(Section& section, Row& row) {
  Ending ending{.outcome = row.outcome};
  read_ending(section, ending);
  row.outcome = ending.outcome;
  row.reason = ending.reason;
  row.operation = ending.operation;
  section.read("message", row.message);
  section.read("proof", row.proof);
}

bool wants_output(const Row& row) {
  return !row.wanted.lines.empty() || !row.wanted.json.empty() || !row.wanted.document.empty();
}

void check_row(Section& section, const Row& row) {
  if (!section.is_good()) return;
  if (row.codes.empty() && row.signals.empty() && !wants_output(row)) {
    section.complain("",
                     "it would always fit: name exit, signals, output, stdout, stderr, json or "
                     "document");
  }
  if (row.message.find("{}") != std::string::npos && !wants_output(row)) {
    section.complain("message",
                     "\"{}\" stands for what was found in the output, and nothing is "
                     "looked for");
  }
}

}  // namespace

std::optional<Pattern> read_pattern(Section& section, std::string_view key) {
  std::optional<Pattern> pattern;
  std::string text;
  section.read(key, text, [&](std::string_view given) -> Status {
    auto compiled = pattern_of(given);
    if (!compiled) return fail(compiled.error());
    pattern = std::move(*compiled);
    return {};
  });
  return pattern;
}

FieldConditions read_fields(Section& section, std::string_view key) {
  FieldConditions conditions;
  auto table = section.table(key);
  if (!table) return conditions;
  for (const auto& path : table->keys()) {
    if (auto pattern = read_pattern(*table, path)) conditions.push_back({path, *pattern});
  }
  if (conditions.empty() && section.is_good()) section.complain(key, "names no field");
  return conditions;
}

void read_row_name(Section& section, std::string& name, std::set<std::string>& names) {
  section.read("name", name);
  if (name.empty()) return section.complain("name", "a row needs one: it says why it fits");
  if (!names.insert(name).second) {
    section.complain("name", fmt::format("\"{}\" is the name of a row above", name));
  }
}

void read_ending(Section& section, Ending& ending) {
  if (!section.has("outcome")) section.complain("outcome", "missing: what does it mean?");
  section.read_choice("outcome", ending.outcome);
  if (ending.outcome == Outcome::running) {
    section.complain("outcome", "a tool that has ended is not running");
  }
  if (section.has("operation")) {
    auto operation = Operation::backup;
    section.read_choice("operation", operation);
    ending.operation = operation;
  }
  ending.reason = usual_reason(ending.outcome);
  if (!section.has("reason")) return;
  auto reason = OutcomeReason::error;
  section.read_choice("reason", reason);
  if (!ending.reason) section.complain("reason", "only failed and cancelled have one");
  ending.reason = reason;
}

Row read_row(Section& section, std::set<std::string>& names) {
  Row row;
  row.line = section.place().line;
  read_row_name(section, row.name, names);
  std::string versions;
  section.read("versions", versions, [&](std::string_view text) -> Status {
    auto range = classify::parse_version_range(text);
    if (!range) return fail(range.error());
    row.versions = std::move(*range);
    return {};
  });
  row.operations = read_operations(section);
  row.codes = read_list(section, "exit", code_range_of);
  row.signals = read_list(section, "signals", signal_of);
  row.wanted = {read_lines(section), read_fields(section, "json"),
                read_fields(section, "document")};
  read_meaning(section, row);
  check_row(section, row);
  return row;
}

std::optional<Fact> read_fact(Section& section) {
  Fact fact;
  if (!section.has("figure")) section.complain("figure", "missing: what is found here?");
  section.read_choice("figure", fact.figure);
  fact.operations = read_operations(section);
  auto lines = read_lines(section);
  fact.json = read_fields(section, "json");
  section.read("value", fact.value);
  section.read("is_count", fact.is_count);
  bool is_binary = false;
  section.read("is_binary", is_binary);
  if (is_binary) fact.thousand = classify::Thousand::binary;
  if (!section.is_good()) return std::nullopt;
  const bool is_text = lines.size() == 1 && fact.json.empty() && fact.value.empty();
  const bool is_json =
      lines.empty() && (!fact.value.empty() || (fact.is_count && !fact.json.empty()));
  if (!is_text && !is_json) {
    section.complain("",
                     "one of output, stdout and stderr finds it, or value (with json, or in the "
                     "whole document)");
    return std::nullopt;
  }
  if (is_text) fact.line = std::move(lines.front());
  return fact;
}

}  // namespace vaultbell::agent::adapters
