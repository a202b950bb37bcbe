// Templates of message texts: Mustache, made strict. The rest of the code does not see which engine
// renders them.
#pragma once

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

// Into what a template renders: what escapes each {{name}}.
enum class Markup : std::uint8_t { plain, html };

// Refuses a template that could fail or mislead when it is rendered with a view of the same names:
// wrong syntax, a name that `view` does not have, a list used as a text, and every tag that is not
// a name, a section or a comment (so nothing escapes the escaping). `file` is for the message.
Status check_template(std::string_view file, std::string_view text, const View& view);

// The text of a template that check_template has accepted.
std::string render(std::string_view text, const View& view, Markup markup);

}  // namespace vaultbell::notify
