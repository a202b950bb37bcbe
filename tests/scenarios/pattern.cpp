#include "tests/scenarios/pattern.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace vaultbell::scenarios {

namespace {

bool is_slot(std::string_view word) {
  return std::all_of(word.begin(), word.end(),
                     [](unsigned char c) { return std::isupper(c) != 0; });
}

bool is_quoted_slot(std::string_view word) {
  return word.size() > 2 && word.front() == '"' && is_slot(word.substr(1, word.size() - 2));
}

std::vector<std::string> words_of(std::string_view form) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  for (const char c : form) {
    if (c == ' ' || c == '[' || c == ']') end_word();
    if (c == '[' || c == ']') words.emplace_back(1, c);
    if (c != ' ' && c != '[' && c != ']') word += c;
  }
  end_word();
  return words;
}

}  // namespace

Result<std::vector<Word>> split(std::string_view line) {
  std::vector<Word> words;
  Word word;
  bool is_inside = false;
  const auto end_word = [&] {
    if (!word.text.empty() || word.is_quoted) words.push_back(std::exchange(word, {}));
  };
  for (const char c : line) {
    if (c == '"') {
      end_word();
      is_inside = !is_inside;
      word.is_quoted = is_inside;
    } else if (is_inside) {
      word.text += c;
    } else if (c == '#') {
      break;
    } else if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      end_word();
    } else {
      word.text += c;
    }
  }
  if (is_inside) return fail("a quote is not closed");
  end_word();
  return words;
}

Pattern::Pattern(std::string_view form) : form_(form), variants_(1) {
  std::vector<Variant> without;
  for (const auto& word : words_of(form)) {
    if (word == "[") {
      without = variants_;
    } else if (word == "]") {
      std::move(without.begin(), without.end(), std::back_inserter(variants_));
    } else {
      // Inside brackets only the variants that have them grow.
      for (auto& variant : variants_) variant.push_back(word);
    }
  }
}

std::optional<Match> Pattern::match(const std::vector<Word>& words) const {
  for (const auto& variant : variants_) {
    if (auto found = match(variant, words)) return found;
  }
  return std::nullopt;
}

std::optional<Match> Pattern::match(const Variant& variant, const std::vector<Word>& words) {
  Match found;
  for (std::size_t i = 0; i < variant.size(); ++i) {
    const auto& wanted = variant[i];
    if (wanted == "REST") {
      if (i >= words.size()) return std::nullopt;
      for (auto word = i; word < words.size(); ++word) {
        found["REST"] += (word > i ? " " : "") + words[word].text;
      }
      return found;
    }
    if (i >= words.size()) return std::nullopt;
    const auto& word = words[i];
    if (is_quoted_slot(wanted)) {
      if (!word.is_quoted) return std::nullopt;
      found[wanted.substr(1, wanted.size() - 2)] = word.text;
    } else if (word.is_quoted) {
      return std::nullopt;
    } else if (is_slot(wanted)) {
      found[wanted] = word.text;
    } else if (word.text != wanted) {
      return std::nullopt;
    }
  }
  if (words.size() != variant.size()) return std::nullopt;
  return found;
}

std::vector<std::string> Pattern::keywords() const {
  std::vector<std::string> keywords;
  for (const auto& word : words_of(form_)) {
    if (word != "[" && word != "]" && !is_slot(word) && !is_quoted_slot(word)) {
      keywords.push_back(word);
    }
  }
  return keywords;
}

}  // namespace vaultbell::scenarios
