// Structs to and from MessagePack maps with small integer keys, for the wire and for the store.
// A struct lists its fields once, for both directions:
//
//   template <class Visitor> void visit_fields(Visitor& visit, Vault& vault) {
//     visit(1, vault.id);
//     visit(2, vault.name);
//   }
//
// A number is never reused. Unknown keys are skipped; a missing key leaves the default, so that a
// field can be added later; an optional without a value is not written.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "shared/base/enum_text.hpp"
#include "shared/base/ids.hpp"
#include "shared/base/time.hpp"
#include "shared/base/uuid.hpp"
#include "shared/pack/document.hpp"
#include "shared/pack/writer.hpp"

namespace vaultbell::pack {

// Stands in for any visitor, to ask whether a type lists its fields.
struct AnyVisitor {
  template <class T>
  void operator()(std::uint64_t, T&) {}
};

template <class T>
concept HasFields = requires(AnyVisitor visit, T& row) {
  visit_fields(visit, row);
};

template <HasFields T>
void write(Writer& writer, const T& row);
template <HasFields T>
Status read(const Value& value, T& row);

// --- values ---------------------------------------------------------------------------------

inline void write(Writer& writer, bool value) {
  writer.boolean(value);
}
inline void write(Writer& writer, const std::string& value) {
  writer.text(value);
}
inline void write(Writer& writer, Instant value) {
  writer.integer(value.time_since_epoch().count());
}
inline void write(Writer& writer, Duration value) {
  writer.integer(value.count());
}
inline void write(Writer& writer, std::chrono::minutes value) {
  writer.integer(value.count());
}
inline void write(Writer& writer, const Uuid& value) {
  writer.binary({reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size()});
}
template <std::unsigned_integral T>
requires(!std::same_as<T, bool>) void write(Writer& writer, T value) {
  writer.unsigned_integer(value);
}
template <std::signed_integral T>
void write(Writer& writer, T value) {
  writer.integer(value);
}
template <HasText E>
void write(Writer& writer, E value) {
  writer.unsigned_integer(static_cast<std::uint64_t>(value));
}
template <class Tag>
void write(Writer& writer, Id<Tag> value) {
  writer.unsigned_integer(value.value);
}
template <std::size_t N>
void write(Writer& writer, const std::array<std::uint8_t, N>& value) {
  writer.binary({reinterpret_cast<const char*>(value.data()), value.size()});
}
template <class T>
void write(Writer& writer, const std::vector<T>& values) {
  writer.array(values.size());
  for (const auto& value : values) write(writer, value);
}

inline Status wrong_type(std::string_view expected) {
  return fail(ErrorCode::invalid, "not " + std::string(expected));
}

inline Status read(const Value& value, bool& out) {
  const auto found = value.as_boolean();
  if (!found) return wrong_type("a boolean");
  out = *found;
  return {};
}
inline Status read(const Value& value, std::string& out) {
  const auto found = value.as_text();
  if (!found) return wrong_type("a UTF-8 text");
  out = *found;
  return {};
}
template <std::unsigned_integral T>
requires(!std::same_as<T, bool>) Status read(const Value& value, T& out) {
  const auto found = value.as_unsigned();
  if (!found || *found > std::numeric_limits<T>::max()) return wrong_type("a number in range");
  out = static_cast<T>(*found);
  return {};
}
template <std::signed_integral T>
Status read(const Value& value, T& out) {
  const auto found = value.as_integer();
  const bool fits =
      found && *found >= std::numeric_limits<T>::min() && *found <= std::numeric_limits<T>::max();
  if (!fits) return wrong_type("a number in range");
  out = static_cast<T>(*found);
  return {};
}
// Times that can be added to each other without overflow: within 10,000 years of 1970.
inline Result<Duration::rep> read_milliseconds(const Value& value) {
  constexpr std::int64_t kMax = 315'360'000'000'000;
  const auto found = value.as_integer();
  if (!found || *found > kMax || *found < -kMax) return fail(ErrorCode::invalid, "not a time");
  return *found;
}
inline Status read(const Value& value, Instant& out) {
  const auto found = read_milliseconds(value);
  if (!found) return fail(found.error());
  out = Instant(Duration(*found));
  return {};
}
inline Status read(const Value& value, Duration& out) {
  const auto found = read_milliseconds(value);
  if (!found) return fail(found.error());
  out = Duration(*found);
  return {};
}
// Of a day, or of a few.
inline Status read(const Value& value, std::chrono::minutes& out) {
  constexpr std::int64_t kMax = 100'000;
  const auto found = value.as_integer();
  if (!found || *found > kMax || *found < -kMax) return wrong_type("a number of minutes");
  out = std::chrono::minutes(*found);
  return {};
}
template <std::size_t N>
Status read(const Value& value, std::array<std::uint8_t, N>& out) {
  const auto found = value.as_binary();
  if (!found || found->size() != N) return wrong_type(std::to_string(N) + " bytes");
  std::copy(found->begin(), found->end(), out.begin());
  return {};
}
inline Status read(const Value& value, Uuid& out) {
  return read(value, out.bytes);
}
template <class Tag>
Status read(const Value& value, Id<Tag>& out) {
  return read(value, out.value);
}
template <HasText E>
Status read(const Value& value, E& out) {
  const auto number = value.as_unsigned();
  for (const auto& entry : kEnumText<E>) {
    if (number && static_cast<std::uint64_t>(entry.value) == *number) {
      out = entry.value;
      return {};
    }
  }
  return wrong_type("a known value");
}
template <class T>
Status read(const Value& value, std::vector<T>& out) {
  if (!value.is_array()) return wrong_type("an array");
  out.clear();
  for (std::size_t i = 0; i < value.size(); ++i) {
    T entry{};
    if (auto ok = read(value.at(i), entry); !ok) return ok;
    out.push_back(std::move(entry));
  }
  return {};
}

// --- structs --------------------------------------------------------------------------------

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

struct FieldCounter {
  std::size_t count = 0;
  template <class T>
  void operator()(std::uint64_t, T& field) {
    if constexpr (kIsOptional<T>) {
      if (!field) return;
    }
    ++count;
  }
};

struct FieldWriter {
  Writer& writer;
  template <class T>
  void operator()(std::uint64_t key, T& field) {
    if constexpr (kIsOptional<T>) {
      if (!field) return;
      writer.unsigned_integer(key);
      write(writer, *field);
    } else {
      writer.unsigned_integer(key);
      write(writer, field);
    }
  }
};

struct FieldReader {
  const Value& value;
  Status status;
  template <class T>
  void operator()(std::uint64_t key, T& field) {
    if (!status) return;
    const auto found = value.find(key);
    if (!found) return;
    if constexpr (kIsOptional<T>) {
      field.emplace();
      note(key, read(*found, *field));
    } else {
      note(key, read(*found, field));
    }
  }
  void note(std::uint64_t key, const Status& result) {
    if (!result) status = fail_within("field " + std::to_string(key), result.error());
  }
};

template <HasFields T>
void write(Writer& writer, const T& row) {
  // The visitors below only read; visit_fields takes a mutable reference so that one list of
  // fields serves both directions.
  auto& fields = const_cast<T&>(row);
  FieldCounter counter;
  visit_fields(counter, fields);
  writer.map(counter.count);
  FieldWriter field_writer{writer};
  visit_fields(field_writer, fields);
}

template <HasFields T>
Status read(const Value& value, T& row) {
  if (!value.is_map()) return wrong_type("a map");
  FieldReader reader{value, {}};
  visit_fields(reader, row);
  return reader.status;
}

template <HasFields T>
std::string encode(const T& row) {
  Writer writer;
  write(writer, row);
  return writer.take();
}

template <HasFields T>
Result<T> decode(std::string_view bytes, const Limits& limits = {}) {
  const auto document = Document::parse(bytes, limits);
  if (!document) return fail(document.error());
  T row{};
  if (auto ok = read(document->root(), row); !ok) return fail(ok.error());
  return row;
}

}  // namespace vaultbell::pack
