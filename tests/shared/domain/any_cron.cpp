#include "tests/shared/domain/any_cron.hpp"

#include <fmt/format.h>

#include "shared/base/check.hpp"
#include "tests/shared/domain/any_place.hpp"

namespace vaultbell::support {

namespace {

using std::chrono::days;
using std::chrono::floor;

// The values of a field, and up to which this one makes its own numbers.
struct Limits {
  unsigned min = 0;
  unsigned max = 0;
  unsigned own_max = 0;
};

unsigned between(unsigned min, unsigned max) {
  return min + static_cast<unsigned>(below(static_cast<int>(max - min) + 1));
}

std::set<unsigned> every(unsigned step, unsigned first, unsigned last) {
  std::set<unsigned> values;
  for (unsigned value = first; value <= last; value += step) values.insert(value);
  return values;
}

AnyField any_part(Limits limits) {
  const auto first = between(limits.min, limits.own_max);
  const auto last = between(first, limits.own_max);
  const auto step = between(1, limits.max - limits.min + 1);
  switch (below(5)) {
    case 0:
      return {"*", every(1, limits.min, limits.max)};
    case 1:
      return {fmt::format("*/{}", step), every(step, limits.min, limits.max)};
    case 2:
      return {fmt::format("{}-{}", first, last), every(1, first, last)};
    case 3:
      return {fmt::format("{}-{}/{}", first, last, step), every(step, first, last)};
    default:
      return {std::to_string(first), {first}};
  }
}

AnyField any_list(Limits limits) {
  auto list = any_part(limits);
  for (int more = below(3); more > 0; --more) {
    const auto part = any_part(limits);
    list.text += "," + part.text;
    list.values.insert(part.values.begin(), part.values.end());
  }
  return list;
}

AnyField any_or_star(Limits limits) {
  if (below(3) != 0) return {"*", every(1, limits.min, limits.max)};
  return any_list(limits);
}

}  // namespace

bool AnyCron::matches(LocalMinute local) const {
  const auto day = floor<days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(local - day);
  const auto weekday = std::chrono::weekday(day).c_encoding();
  const auto has = [&](std::size_t field, auto value) {
    return fields.at(field).values.contains(static_cast<unsigned>(value));
  };
  const auto is_star = [&](std::size_t field) { return fields.at(field).text.starts_with('*'); };
  const bool is_day = has(2, unsigned{date.day()});
  const bool is_weekday = has(4, weekday) || (weekday == 0 && has(4, 7U));
  const bool is_chosen = is_star(2) || is_star(4) ? is_day && is_weekday : is_day || is_weekday;
  return is_chosen && has(0, time.minutes().count()) && has(1, time.hours().count()) &&
         has(3, unsigned{date.month()});
}

AnyCron any_cron() {
  AnyCron any{.fields = {any_list({.min = 0, .max = 59, .own_max = 59}),
                         any_list({.min = 0, .max = 23, .own_max = below(2) == 0 ? 3U : 23U}),
                         any_or_star({.min = 1, .max = 31, .own_max = 31}),
                         any_or_star({.min = 1, .max = 12, .own_max = 12}),
                         any_or_star({.min = 0, .max = 7, .own_max = 7})}};
  auto& month = any.fields[3];
  if (*any.fields[2].values.begin() > 28) month = {"*", every(1, 1, 12)};  // 30 February
  for (const auto& field : any.fields) any.text += (any.text.empty() ? "" : " ") + field.text;
  const auto cron = parse_cron(any.text);
  check(cron.has_value(), cron ? "" : cron.error().message);
  any.cron = *cron;
  return any;
}

}  // namespace vaultbell::support
