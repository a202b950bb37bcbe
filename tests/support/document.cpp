#include "tests/support/document.hpp"

#include <algorithm>

#include "shared/base/check.hpp"
#include "shared/base/files.hpp"

namespace vaultbell::support {

namespace {
constexpr std::size_t kDocumentBytesMax = 1UL << 20U;
}  // namespace

std::string document(std::string_view name) {
  auto text = read_file(std::string(VAULTBELL_DOCS) + "/" + std::string(name), kDocumentBytesMax);
  check(text.has_value(), "the document is there");
  return std::move(*text);
}

std::vector<std::string> undescribed(std::string_view document,
                                     const std::vector<std::string>& wanted) {
  std::vector<std::string> missing;
  for (const auto& text : wanted) {
    if (document.find(text) == std::string_view::npos) missing.push_back(text);
  }
  return missing;
}

std::vector<std::string> quoted(std::string_view document,
                                const std::vector<std::string>& beginnings) {
  std::vector<std::string> found;
  while (true) {
    const auto begin = document.find('`');
    if (begin == std::string_view::npos) return found;
    document.remove_prefix(begin + 1);
    const auto end = document.find('`');
    if (end == std::string_view::npos) return found;
    const auto text = document.substr(0, end);
    const auto is_wanted = [&](const std::string& beginning) {
      return text.starts_with(beginning);
    };
    if (std::ranges::any_of(beginnings, is_wanted)) found.emplace_back(text);
    document.remove_prefix(end + 1);
  }
}

}  // namespace vaultbell::support
