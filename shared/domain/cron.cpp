#include "shared/domain/cron.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "shared/base/nearest.hpp"
#include "shared/base/text.hpp"
#include "shared/domain/cron_match.hpp"

namespace vaultbell {

namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed",
                                                       "thu", "fri", "sat"};

struct Limits {
  unsigned min = 0;
  unsigned max = 0;
};

// One of the five fields: its values, and names for them, the first of which means the least.
struct Field {
  std::string_view name;
  Limits limits;
  Words words;
};

constexpr std::array<Field, 5> kFields = {{
    {.name = "minute", .limits = {0, 59}},
    {.name = "hour", .limits = {0, 23}},
    {.name = "day of month", .limits = {1, 31}},
    {.name = "month", .limits = {1, 12}, .words = kMonths},
    {.name = "day of week", .limits = {0, 7}, .words = kWeekdays},
}};

struct Macro {
  std::string_view name;
  std::string_view expression;
};

constexpr std::array<Macro, 7> kMacros = {{
    {"@hourly", "0 * * * *"},
    {"@daily", "0 0 * * *"},
    {"@midnight", "0 0 * * *"},
    {"@weekly", "0 0 * * 0"},
    {"@monthly", "0 0 1 * *"},
    {"@yearly", "0 0 1 1 *"},
    {"@annually", "0 0 1 1 *"},
}};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](unsigned char c) { return c >= '0' && c <= '9'; });
}

// The part of `text` before the first `separator`, which both are taken off; all of it where there
// is none.
std::string_view take_until(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

// `what` is what it is a number of.
Result<unsigned> parse_number(std::string_view what, std::string_view text, Limits limits) {
  const auto [min, max] = limits;
  if (!is_number(text)) {
    return fail(fmt::format("{} \"{}\" is no number between {} and {}", what, text, min, max));
  }
  unsigned value = 0;
  const auto [_, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value < min || value > max) {
    return fail(fmt::format("{} {} is not between {} and {}", what, text, min, max));
  }
  return value;
}

Result<unsigned> parse_value(const Field& field, std::string_view text) {
  const auto& [name, limits, words] = field;
  if (is_number(text) || words.empty()) return parse_number(name, text, limits);
  const auto word = std::ranges::find(words, lower(text));
  if (word != words.end()) return limits.min + static_cast<unsigned>(word - words.begin());
  return fail(fmt::format("{} \"{}\" is neither a number between {} and {} nor a name ({} to {})",
                          name, text, limits.min, limits.max, words.front(), words.back()));
}

struct Range {
  unsigned first = 0;
  unsigned last = 0;
  bool is_single = false;
};

// "*", "1" or "1-5".
Result<Range> parse_range(const Field& field, std::string_view text) {
  if (text == "*") return Range{.first = field.limits.min, .last = field.limits.max};
  auto rest = text;
  const auto first_text = take_until(rest, '-');
  const auto first = parse_value(field, first_text);
  if (!first) return fail(first.error());
  if (first_text.size() == text.size()) {
    return Range{.first = *first, .last = *first, .is_single = true};
  }
  const auto last = parse_value(field, rest);
  if (!last) return fail(last.error());
  if (*last < *first) {
    const auto wrapped = *last == field.limits.min ? std::to_string(*last)
                                                   : fmt::format("{}-{}", field.limits.min, *last);
    return fail(fmt::format("{} {} ends before it begins (write \"{}-{},{}\")", field.name, text,
                            *first, field.limits.max, wrapped));
  }
  return Range{.first = *first, .last = *last};
}

// A member of a list, as bits: a range, perhaps with a step.
Result<std::uint64_t> parse_part(const Field& field, std::string_view part) {
  auto step_text = part;
  const auto range_text = take_until(step_text, '/');
  const auto range = parse_range(field, range_text);
  if (!range) return fail(range.error());
  unsigned step = 1;
  if (range_text.size() < part.size()) {
    if (range->is_single) {
      return fail(fmt::format("{} {}: a step needs a range (for example \"{}-{}/{}\")", field.name,
                              part, range_text, field.limits.max,
                              is_number(step_text) ? step_text : "2"));
    }
    const auto what = fmt::format("{} {}: the step", field.name, part);
    const auto parsed = parse_number(what, step_text, {1, field.limits.max - field.limits.min + 1});
    if (!parsed) return fail(parsed.error());
    step = *parsed;
  }
  std::uint64_t bits = 0;
  for (unsigned value = range->first; value <= range->last; value += step) {
    bits |= std::uint64_t{1} << value;
  }
  return bits;
}

Result<std::uint64_t> parse_field(const Field& field, std::string_view text) {
  std::uint64_t bits = 0;
  auto rest = text;
  for (bool is_last = false; !is_last;) {  // at most as often as the text is long
    is_last = rest.find(',') == std::string_view::npos;
    const auto part = take_until(rest, ',');
    if (part.empty()) return fail(fmt::format("{} {}: the list has a gap", field.name, text));
    const auto parsed = parse_part(field, part);
    if (!parsed) return fail(parsed.error());
    bits |= *parsed;
  }
  return bits;
}

// How many fields there are; the first five are left in `fields`.
std::size_t split(std::string_view expression,
                  std::array<std::string_view, kFields.size()>& fields) {
  constexpr std::string_view kBlank = " \t";
  std::size_t count = 0;
  for (;;) {  // at most as often as the expression is long
    expression.remove_prefix(std::min(expression.find_first_not_of(kBlank), expression.size()));
    if (expression.empty()) return count;
    const auto end = std::min(expression.find_first_of(kBlank), expression.size());
    if (count < fields.size()) fields.at(count) = expression.substr(0, end);
    expression.remove_prefix(end);
    ++count;
  }
}

Result<Cron> parse_fields(std::string_view expression) {
  std::array<std::string_view, kFields.size()> fields;
  const auto count = split(expression, fields);
  if (count != fields.size()) {
    return fail(
        fmt::format("{} {}, but there are five: minute, hour, day of month, month, day of "
                    "week",
                    count, count == 1 ? "field" : "fields"));
  }
  std::array<std::uint64_t, kFields.size()> bits{};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto parsed = parse_field(kFields.at(i), fields.at(i));
    if (!parsed) return fail(parsed.error());
    bits.at(i) = *parsed;
  }
  constexpr unsigned kSundayToo = 7;
  Cron cron{.minutes = bits[0],
            .hours = static_cast<std::uint32_t>(bits[1]),
            .days = static_cast<std::uint32_t>(bits[2]),
            .months = static_cast<std::uint16_t>(bits[3]),
            .weekdays = static_cast<std::uint8_t>((bits[4] | bits[4] >> kSundayToo) & 0x7FU),
            .is_either_day_fine = !fields[2].starts_with('*') && !fields[4].starts_with('*')};
  if (!can_match(cron)) {
    return fail(fmt::format("never, as month {} has no day {}", fields[3], fields[2]));
  }
  return cron;
}

Result<Cron> parse_macro(std::string_view word) {
  const auto name = lower(word);
  if (name == "@reboot") return fail("no time, so nothing could be missed (use every instead)");
  std::array<std::string_view, kMacros.size()> names;
  for (std::size_t i = 0; i < kMacros.size(); ++i) {
    if (kMacros.at(i).name == name) return parse_fields(kMacros.at(i).expression);
    names.at(i) = kMacros.at(i).name;
  }
  const auto hint = did_you_mean(name, names);
  return fail(hint.empty() ? fmt::format("unknown (one of: {})", fmt::join(names, " "))
                           : "unknown" + hint);
}

}  // namespace

Result<Cron> parse_cron(std::string_view expression) {
  if (expression.size() > kCronBytesMax) {
    return fail(ErrorCode::invalid, fmt::format("cron: {} bytes, at most {} are allowed",
                                                expression.size(), kCronBytesMax));
  }
  const auto text = trimmed(expression);
  auto cron = text.starts_with('@') ? parse_macro(text) : parse_fields(text);
  if (cron) return cron;
  const auto message = fmt::format("cron \"{}\": {}", expression, cron.error().message);
  return fail(ErrorCode::invalid, one_line(message));
}

}  // namespace vaultbell
