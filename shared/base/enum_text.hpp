// Enumerations with one text each: the same word in messages, tables, files and documents.
// An enumeration takes part by specialising kEnumText with every one of its values.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "shared/base/check.hpp"
#include "shared/base/nearest.hpp"
#include "shared/base/result.hpp"

namespace vaultbell {

template <class E>
struct EnumText {
  E value;
  std::string_view text;
};

// template <> inline constexpr auto kEnumText<Colour> = std::to_array<EnumText<Colour>>({...});
template <class E>
inline constexpr auto kEnumText = std::array<EnumText<E>, 0>{};

template <class E>
concept HasText = kEnumText<E>
.size() > 0;

template <HasText E>
std::string_view to_text(E value) {
  for (const auto& entry : kEnumText<E>) {
    if (entry.value == value) return entry.text;
  }
  check(false, "every value of an enumeration has a text");
  return {};
}

// `what` names the thing in the message: unknown outcome "sucess"; did you mean "success"?
template <HasText E>
Result<E> parse_enum(std::string_view what, std::string_view text) {
  std::array<std::string_view, kEnumText<E>.size()> words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (kEnumText<E>[i].text == text) return kEnumText<E>[i].value;
    words[i] = kEnumText<E>[i].text;
  }
  std::string message = "unknown " + std::string(what) + " \"" + std::string(text) + "\"";
  const auto hint = did_you_mean(text, words);
  if (!hint.empty()) return fail(ErrorCode::invalid, message + hint);
  message += " (one of:";
  for (const auto word : words) message += " " + std::string(word);
  return fail(ErrorCode::invalid, message + ")");
}

}  // namespace vaultbell
