#include "aggregator/ctl/json.hpp"

#include <nlohmann/json.hpp>

#include "shared/base/text.hpp"

namespace vaultbell::ctl {

std::string printable(const Json& json, Layout layout) {
  const int indent = layout == Layout::indented ? 2 : -1;
  const auto text = json.dump(indent, ' ', false, Json::error_handler_t::replace);
  std::string lines;
  std::size_t begin = 0;
  // Line ends are the layout's own: those inside strings are escaped already.
  while (true) {
    const auto end = text.find('\n', begin);
    lines += with_visible_controls(std::string_view(text).substr(begin, end - begin));
    if (end == std::string::npos) return lines;
    lines += '\n';
    begin = end + 1;
  }
}

const Json& at(const Json& json, std::string_view path) {
  static const Json kNull;
  const auto* found = &json;
  while (!path.empty()) {
    const auto dot = path.find('.');
    const auto next =
        found->is_object() ? found->find(std::string(path.substr(0, dot))) : found->end();
    if (next == found->end()) return kNull;
    found = &*next;
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return *found;
}

std::string text_at(const Json& json, std::string_view path) {
  const auto& value = at(json, path);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::uint64_t number_at(const Json& json, std::string_view path) {
  const auto& value = at(json, path);
  return value.is_number() ? value.get<std::uint64_t>() : 0;
}

}  // namespace vaultbell::ctl
