#include <charconv>
#include <csignal>
#include <cstring>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "agent/adapter_text.hpp"
#include "agent/classify/classifier.hpp"
#include "agent/commands.hpp"
#include "agent/configuration.hpp"
#include "agent/exit_code.hpp"
#include "shared/base/files.hpp"

namespace vaultbell::agent {

const Syntax& adapter_syntax() {
  static const Syntax instance{
      .command = "adapter",
      .example = "vaultbell-agent adapter test nightly.log --tool restic --exit 3",
      .usage = "list | show TOOL | test FILE --tool TOOL [options]",
      .about =
          "list: the tools that have an adapter. show: its table. test: what the output in FILE\n"
          "(\"-\": standard input) and an exit code would mean, and which row says so.",
      .options =
          with_common({{"tool", "TOOL", "whose adapter judges"},
                       {"exit", "CODE", "how the tool ended (default: 0)"},
                       {"signal", "NAME", "the signal that killed it, instead of a code: TERM"},
                       {"operation", "WHAT", "what it was to do (default: backup)"},
                       {"version", "VERSION", "of the tool, where a row asks for it"}}),
      .operands_max = 2};
  return instance;
}

namespace {

constexpr std::size_t kOutputFileBytesMax = 64UL
                                            << 20U;  // held in memory; a long night of rclone -v
constexpr int kExitMax = 255;

// A file in the form of the captures that the shipped rows were learnt from keeps the streams
// apart.
constexpr std::string_view kOutBegins = "--- stdout ---\n";
constexpr std::string_view kErrBegins = "--- stderr ---\n";

Result<classify::Adapter> find(const adapters::Shelf& shelf, const std::string& tool) {
  auto found = shelf.find(tool);
  if (!found) {
    return fail(ErrorCode::not_found,
                fmt::format("there is no adapter for \"{}\" (see: vaultbell-agent adapter list){}",
                            tool, shelf.hint(tool)));
  }
  if (!found->mistakes.empty()) return fail(ErrorCode::failed, lines_of(found->mistakes));
  return std::move(found->adapter);
}

int list(const adapters::Shelf& shelf) {
  for (const auto& file : shelf.files()) {
    const auto [adapter, mistakes] = adapters::read_adapter(file);
    const auto state = mistakes.empty() ? fmt::format("{} rows", adapter.rows.size())
                                        : std::string("not used: it has mistakes");
    std::cout << fmt::format("{:<12} {:<8} {}\n", adapter.tool, state, adapter.file);
  }
  return kDone;
}

Result<std::string> read_output(const std::string& file) {
  if (file != "-") return read_file(file, kOutputFileBytesMax);
  return std::string(std::istreambuf_iterator<char>(std::cin), {});
}

Result<classify::End> end_of(const Arguments& arguments) {
  if (const auto name = arguments.value("signal")) {
    for (int number = 1; number < NSIG; ++number) {
      const char* known = sigabbrev_np(number);
      if (known != nullptr && *name == known) return classify::End{.signal = number};
    }
    return fail(ErrorCode::invalid, fmt::format("--signal {}: no signal (example: TERM)", *name));
  }
  const auto text = arguments.value("exit").value_or("0");
  int code = -1;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, code);
  if (error != std::errc{} || rest != end || code < 0 || code > kExitMax) {
    return fail(ErrorCode::invalid,
                fmt::format("--exit {}: no exit code from 0 to {}", text, kExitMax));
  }
  return classify::End{.exit_code = code};
}

// What is asked of the adapter: how it ended, and what it was.
struct Question {
  classify::End end;
  Operation operation = Operation::backup;
  std::optional<classify::Version> version;
};

Result<Question> question_of(const Arguments& arguments) {
  const auto end = end_of(arguments);
  if (!end) return fail(end.error());
  const auto operation = arguments.choice("operation", Operation::backup);
  if (!operation) return fail(operation.error());
  Question question{.end = *end, .operation = *operation};
  if (const auto text = arguments.value("version")) {
    auto version = classify::parse_version(*text);
    if (!version) return fail_within("--version", version.error());
    question.version = std::move(*version);
  }
  return question;
}

void feed(classify::Classifier& classifier, std::string_view output) {
  const auto out = output.find(kOutBegins);
  const auto err = output.find(kErrBegins);
  if (out == std::string_view::npos || err == std::string_view::npos || err < out) {
    classifier.feed(std::nullopt, output);
  } else {
    const auto begin = out + kOutBegins.size();
    classifier.feed(classify::Stream::out, output.substr(begin, err - begin));
    classifier.feed(classify::Stream::err, output.substr(err + kErrBegins.size()));
  }
  classifier.finish();
}

int complain_of(const Error& error) {
  complain(error.message);
  return kFailed;
}

int test(const Arguments& arguments, const adapters::Shelf& shelf, const std::string& file) {
  const auto question = question_of(arguments);
  if (!question) return complain_of_usage(adapter_syntax(), question.error());
  const auto tool = arguments.value("tool");
  if (!tool) {
    return complain_of_usage(adapter_syntax(), Error{ErrorCode::invalid, "--tool is missing"});
  }
  const auto adapter = find(shelf, *tool);
  if (!adapter) return complain_of(adapter.error());
  const auto output = read_output(file);
  if (!output) return complain_of(output.error());
  classify::Classifier classifier(*adapter, question->operation);
  feed(classifier, *output);
  const auto verdict = classifier.judge(question->end, question->version);
  std::cout << text_of(verdict, *adapter);
  if (!arguments.has("exit") && !arguments.has("signal")) {
    std::cout << "How the tool ended was not said, so exit code 0 was taken: --exit or --signal.\n";
  }
  if (!question->version && classifier.wants_version(question->end)) {
    std::cout << "A row that names versions was left out: say which one it is with --version.\n";
  }
  return kDone;
}

}  // namespace

int adapter_command(const Words& words) {
  const auto opening = open_command(adapter_syntax(), words);
  if (!opening.arguments) return opening.exit_code;
  const auto& arguments = *opening.arguments;
  const auto shelf = load_configuration(arguments).configuration.adapters.shelf();
  const auto operands = arguments.operands();
  const auto verb = operands.empty() ? std::string() : operands.front();
  if (verb == "list" && operands.size() == 1) return list(shelf);
  if (verb == "show" && operands.size() == 2) {
    const auto adapter = find(shelf, operands[1]);
    if (!adapter) return complain_of(adapter.error());
    std::cout << text_of(*adapter);
    return kDone;
  }
  if (verb == "test" && operands.size() == 2) return test(arguments, shelf, operands[1]);
  return complain_of_usage(adapter_syntax(),
                           Error{ErrorCode::invalid, "one of: list, show TOOL, test FILE"});
}

}  // namespace vaultbell::agent
