// Document and Value: reads MessagePack from outside under limits. A Document owns one parsed
// message; a Value is a view into it and must not outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "shared/base/result.hpp"

namespace vaultbell::pack {

// What a parsed message may hold. MessagePack itself would believe a five-byte message that
// promises 8 GB, and nest a million deep.
struct Limits {
  std::size_t bytes_max = 64UL * 1024;
  std::size_t depth_max = 8;
  std::size_t entries_max = 1024;  // of one map or array
};

class Value {
 public:
  // Absent if it is not of that type (or, for integers, does not fit it).
  [[nodiscard]] std::optional<std::uint64_t> as_unsigned() const;
  [[nodiscard]] std::optional<std::int64_t> as_integer() const;
  [[nodiscard]] std::optional<bool> as_boolean() const;
  [[nodiscard]] std::optional<std::string_view> as_text() const;  // always UTF-8
  [[nodiscard]] std::optional<std::string_view> as_binary() const;

  [[nodiscard]] bool is_map() const;
  [[nodiscard]] bool is_array() const;
  [[nodiscard]] std::size_t size() const;  // entries of a map or array, else 0
  // The value under an integer key of a map; the first if a key occurs twice.
  [[nodiscard]] std::optional<Value> find(std::uint64_t key) const;
  // The entry of an array; `index` must be below size().
  [[nodiscard]] Value at(std::size_t index) const;

 private:
  friend class Document;
  explicit Value(const void* object) : object_(object) {}
  const void* object_;  // a msgpack::object of the document
};

class Document {
 public:
  // One whole value and nothing behind it. The error says which limit or what is malformed. The
  // document keeps its own copy of the bytes.
  static Result<Document> parse(std::string_view bytes, const Limits& limits);

  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  [[nodiscard]] Value root() const;

 private:
  struct Parsed;
  explicit Document(std::unique_ptr<Parsed> parsed);
  std::unique_ptr<Parsed> parsed_;
};

}  // namespace vaultbell::pack
