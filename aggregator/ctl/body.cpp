#include "aggregator/ctl/body.hpp"

#include <charconv>

#include <fmt/format.h>

namespace vaultbell::ctl {

namespace {

Expected<Json> number_of(const Invocation& typed, std::string_view flag) {
  const auto text = typed.value(flag);
  std::uint32_t number = 0;
  const auto* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec == std::errc{} && parsed.ptr == end) return Json(number);
  return wrong_usage(fmt::format("{}: \"{}\" is not a number", typed.spelling(flag), text));
}

Expected<Json> yes_or_no(const Invocation& typed, std::string_view flag) {
  const auto text = typed.value(flag);
  if (text == "yes" || text == "no") return Json(text == "yes");
  return wrong_usage(fmt::format("{}: \"{}\" is neither yes nor no", typed.spelling(flag), text));
}

Expected<Json> value_of(const Invocation& typed, const BodyField& field) {
  const bool is_nothing = !field.nothing.empty() && typed.value(field.flag) == field.nothing;
  if (is_nothing) return Json();
  switch (field.as) {
    case As::text:
      return Json(typed.value(field.flag));
    case As::texts:
      return Json(typed.values(field.flag));
    case As::number:
      return number_of(typed, field.flag);
    case As::yes_no:
      return yes_or_no(typed, field.flag);
    case As::present:
      return Json(true);
    case As::absent:
      return Json(false);
  }
  return Json();
}

}  // namespace

Expected<Json> body_of(const Invocation& typed, std::span<const BodyField> fields) {
  Json body = Json::object();
  for (const auto& field : fields) {
    if (!typed.has(field.flag)) continue;
    auto value = value_of(typed, field);
    if (!value) return tl::unexpected<Failure>(value.error());
    body[std::string(field.field)] = std::move(*value);
  }
  return body;
}

}  // namespace vaultbell::ctl
