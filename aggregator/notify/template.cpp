#include "aggregator/notify/template.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <kainjow/mustache.hpp>

#include "shared/base/check.hpp"
#include "shared/base/nearest.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::notify {

namespace {

namespace mustache = kainjow::mustache;

constexpr char kLineEnd = '\x1e';  // in no value: those have no control characters

bool is_tag_alone(std::string_view line) {
  const auto tag = trimmed(line);
  return tag.starts_with("{{") && tag.find("}}") + 2 == tag.size() &&
         std::string_view("#^/!").find(tag[2]) != std::string_view::npos;
}

// The template without the ends of lines that hold only the tag of a section or a comment. The
// engine does this only where the section is shown, and then takes an empty line behind it along;
// so it gets to see no line end at all.
std::string in_one_line(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    const auto line = text.substr(0, end + 1);
    text.remove_prefix(end + 1);
    result += is_tag_alone(line) ? trimmed(line) : line;
  }
  std::ranges::replace(result, '\n', kLineEnd);
  return result;
}

mustache::data data_of(const View& view) {
  mustache::data data;
  for (const auto& [name, text] : view.texts) {
    // An empty string would count as something to show.
    data.set(name, text.empty() ? mustache::data(false) : mustache::data(text));
  }
  for (const auto& [name, items] : view.lists) {
    mustache::data list(mustache::data::type::list);
    for (const auto& item : items) list.push_back(mustache::data(item));
    data.set(name, list);
  }
  return data;
}

std::string unknown(std::string_view name, const View& view) {
  std::vector<std::string_view> names;
  for (const auto& entry : view.texts) names.push_back(entry.first);
  for (const auto& entry : view.lists) names.push_back(entry.first);
  return fmt::format("unknown name \"{}\"{}", name, did_you_mean(name, names));
}

// What is wrong with the content of one {{tag}}; empty if nothing is.
std::string fault_of_tag(std::string_view tag, const View& view) {
  if (tag.empty()) return "a tag is empty";
  if (tag.front() == '!') return {};
  const bool is_section = tag.front() == '#' || tag.front() == '^' || tag.front() == '/';
  if (std::string_view("{&>=").find(tag.front()) != std::string_view::npos) {
    return fmt::format("\"{{{{{}}}}}\" is not allowed: only names, sections and comments are", tag);
  }
  const auto name = trimmed(is_section ? tag.substr(1) : tag);
  if (name == "." && !is_section) return {};
  if (view.texts.contains(name)) return {};
  if (!view.lists.contains(name)) return unknown(name, view);
  return is_section ? std::string()
                    : fmt::format("\"{}\" is a list: write {{{{#{}}}}}", name, name);
}

}  // namespace

Status check_template(std::string_view file, std::string_view text, const View& view) {
  mustache::mustache parsed{std::string(text)};
  if (!parsed.is_valid()) {
    return fail(ErrorCode::invalid, fmt::format("{}: {}", file, parsed.error_message()));
  }
  std::size_t line = 1;
  for (;;) {
    const auto begin = text.find("{{");
    if (begin == std::string_view::npos) return {};
    const auto before = text.substr(0, begin);
    line += static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    text.remove_prefix(begin + 2);
    const auto end = text.find("}}");
    const auto fault = fault_of_tag(trimmed(text.substr(0, end)), view);
    if (!fault.empty()) {
      return fail(ErrorCode::invalid, fmt::format("{}:{}: {}", file, line, fault));
    }
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end);
  }
}

std::string render(std::string_view text, const View& view, Markup markup) {
  mustache::mustache parsed(in_one_line(text));
  if (markup == Markup::plain) {
    parsed.set_custom_escape([](const std::string& value) { return value; });
  }
  const auto data = data_of(view);
  mustache::context<std::string> context;
  context.push(&data);
  auto rendered = parsed.render(context);
  check(parsed.is_valid(), "a template was checked before it is rendered");
  std::ranges::replace(rendered, kLineEnd, '\n');
  return rendered;
}

}  // namespace vaultbell::notify
