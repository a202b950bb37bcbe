// Fields: the named values of a request, from its query or its JSON body. Reading a field makes it
// known; the first mistake is kept until finish(), which also refuses fields that nobody read: a
// misspelt filter must never quietly mean "everything".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/enum_text.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::api {

class Fields {
 public:
  using Texts = std::vector<std::string>;
  using TextByName = std::map<std::string, std::string>;

  // What a value was: `written` in a query, where everything is text; the others in JSON.
  enum class Kind : std::uint8_t { written, text, number, boolean, nothing, texts, text_by_name };
  struct Value {
    Kind kind = Kind::written;
    std::string text;  // the value as JSON where it is not text itself
    Texts texts;
    TextByName text_by_name;
  };

  // A JSON object of plain values, lists of texts and objects of texts; nothing at all is an empty
  // one. Errors say what would be right.
  static Result<Fields> parse_json(std::string_view content_type, std::string_view body);

  // Error: there is one of that name already.
  Status add(std::string name, Value value);

  // Absent: not given, null, or wrong (then finish() says so).
  std::optional<std::string> text(std::string_view name);
  std::optional<std::uint64_t> number(std::string_view name);
  std::optional<bool> boolean(std::string_view name);
  std::optional<Duration> duration(std::string_view name);
  std::optional<Instant> instant(std::string_view name);
  std::optional<Texts> texts(std::string_view name);
  std::optional<TextByName> text_by_name(std::string_view name);

  // The same; the request cannot do without it.
  std::string required_text(std::string_view name);

  // Given as null: take it away.
  bool is_null(std::string_view name);

  // A time, or a duration that goes back from `now`.
  std::optional<Instant> since(std::string_view name, Instant now);

  template <HasText E>
  std::optional<E> choice(std::string_view name) {
    const auto word = text(name);
    return word ? word_of<E>(name, *word) : std::nullopt;
  }

  // The same for a value that is, or names, one word of several.
  template <HasText E>
  std::optional<E> word_of(std::string_view name, std::string_view word) {
    const auto value = parse_enum<E>(name, word);
    if (!value) return complain(value.error());
    return *value;
  }

  // Keeps a mistake that the caller found.
  std::nullopt_t complain(const Error& error);
  std::nullopt_t complain(std::string_view name, std::string_view what);
  [[nodiscard]] bool has_mistake() const { return mistake_.has_value(); }

  // The first mistake, or a field that nobody asked for, or one that is missing.
  [[nodiscard]] Status finish() const;

 private:
  // Null: not given, or null.
  const Value* find(std::string_view name);
  std::nullopt_t wrong(std::string_view name, const Value& value, std::string_view what);

  std::map<std::string, Value, std::less<>> values_;
  std::vector<std::string> known_;
  std::optional<Error> mistake_;
  std::optional<std::string> missing_;
};

}  // namespace vaultbell::api
