#include "aggregator/notify/template.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>
#include <kainjow/mustache.hpp>

#include "shared/base/check.hpp"
#include "shared/base/nearest.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::notify {

namespace {

namespace mustache = kainjow::mustache;

// A list in a list would be shown as often as one has items for each item of the other; and a stack
// has an end. The built-in templates nest two sections.
constexpr std::size_t kOpenSectionsMax = 16;

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

// One {{tag}} as it stands, without its braces and the space around it.
struct Tag {
  std::string_view content;
  std::size_t line = 1;
  bool is_closed = true;     // false: "}}" is missing, and nothing can follow
  bool is_on_a_line = true;  // false: it holds the end of a line
};

std::size_t line_ends_in(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::vector<Tag> tags_of(std::string_view text) {
  std::vector<Tag> tags;
  std::size_t line = 1;
  for (;;) {
    const auto begin = text.find("{{");
    if (begin == std::string_view::npos) return tags;
    line += line_ends_in(text.substr(0, begin));
    text.remove_prefix(begin + 2);
    const auto end = text.find("}}");
    const auto content = text.substr(0, end);
    const auto line_ends = line_ends_in(content);
    tags.push_back({trimmed(content), line, end != std::string_view::npos, line_ends == 0});
    if (end == std::string_view::npos) return tags;
    line += line_ends;
    text.remove_prefix(end + 2);
  }
}

bool is_any_of(std::string_view characters, const Tag& tag) {
  return !tag.content.empty() && characters.find(tag.content.front()) != std::string_view::npos;
}

std::string_view name_in(const Tag& tag) {
  return trimmed(is_any_of("#^/", tag) ? tag.content.substr(1) : tag.content);
}

// Goes through the tags of one template and finds what is wrong with each.
class Reader {
 public:
  explicit Reader(const View& view) : view_(view) {}

  void see(const Tag& tag) {
    if (auto fault = fault_of(tag); !fault.empty()) add(tag.line, std::move(fault));
    if (tag.is_closed && is_any_of("#^", tag)) open_.push_back(tag);
    if (tag.is_closed && is_any_of("/", tag)) close(tag);
  }

  std::vector<TemplateFault> finish() {
    for (const auto& tag : open_) add(tag.line, not_closed(tag));
    std::ranges::stable_sort(faults_, {}, &TemplateFault::line);
    if (faults_.size() > kTemplateFaultsMax) faults_.resize(kTemplateFaultsMax);
    return std::move(faults_);
  }

 private:
  void add(std::size_t line, std::string what) { faults_.push_back({line, std::move(what)}); }

  static std::string not_closed(const Tag& tag) {
    return fmt::format("\"{{{{{}}}}}\" is not closed: \"{{{{/{}}}}}\" is missing", tag.content,
                       name_in(tag));
  }

  // Sections that were opened behind the one that is closed have missed their end.
  void close(const Tag& tag) {
    const auto is_it = [&](const Tag& open) { return name_in(open) == name_in(tag); };
    const auto found = std::find_if(open_.rbegin(), open_.rend(), is_it);
    if (found == open_.rend()) {
      return add(tag.line,
                 fmt::format("\"{{{{{}}}}}\" closes a section that is not open", tag.content));
    }
    for (auto open = open_.rbegin(); open != found; ++open) add(open->line, not_closed(*open));
    open_.erase(found.base() - 1, open_.end());
  }

  [[nodiscard]] bool is_inside(bool (Reader::*is_it)(const Tag&) const) const {
    return std::ranges::any_of(open_, [&](const Tag& tag) { return (this->*is_it)(tag); });
  }
  [[nodiscard]] bool is_shown_section(const Tag& tag) const { return is_any_of("#", tag); }
  [[nodiscard]] bool is_list(const Tag& tag) const {
    return is_any_of("#", tag) && view_.lists.contains(name_in(tag));
  }

  [[nodiscard]] std::string unknown(std::string_view name) const {
    std::vector<std::string_view> names;
    for (const auto& entry : view_.texts) names.push_back(entry.first);
    for (const auto& entry : view_.lists) names.push_back(entry.first);
    return fmt::format("unknown name \"{}\"{}", name, did_you_mean(name, names));
  }

  // Empty if nothing is wrong with it by itself.
  [[nodiscard]] std::string fault_of(const Tag& tag) const {
    if (!tag.is_closed) return "a tag is not closed: \"}}\" is missing";
    if (tag.content.empty()) return "a tag is empty";
    if (is_any_of("!", tag)) return {};
    if (is_any_of("{&>=", tag)) {
      return fmt::format("\"{{{{{}}}}}\" is not allowed: only names, sections and comments are",
                         tag.content);
    }
    if (!tag.is_on_a_line) return fmt::format("\"{{{{{}}}}}\" stands on two lines", tag.content);
    const auto name = name_in(tag);
    if (name == ".") return fault_of_item(tag);
    if (!view_.texts.contains(name) && !view_.lists.contains(name)) return unknown(name);
    return is_any_of("#^/", tag) ? fault_of_section(tag) : fault_of_text(name);
  }

  [[nodiscard]] std::string fault_of_item(const Tag& tag) const {
    if (tag.content == "." && is_inside(&Reader::is_shown_section)) return {};
    return "\"{{.}}\" is the item of a list, and stands inside its section";
  }

  [[nodiscard]] std::string fault_of_text(std::string_view name) const {
    if (view_.texts.contains(name)) return {};
    return fmt::format("\"{}\" is a list: write {{{{#{}}}}}", name, name);
  }

  [[nodiscard]] std::string fault_of_section(const Tag& tag) const {
    if (is_any_of("/", tag)) return {};
    if (open_.size() >= kOpenSectionsMax) {
      return fmt::format("more than {} sections inside each other", kOpenSectionsMax);
    }
    if (is_list(tag) && is_inside(&Reader::is_list)) {
      return fmt::format("\"{{{{{}}}}}\" is a list inside a list", tag.content);
    }
    return {};
  }

  const View& view_;
  std::vector<Tag> open_;  // sections, the innermost last
  std::vector<TemplateFault> faults_;
};

std::string as_json(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (static_cast<unsigned char>(c) < 0x20) {
      text += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
  }
  return text;
}

std::string as_html(std::string_view value) {
  return mustache::html_escape(std::string(value));
}

std::string percent_encoded(std::string_view value) {
  std::string text;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_unreserved = (byte < 0x80 && std::isalnum(byte) != 0) ||
                               std::string_view("-._~").find(c) != std::string_view::npos;
    text += is_unreserved ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return text;
}

}  // namespace

std::vector<TemplateFault> faults_of(std::string_view text, const View& view) {
  Reader reader(view);
  for (const auto& tag : tags_of(text)) reader.see(tag);
  auto faults = reader.finish();
  if (!faults.empty()) return faults;
  // What the engine understands otherwise than we do.
  const mustache::mustache parsed{std::string(text)};
  if (!parsed.is_valid()) faults.push_back({1, parsed.error_message()});
  return faults;
}

bool names(std::string_view text, std::string_view name) {
  return std::ranges::any_of(
      tags_of(text), [&](const Tag& tag) { return !is_any_of("!", tag) && name_in(tag) == name; });
}

std::string escaped(std::string_view value, Escaping escaping) {
  switch (escaping) {
    case Escaping::none:
      return std::string(value);
    case Escaping::html:
      return as_html(value);
    case Escaping::json:
      return as_json(value);
    case Escaping::percent:
      return percent_encoded(value);
  }
  return {};
}

std::string render(std::string_view text, const View& view, Escaping escaping) {
  mustache::mustache parsed(in_one_line(text));
  parsed.set_custom_escape([&](const std::string& value) { return escaped(value, escaping); });
  const auto data = data_of(view);
  mustache::context<std::string> context;
  context.push(&data);
  auto rendered = parsed.render(context);
  check(parsed.is_valid(), "a template was checked before it is rendered");
  std::ranges::replace(rendered, kLineEnd, '\n');
  return rendered;
}

}  // namespace vaultbell::notify
