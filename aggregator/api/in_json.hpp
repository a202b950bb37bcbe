// How single values look in the API's JSON. Includes the whole JSON library: for .cpp files only.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "aggregator/api/json.hpp"
#include "shared/base/duration.hpp"
#include "shared/base/enum_text.hpp"
#include "shared/base/ids.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::api {

// ISO 8601 in UTC.
inline Json in_json(Instant instant) {
  return to_iso(instant);
}

// "90s"
inline Json in_json(Duration duration) {
  return to_text(duration);
}

// The number; null for "none".
template <class Tag>
Json in_json(Id<Tag> id) {
  return id.is_set() ? Json(id.value) : Json();
}

template <HasText E>
Json in_json(E value) {
  return std::string(to_text(value));
}

// null where there is nothing.
inline Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

template <class T>
Json in_json(const std::optional<T>& value) {
  if (!value) return {};
  if constexpr (std::is_arithmetic_v<T>) {
    return *value;
  } else {
    return in_json(*value);
  }
}

}  // namespace vaultbell::api
