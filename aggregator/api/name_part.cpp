#include "aggregator/api/name_part.hpp"

#include <algorithm>

namespace vaultbell::api {

namespace {

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool is_same(char lower_letter, char letter) {
  return lower_letter == lower(letter);
}

}  // namespace

NamePart::NamePart(std::string_view text) : lower_(text) {
  std::ranges::transform(lower_, lower_.begin(), lower);
}

bool NamePart::is_in(std::string_view name) const {
  const auto found = std::search(name.begin(), name.end(), lower_.begin(), lower_.end(),
                                 [](char letter, char wanted) { return is_same(wanted, letter); });
  return found != name.end();
}

bool NamePart::begins(std::string_view name) const {
  return name.size() >= lower_.size() &&
         std::equal(lower_.begin(), lower_.end(), name.begin(), is_same);
}

std::optional<NamePart> name_part_in(Fields& query) {
  const auto text = query.text("q");
  if (!text) return std::nullopt;
  if (text->empty()) return query.complain("q", "it is empty: a part of a name is needed");
  return NamePart(*text);
}

}  // namespace vaultbell::api
