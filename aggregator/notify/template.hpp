// Templates of message texts: Mustache, made strict. The rest of the code does not see which engine
// renders them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"

namespace vaultbell::notify {

// What a template may show, by name: texts of one line. A name is always there, with an empty text
// or list where there is nothing to show: then {{#name}} ... {{/name}} is left out and {{^name}}
// ... {{/name}} shown.
struct View {
  std::map<std::string, std::string, std::less<>> texts;
  std::map<std::string, std::vector<std::string>, std::less<>> lists;  // {{.}} is the item
};

// Into what a template renders: how each {{name}} is escaped there.
enum class Escaping : std::uint8_t {
  none,
  html,
  json,     // inside the quotes of a JSON text
  percent,  // in a URL or a form: everything but RFC 3986's unreserved characters
};

struct TemplateFault {
  std::size_t line = 1;
  std::string what;

  bool operator==(const TemplateFault&) const = default;
};

inline constexpr std::size_t kTemplateFaultsMax = 20;  // as many as anybody reads at once

// What is wrong with a template that could fail or mislead when it is rendered with a view of the
// same names, the first kTemplateFaultsMax in their order: tags and sections that are not closed, a
// name that `view` does not have, a list used as a text, and every tag that is not a name, a
// section or a comment (so nothing escapes the escaping). Empty: it can be rendered.
std::vector<TemplateFault> faults_of(std::string_view text, const View& view);

// Whether {{name}} stands somewhere in a template without faults, as a text or as a section.
bool names(std::string_view text, std::string_view name);

// The text of a template without faults.
std::string render(std::string_view text, const View& view, Escaping escaping);

std::string escaped(std::string_view value, Escaping escaping);

}  // namespace vaultbell::notify
