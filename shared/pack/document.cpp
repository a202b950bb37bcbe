#include "shared/pack/document.hpp"

#include <string>

#include <fmt/format.h>
#include <msgpack.hpp>

#include "shared/base/check.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::pack {

namespace {

const msgpack::object& as_object(const void* object) {
  return *static_cast<const msgpack::object*>(object);
}

}  // namespace

struct Document::Parsed {
  msgpack::object_handle handle;
};

Document::Document(std::unique_ptr<Parsed> parsed) : parsed_(std::move(parsed)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::parse(std::string_view bytes, const Limits& limits) {
  if (bytes.size() > limits.bytes_max) {
    return fail(ErrorCode::invalid,
                fmt::format("{} bytes, at most {} are allowed", bytes.size(), limits.bytes_max));
  }
  const msgpack::unpack_limit bounds(limits.entries_max, limits.entries_max, limits.bytes_max,
                                     limits.bytes_max, 0, limits.depth_max);
  auto parsed = std::make_unique<Parsed>();
  std::size_t offset = 0;
  try {
    msgpack::unpack(parsed->handle, bytes.data(), bytes.size(), offset, nullptr, nullptr, bounds);
  } catch (const msgpack::depth_size_overflow&) {
    return fail(ErrorCode::invalid, fmt::format("nested deeper than {}", limits.depth_max));
  } catch (const msgpack::ext_size_overflow&) {
    return fail(ErrorCode::invalid, "extension types are not used here");
  } catch (const msgpack::size_overflow&) {
    return fail(ErrorCode::invalid,
                fmt::format("more than {} entries in one map or array", limits.entries_max));
  } catch (const std::exception&) {
    return fail(ErrorCode::invalid, "not well-formed MessagePack");
  }
  if (offset != bytes.size()) {
    return fail(ErrorCode::invalid,
                fmt::format("{} bytes too many after the message", bytes.size() - offset));
  }
  return Document(std::move(parsed));
}

Value Document::root() const {
  return Value(&parsed_->handle.get());
}

std::optional<std::uint64_t> Value::as_unsigned() const {
  const auto& object = as_object(object_);
  if (object.type != msgpack::type::POSITIVE_INTEGER) return std::nullopt;
  return object.via.u64;
}

std::optional<std::int64_t> Value::as_integer() const {
  const auto& object = as_object(object_);
  if (object.type == msgpack::type::NEGATIVE_INTEGER) return object.via.i64;
  if (object.type != msgpack::type::POSITIVE_INTEGER) return std::nullopt;
  if (object.via.u64 > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  return static_cast<std::int64_t>(object.via.u64);
}

std::optional<bool> Value::as_boolean() const {
  const auto& object = as_object(object_);
  if (object.type != msgpack::type::BOOLEAN) return std::nullopt;
  return object.via.boolean;
}

std::optional<std::string_view> Value::as_text() const {
  const auto& object = as_object(object_);
  if (object.type != msgpack::type::STR) return std::nullopt;
  const std::string_view text(object.via.str.ptr, object.via.str.size);
  if (!is_utf8(text)) return std::nullopt;
  return text;
}

std::optional<std::string_view> Value::as_binary() const {
  const auto& object = as_object(object_);
  if (object.type != msgpack::type::BIN) return std::nullopt;
  return std::string_view(object.via.bin.ptr, object.via.bin.size);
}

bool Value::is_map() const {
  return as_object(object_).type == msgpack::type::MAP;
}

bool Value::is_array() const {
  return as_object(object_).type == msgpack::type::ARRAY;
}

std::size_t Value::size() const {
  const auto& object = as_object(object_);
  if (is_map()) return object.via.map.size;
  if (is_array()) return object.via.array.size;
  return 0;
}

std::optional<Value> Value::find(std::uint64_t key) const {
  if (!is_map()) return std::nullopt;
  const auto& map = as_object(object_).via.map;
  for (std::uint32_t i = 0; i < map.size; ++i) {
    const auto& entry = map.ptr[i];
    if (entry.key.type == msgpack::type::POSITIVE_INTEGER && entry.key.via.u64 == key) {
      return Value(&entry.val);
    }
  }
  return std::nullopt;
}

Value Value::at(std::size_t index) const {
  check(is_array() && index < size(), "an array is read inside its bounds");
  return Value(&as_object(object_).via.array.ptr[index]);
}

}  // namespace vaultbell::pack
