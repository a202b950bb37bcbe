#include "agent/arguments.hpp"

#include <algorithm>
#include <utility>

#include <boost/program_options.hpp>
#include <fmt/format.h>

#include "shared/base/nearest.hpp"

namespace vaultbell::agent {

namespace {

namespace po = boost::program_options;

using Values = std::vector<std::string>;

constexpr const char* kWords = "words";  // what is no option

std::vector<Option> with_help(std::vector<Option> options) {
  options.push_back({"help", "", "show this", "h"});
  return options;
}

po::options_description described(const std::vector<Option>& options) {
  po::options_description description;
  for (const auto& option : options) {
    const auto names = option.letter.empty() ? option.name : option.name + "," + option.letter;
    if (option.value_name.empty()) {
      description.add_options()(names.c_str(), "");
    } else {
      description.add_options()(names.c_str(), po::value<Values>(), "");
    }
  }
  description.add_options()(kWords, po::value<Values>(), "");
  return description;
}

// Without its value, which may be a secret.
std::string unknown(const std::string& whole, const std::vector<Option>& options) {
  const auto given = whole.substr(0, whole.find('='));
  std::vector<std::string> names;
  names.reserve(options.size());
  for (const auto& option : options) names.push_back("--" + option.name);
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  return fmt::format("unknown option \"{}\"{}", given, did_you_mean(given, candidates));
}

}  // namespace

std::vector<Option> with_common(std::vector<Option> options) {
  options.push_back({"config", "FILE", "the configuration (default /etc/vaultbell/agent.toml)"});
  options.push_back({"state-dir", "FOLDER", "where key and reports are kept, whatever FILE says"});
  return options;
}

std::string help_of(const Syntax& syntax) {
  auto text = fmt::format("Example: {}\n\nUsage: vaultbell-agent {}{}{}\n\n{}\n\nOptions:\n",
                          syntax.example, syntax.command, syntax.usage.empty() ? "" : " ",
                          syntax.usage, syntax.about);
  std::size_t width = 0;
  std::vector<std::pair<std::string, std::string>> lines;
  for (const auto& option : with_help(syntax.options)) {
    auto left = option.letter.empty() ? "--" + option.name
                                      : fmt::format("-{}, --{}", option.letter, option.name);
    if (!option.value_name.empty()) left += " " + option.value_name;
    width = std::max(width, left.size());
    lines.emplace_back(std::move(left), option.text);
  }
  for (const auto& [left, right] : lines) text += fmt::format("  {:<{}}  {}\n", left, width, right);
  return text;
}

Result<Arguments> Arguments::parse(const Syntax& syntax, const std::vector<std::string>& given) {
  const auto options = with_help(syntax.options);
  const auto description = described(options);
  po::positional_options_description words;
  words.add(kWords, -1);
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  Arguments arguments;
  try {
    const auto parsed =
        po::command_line_parser(given).options(description).positional(words).style(style).run();
    for (const auto& one : parsed.options) {
      auto& values = arguments.values_[one.string_key];
      values.insert(values.end(), one.value.begin(), one.value.end());
    }
  } catch (const po::unknown_option& error) {
    return fail(ErrorCode::invalid, unknown(error.get_option_name(), options));
  } catch (const po::error& error) {
    return fail(ErrorCode::invalid, error.what());
  }
  const auto operands = arguments.operands();
  if (operands.size() > syntax.operands_max) {
    const auto& word = operands.at(syntax.operands_max);
    return fail(ErrorCode::invalid, syntax.no_words.empty()
                                        ? fmt::format("unexpected argument \"{}\"", word)
                                        : syntax.no_words);
  }
  for (const auto& option : options) {
    if (option.is_repeatable || arguments.values(option.name).size() <= 1) continue;
    return fail(ErrorCode::invalid, fmt::format("option --{} is given twice", option.name));
  }
  return arguments;
}

std::optional<std::string> Arguments::value(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second.front();
}

std::vector<std::string> Arguments::values(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? Values{} : found->second;
}

std::vector<std::string> Arguments::operands() const {
  return values(kWords);
}

}  // namespace vaultbell::agent
