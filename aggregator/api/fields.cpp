#include "aggregator/api/fields.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/api/json.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::api {

namespace {

constexpr int kDepthMax = 3;  // an object, and plain values in it; what lies deeper is not built

// Absent: something in it is no text.
std::optional<Fields::Value> texts_in(const Json& json) {
  Fields::Value value{.kind = json.is_array() ? Fields::Kind::texts : Fields::Kind::text_by_name,
                      .text = json.dump()};
  for (const auto& [name, item] : json.items()) {
    if (!item.is_string()) return std::nullopt;
    if (json.is_array()) value.texts.push_back(item.get<std::string>());
    if (json.is_object()) value.text_by_name[name] = item.get<std::string>();
  }
  return value;
}

// Absent: nothing that a field can be.
std::optional<Fields::Value> value_of(const Json& json) {
  if (json.is_string()) return Fields::Value{Fields::Kind::text, json.get<std::string>(), {}, {}};
  if (json.is_boolean()) return Fields::Value{Fields::Kind::boolean, json.dump(), {}, {}};
  if (json.is_number()) return Fields::Value{Fields::Kind::number, json.dump(), {}, {}};
  if (json.is_null()) return Fields::Value{Fields::Kind::nothing, json.dump(), {}, {}};
  return texts_in(json);
}

bool is_json(std::string_view content_type) {
  const auto type = content_type.substr(0, content_type.find_first_of("; "));
  return type == "application/json";
}

std::string_view in_words(Fields::Kind kind) {
  switch (kind) {
    case Fields::Kind::written:
    case Fields::Kind::text:
      return "text";
    case Fields::Kind::number:
      return "a number";
    case Fields::Kind::boolean:
      return "true or false";
    case Fields::Kind::nothing:
      return "null";
    case Fields::Kind::texts:
      return "a list of texts";
    case Fields::Kind::text_by_name:
      return "an object of texts";
  }
  return {};
}

}  // namespace

Result<Fields> Fields::parse_json(std::string_view content_type, std::string_view body) {
  Fields fields;
  if (body.empty()) return fields;
  if (!is_json(content_type)) {
    return fail(ErrorCode::invalid,
                "the body's type is not JSON (send \"Content-Type: application/json\")");
  }
  const auto is_shallow = [](int depth, Json::parse_event_t, Json&) { return depth <= kDepthMax; };
  const auto object = Json::parse(body, is_shallow, false);
  if (!object.is_object()) return fail(ErrorCode::invalid, "the body is not a JSON object");
  for (const auto& [name, json] : object.items()) {
    auto value = value_of(json);
    if (!value) {
      return fail(ErrorCode::invalid, fmt::format("{}: {} is neither a plain value, a list of "
                                                  "texts nor an object of texts",
                                                  name, json.type_name()));
    }
    if (auto ok = fields.add(name, std::move(*value)); !ok) return fail(ok.error());
  }
  return fields;
}

Status Fields::add(std::string name, Value value) {
  const auto [place, is_new] = values_.emplace(std::move(name), std::move(value));
  if (is_new) return {};
  return fail(ErrorCode::invalid, fmt::format("\"{}\" is given twice", place->first));
}

const Fields::Value* Fields::find(std::string_view name) {
  known_.emplace_back(name);
  const auto found = values_.find(name);
  const bool is_given = found != values_.end() && found->second.kind != Kind::nothing;
  return is_given ? &found->second : nullptr;
}

bool Fields::is_null(std::string_view name) {
  known_.emplace_back(name);
  const auto found = values_.find(name);
  return found != values_.end() && found->second.kind == Kind::nothing;
}

std::nullopt_t Fields::complain(const Error& error) {
  if (!mistake_) mistake_ = error;
  return std::nullopt;
}

std::nullopt_t Fields::complain(std::string_view name, std::string_view what) {
  return complain({ErrorCode::invalid, fmt::format("{}: {}", name, what)});
}

std::nullopt_t Fields::wrong(std::string_view name, const Value& value, std::string_view what) {
  const bool is_text = value.kind == Kind::written || value.kind == Kind::text;
  const auto* quote = is_text ? "\"" : "";
  return complain({ErrorCode::invalid,
                   fmt::format("{}: {}{}{} is not {}", name, quote, value.text, quote, what)});
}

std::optional<std::string> Fields::text(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->kind != Kind::written && value->kind != Kind::text) {
    return wrong(name, *value, in_words(Kind::text));
  }
  return value->text;
}

std::string Fields::required_text(std::string_view name) {
  auto given = text(name);
  if (!given && !missing_) missing_ = name;
  return std::move(given).value_or("");
}

std::optional<std::uint64_t> Fields::number(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  std::uint64_t number = 0;
  const auto* end = value->text.data() + value->text.size();
  const auto parsed = std::from_chars(value->text.data(), end, number);
  const bool is_whole = parsed.ec == std::errc{} && parsed.ptr == end;
  const bool is_number = value->kind == Kind::written || value->kind == Kind::number;
  if (!is_whole || !is_number) return wrong(name, *value, "a whole number");
  return number;
}

std::optional<bool> Fields::boolean(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  const bool is_boolean = value->kind == Kind::written || value->kind == Kind::boolean;
  if (is_boolean && value->text == "true") return true;
  if (is_boolean && value->text == "false") return false;
  return wrong(name, *value, in_words(Kind::boolean));
}

std::optional<Duration> Fields::duration(std::string_view name) {
  const auto written = text(name);
  if (!written) return std::nullopt;
  const auto parsed = parse_duration(*written);
  if (!parsed)
    return complain({ErrorCode::invalid, fmt::format("{}: {}", name, parsed.error().message)});
  return *parsed;
}

std::optional<Instant> Fields::instant(std::string_view name) {
  const auto written = text(name);
  if (!written) return std::nullopt;
  if (const auto instant = parse_iso(*written)) return *instant;
  return complain(name, fmt::format("\"{}\" is not a time (\"2026-03-01T02:20:00Z\")", *written));
}

std::optional<Fields::Texts> Fields::texts(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->kind != Kind::texts) return wrong(name, *value, in_words(Kind::texts));
  return value->texts;
}

std::optional<Fields::TextByName> Fields::text_by_name(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->kind != Kind::text_by_name) return wrong(name, *value, in_words(Kind::text_by_name));
  return value->text_by_name;
}

std::optional<Instant> Fields::since(std::string_view name, Instant now) {
  const auto written = text(name);
  if (!written) return std::nullopt;
  if (const auto back = parse_duration(*written)) return now - *back;
  if (const auto instant = parse_iso(*written)) return *instant;
  return complain(
      {ErrorCode::invalid, fmt::format("{}: \"{}\" is neither a duration (\"24h\") nor a time "
                                       "(\"2026-03-01T02:20:00Z\")",
                                       name, *written)});
}

Status Fields::finish() const {
  if (mistake_) return fail(*mistake_);
  for (const auto& [name, value] : values_) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const std::vector<std::string_view> words(known_.begin(), known_.end());
    return fail(ErrorCode::invalid,
                fmt::format("unknown field \"{}\"{}", name, did_you_mean(name, words)));
  }
  if (missing_) return fail(ErrorCode::invalid, fmt::format("{} is missing", *missing_));
  return {};
}

}  // namespace vaultbell::api
