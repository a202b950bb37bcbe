#include "agent/adapter_text.hpp"

#include <cstring>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace vaultbell::agent {

namespace {

using classify::Row;

template <class T, class Text>
void add_list(std::vector<std::string>& parts, std::string_view what, const std::vector<T>& values,
              const Text& text) {
  if (values.empty()) return;
  std::vector<std::string> texts;
  for (const auto& value : values) texts.push_back(text(value));
  parts.push_back(fmt::format("{} {}", what, fmt::join(texts, ", ")));
}

std::string code_text(const classify::CodeRange& range) {
  if (range.first == range.last) return std::to_string(range.first);
  return fmt::format("{}-{}", range.first, range.last);
}

std::string sign_text(classify::VersionRange::Sign sign) {
  using Sign = classify::VersionRange::Sign;
  switch (sign) {
    case Sign::less:
      return "<";
    case Sign::at_most:
      return "<=";
    case Sign::equal:
      return "=";
    case Sign::at_least:
      return ">=";
    case Sign::more:
      return ">";
  }
  return {};
}

std::string comparison_text(const classify::VersionRange::Comparison& comparison) {
  return sign_text(comparison.sign) + fmt::format("{}", fmt::join(comparison.version.numbers, "."));
}

std::string field_text(const classify::FieldCondition& field) {
  return fmt::format("{} = '{}'", field.path, field.pattern.text());
}

std::string line_text(const classify::LineCondition& line) {
  const auto* where = "output";
  if (line.stream) where = *line.stream == classify::Stream::out ? "stdout" : "stderr";
  return fmt::format("{} '{}'", where, line.pattern.text());
}

std::vector<std::string> conditions_of(const Row& row) {
  std::vector<std::string> parts;
  add_list(parts, "operation", row.operations,
           [](Operation one) { return std::string(to_text(one)); });
  add_list(parts, "version", row.versions.comparisons, comparison_text);
  add_list(parts, "exit", row.codes, code_text);
  add_list(parts, "signal", row.signals, signal_text);
  for (const auto& line : row.wanted.lines) parts.push_back(line_text(line));
  add_list(parts, "json", row.wanted.json, field_text);
  add_list(parts, "document", row.wanted.document, field_text);
  return parts;
}

std::string meaning_of(Outcome outcome, std::optional<OutcomeReason> reason,
                       std::optional<Operation> operation) {
  auto text = std::string(to_text(outcome));
  if (reason) text += fmt::format(", {}", to_text(*reason));
  if (operation) text += fmt::format("; the operation is {}", to_text(*operation));
  return text;
}

std::string row_text(const Row& row) {
  auto text = fmt::format("{:>4}  {}\n", row.line, row.name);
  for (const auto& condition : conditions_of(row)) text += fmt::format("        {}\n", condition);
  text += fmt::format("      = {}\n", meaning_of(row.outcome, row.reason, row.operation));
  if (!row.message.empty()) text += fmt::format("        \"{}\"\n", row.message);
  if (!row.proof.empty()) text += fmt::format("        proof: {}\n", row.proof);
  return text;
}

void add_number(std::string& text, std::string_view name, std::optional<std::uint64_t> number) {
  if (number) text += fmt::format("{:<13}{}\n", name, *number);
}

}  // namespace

std::string signal_text(int number) {
  const char* name = sigabbrev_np(number);
  return name == nullptr ? fmt::format("signal {}", number) : fmt::format("SIG{}", name);
}

std::string no_adapter(std::string_view tool, std::string_view hint) {
  return fmt::format("there is no adapter for \"{}\", so exit codes alone count{}", tool, hint);
}

std::string text_of(const classify::Adapter& adapter) {
  auto text = fmt::format("{}: {}\nThe first row that fits counts; the number is its line.\n\n",
                          adapter.tool, adapter.file);
  for (const auto& row : adapter.rows) text += row_text(row) + "\n";
  text += fmt::format("exit code 0 without a row = {}\n", to_text(adapter.unmatched_zero));
  return text;
}

std::string text_of(const classify::Verdict& verdict, const classify::Adapter& adapter) {
  auto text = fmt::format("{:<13}{}\n", "outcome",
                          meaning_of(verdict.outcome, verdict.reason, verdict.operation));
  if (!verdict.message.empty()) text += fmt::format("{:<13}{}\n", "message", verdict.message);
  add_number(text, "files", verdict.statistics.files);
  add_number(text, "bytes read", verdict.statistics.bytes_read);
  add_number(text, "bytes added", verdict.statistics.bytes_added);
  add_number(text, "bytes total", verdict.statistics.bytes_total);
  if (!verdict.snapshot.empty()) text += fmt::format("{:<13}{}\n", "snapshot", verdict.snapshot);
  text += verdict.line == 0 ? fmt::format("{:<13}none: {}\n", "row", verdict.row)
                            : fmt::format("{:<13}\"{}\" ({}:{})\n", "row", verdict.row,
                                          adapter.file, verdict.line);
  for (const auto& why : verdict.why) text += fmt::format("{:<13}{}\n", "because", why);
  return text;
}

}  // namespace vaultbell::agent
