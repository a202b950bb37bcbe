#include "tests/agent/adapters/captures.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "agent/classify/words.hpp"
#include "shared/base/check.hpp"
#include "shared/base/files.hpp"

namespace vaultbell::agent::adapters::testing {

namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(VAULTBELL_CAPTURES);
constexpr std::size_t kFileBytesMax = 1U << 20U;

// How the lab called the tools.
const std::map<std::string, std::string> kLabNames = {{"borgmatic", "bm"}, {"bacula", "bconsole"}};

std::string header_of(const std::string& text, const std::string& name) {
  const auto begins = "# " + name + ": ";
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(begins)) return line.substr(begins.size());
  }
  return {};
}

std::string number_or_dash(std::optional<std::uint64_t> number) {
  return number ? std::to_string(*number) : "-";
}

std::string text_or_dash(std::string_view text) {
  return text.empty() ? "-" : std::string(text);
}

classify::End end_of(const std::string& text) {
  for (int number = 1; number < NSIG; ++number) {
    const char* name = sigabbrev_np(number);
    if (name != nullptr && text == std::string("SIG") + name) return {.signal = number};
  }
  return {.exit_code = std::stoi(text)};
}

std::string end_in_header(const std::string& end) {
  const auto parsed = end_of(end);
  return std::to_string(parsed.signal ? 128 + *parsed.signal : *parsed.exit_code);
}

std::string line_of(const Expected& one, const classify::Verdict& verdict) {
  const auto& statistics = verdict.statistics;
  return fmt::format("{:<46} {:<7} {:<13} {:<9} {:<23} {:>5} {:>9} {:>9} {:>9} {}", one.capture,
                     one.end, one.operation, to_text(verdict.outcome),
                     verdict.reason ? to_text(*verdict.reason) : "-",
                     number_or_dash(statistics.files), number_or_dash(statistics.bytes_read),
                     number_or_dash(statistics.bytes_added), number_or_dash(statistics.bytes_total),
                     text_or_dash(verdict.snapshot));
}

std::string line_of(const Expected& one) {
  return fmt::format("{:<46} {:<7} {:<13} {:<9} {:<23} {:>5} {:>9} {:>9} {:>9} {}", one.capture,
                     one.end, one.operation, one.outcome, one.reason, one.files, one.bytes_read,
                     one.bytes_added, one.bytes_total, one.snapshot);
}

}  // namespace

std::vector<std::string> shipped_tools() {
  std::vector<std::string> tools;
  for (const auto& file : fs::directory_iterator(VAULTBELL_ADAPTERS)) {
    if (file.path().extension() == ".toml") tools.push_back(file.path().stem().string());
  }
  std::sort(tools.begin(), tools.end());
  return tools;
}

Capture read_capture(const std::string& name) {
  const auto text = read_file(kFolder / "captures" / (name + ".txt"), kFileBytesMax);
  check(text.has_value(), "a capture can be read");
  const std::string out_begins = "--- stdout ---\n";
  const std::string err_begins = "--- stderr ---\n";
  const auto out = text->find(out_begins) + out_begins.size();
  const auto err = text->find(err_begins, out);
  const auto folder = name.substr(0, name.find('/'));
  const auto dash = folder.find('-');
  auto version = folder.substr(dash + 1);
  version = version.substr(0, version.find('-'));
  return {.name = name,
          .tool = folder.substr(0, dash),
          .version = *classify::parse_version(version),
          .command = header_of(*text, "command"),
          .exit_code = std::stoi(header_of(*text, "exit")),
          .out = text->substr(out, err - out),
          .err = text->substr(err + err_begins.size())};
}

std::vector<std::string> names_of_captures() {
  std::vector<std::string> names;
  for (const auto& file : fs::recursive_directory_iterator(kFolder / "captures")) {
    const auto relative = fs::relative(file.path(), kFolder / "captures");
    if (file.path().extension() != ".txt" || !relative.has_parent_path()) continue;
    names.push_back((relative.parent_path() / relative.stem()).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string table_text() {
  return *read_file(kFolder / "expected.txt", kFileBytesMax);
}

std::vector<Expected> parse_table(const std::string& text) {
  std::vector<Expected> table;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    Expected one;
    std::istringstream words(line);
    words >> one.capture >> one.end >> one.operation >> one.outcome >> one.reason >> one.files >>
        one.bytes_read >> one.bytes_added >> one.bytes_total >> one.snapshot;
    table.push_back(one);
  }
  return table;
}

const classify::Adapter& adapter_of(const std::string& tool) {
  static std::map<std::string, classify::Adapter> known;
  const auto found = known.find(tool);
  if (found != known.end()) return found->second;
  auto read = read_adapter(fs::path(VAULTBELL_ADAPTERS) / (tool + ".toml"));
  check(read.mistakes.empty(), "a shipped adapter has no mistakes");
  return known.emplace(tool, std::move(read.adapter)).first->second;
}

classify::Verdict judge(const Capture& capture, const std::string& end, Operation operation) {
  classify::Classifier classifier(adapter_of(capture.tool), operation);
  classifier.feed(classify::Stream::out, capture.out);
  classifier.feed(classify::Stream::err, capture.err);
  classifier.finish();
  return classifier.judge(end_of(end), capture.version);
}

std::vector<std::string> complaints_about(const std::vector<Expected>& table) {
  std::vector<std::string> complaints;
  for (const auto& one : table) {
    const auto capture = read_capture(one.capture);
    if (std::to_string(capture.exit_code) != end_in_header(one.end)) {
      complaints.push_back(one.capture + ": another end than in its header");
    }
    const auto operation = parse_enum<Operation>("operation", one.operation);
    if (!operation) {
      complaints.push_back(one.capture + ": " + operation.error().message);
      continue;
    }
    const auto found = line_of(one, judge(capture, one.end, *operation));
    if (found != line_of(one)) complaints.push_back(found);
  }
  return complaints;
}

std::vector<std::string> arguments_of(const Capture& capture) {
  const auto lab = kLabNames.find(capture.tool);
  const auto wanted = lab == kLabNames.end() ? capture.tool : lab->second;
  std::istringstream words(capture.command);
  std::vector<std::string> arguments;
  std::size_t commands = 0;
  bool is_inside = false;
  for (std::string word; words >> word;) {
    if (fs::path(word).filename() == wanted) {
      ++commands;
      is_inside = true;
      continue;
    }
    const bool ends = word.find_first_of(";|&><)") != std::string::npos;
    is_inside = is_inside && !ends;
    if (is_inside) arguments.push_back(word);
  }
  return commands == 1 ? arguments : std::vector<std::string>();
}

}  // namespace vaultbell::agent::adapters::testing
