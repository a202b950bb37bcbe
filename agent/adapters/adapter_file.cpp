#include "agent/adapters/adapter_file.hpp"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "agent/adapters/row_reading.hpp"
#include "agent/adapters/trace_reading.hpp"
#include "shared/config/toml_file.hpp"

namespace vaultbell::agent::adapters {

namespace {

using classify::Adapter;
using classify::OperationWords;
using classify::Pattern;

// A table that a person can still survey, and that is gone through within microseconds.
constexpr std::size_t kRowsMax = 200;
constexpr std::size_t kFactsMax = 100;

Status check_word(std::string_view word) {
  if (!word.empty()) return {};
  return fail("an empty word");
}

void read_version(config::TomlFile& file, Adapter& adapter) {
  auto section = file.section("version");
  section.read("arguments", adapter.version_arguments, check_word);
  adapter.version_pattern = read_pattern(section, "pattern");
  const bool has_pattern = adapter.version_pattern.has_value();
  if (!section.is_good() || adapter.version_arguments.empty() != has_pattern) return;
  section.complain("", "arguments and pattern belong together");
}

// Of whole words.
std::vector<Pattern> read_patterns(config::Section& section, std::string_view key) {
  std::vector<Pattern> patterns;
  std::vector<std::string> texts;
  section.read(key, texts, [&](std::string_view text) -> Status {
    auto pattern = Pattern::compile(text);
    if (!pattern) return fail(pattern.error());
    patterns.push_back(std::move(*pattern));
    return {};
  });
  return patterns;
}

// A word that begins with ^ means only the first one behind the command.
void read_words(config::Section& section, const std::string& key, Adapter& adapter) {
  const auto operation = parse_enum<Operation>("operation", key);
  if (!operation) return section.complain(key, operation.error().message);
  OperationWords words{.operation = *operation};
  for (auto& pattern : read_patterns(section, key)) {
    auto& into = pattern.text().starts_with('^') ? words.first_word : words.any_word;
    into.push_back(std::move(pattern));
  }
  adapter.operations.push_back(std::move(words));
}

void read_rows(config::Section& top, Adapter& adapter) {
  std::set<std::string> names;
  auto rows = top.tables("row");
  if (rows.size() > kRowsMax) {
    return top.complain("row",
                        fmt::format("{} rows, at most {} are allowed", rows.size(), kRowsMax));
  }
  for (auto& section : rows) adapter.rows.push_back(read_row(section, names));
}

void read_facts(config::Section& top, Adapter& adapter) {
  auto facts = top.tables("fact");
  if (facts.size() > kFactsMax) {
    return top.complain("fact",
                        fmt::format("{} facts, at most {} are allowed", facts.size(), kFactsMax));
  }
  for (auto& section : facts) {
    if (auto fact = read_fact(section)) adapter.facts.push_back(std::move(*fact));
  }
}

bool names_version(const Adapter& adapter) {
  for (const auto& row : adapter.rows) {
    if (!row.versions.comparisons.empty()) return true;
  }
  return false;
}

ReadAdapter read_all(config::TomlFile file, const std::filesystem::path& path) {
  ReadAdapter read;
  auto& adapter = read.adapter;
  adapter.tool = path.stem().string();
  adapter.file = path.string();
  auto top = file.section("");
  top.read("names", adapter.names, check_word);
  top.read("options_with_value", adapter.options_with_value, check_word);
  adapter.dry_run = read_patterns(top, "dry_run");
  top.read("backup_first", adapter.is_backup_first);
  top.read_choice("zero", adapter.unmatched_zero);
  if (adapter.unmatched_zero == Outcome::running) {
    top.complain("zero", "a tool that has ended is not running");
  }
  read_version(file, adapter);
  auto operations = file.section("operations");
  for (const auto& key : operations.keys()) read_words(operations, key, adapter);
  read_rows(top, adapter);
  read_facts(top, adapter);
  adapter.log = read_log_table(file);
  adapter.backups = read_backup_list(file);
  if (names_version(adapter) && !adapter.version_pattern) {
    top.complain("", "a row names versions, and there is no [version] that says how to ask for it");
  }
  read.mistakes = file.mistakes();
  return read;
}

}  // namespace

ReadAdapter read_adapter(const std::filesystem::path& file) {
  return read_all(config::TomlFile::open(file), file);
}

ReadAdapter parse_adapter(const std::filesystem::path& file, std::string_view text) {
  return read_all(config::TomlFile::parse(file, text), file);
}

}  // namespace vaultbell::agent::adapters
