#include "aggregator/ctl/session.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <istream>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "shared/base/clock.hpp"
#include "shared/base/duration.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::ctl {

namespace {

constexpr std::string_view kSocketDefault = "/run/vaultbell/control.sock";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

bool uses_colour(UseColour use, bool is_terminal) {
  switch (use) {
    case UseColour::always:
      return true;
    case UseColour::never:
      return false;
    case UseColour::automatic:
      break;
  }
  return is_terminal && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

template <HasText E>
Expected<E> choice(const Invocation& typed, std::string_view flag, E usual) {
  if (!typed.has(flag)) return usual;
  const auto value = parse_enum<E>("--" + std::string(flag), typed.value(flag));
  if (!value) return wrong_usage(value.error());
  return *value;
}

Expected<Duration> timeout_of(const Invocation& typed) {
  if (!typed.has("timeout")) return kTimeoutDefault;
  const auto timeout = parse_duration(typed.value("timeout"));
  if (!timeout) return wrong_usage("--timeout: " + timeout.error().message);
  return *timeout;
}

Expected<std::size_t> limit_of(const Invocation& typed) {
  const auto text = typed.value("limit");
  std::size_t limit = 0;
  if (text.empty()) return limit;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size() && limit > 0)
    return limit;
  return wrong_usage(fmt::format("--limit: \"{}\" is not a number above 0", text));
}

std::string socket_of(const Invocation& typed) {
  if (typed.has("socket")) return typed.value("socket");
  const auto socket = variable("VAULTBELL_SOCKET");
  return socket.empty() ? std::string(kSocketDefault) : socket;
}

}  // namespace

Expected<Session> Session::open(Invocation invocation, const Streams& streams) {
  Session session(std::move(invocation), streams);
  const auto& typed = session.typed_;
  const bool is_terminal = streams.is_out_terminal;
  const auto format = choice(typed, "output", is_terminal ? Format::table : Format::tsv);
  if (!format) return tl::unexpected<Failure>(format.error());
  const auto colour = choice(typed, "color", UseColour::automatic);
  if (!colour) return tl::unexpected<Failure>(colour.error());
  const auto timeout = timeout_of(typed);
  if (!timeout) return tl::unexpected<Failure>(timeout.error());
  const auto limit = limit_of(typed);
  if (!limit) return tl::unexpected<Failure>(limit.error());
  session.limit_ = *limit;
  session.timeout_ = *timeout;
  session.manner_ = {.format = *format,
                     .has_colour = uses_colour(*colour, is_terminal),
                     .has_header = !typed.has("no-header"),
                     .is_quiet = typed.has("quiet"),
                     .is_utc = typed.has("utc"),
                     .width = is_terminal ? terminal_width() : std::nullopt,
                     .now = SystemClock().wall()};
  session.api_ = std::make_unique<Api>(socket_of(typed), *timeout);
  return session;
}

void Session::print(std::string_view text) const {
  streams_.out << text;
}

void Session::print_json(const Json& json) const {
  const auto layout = manner_.format == Format::ndjson ? Layout::one_line : Layout::indented;
  print(printable(json, layout) + "\n");
}

Expected<ExitCode> Session::print_list(std::vector<Json> items,
                                       std::span<const Column> columns) const {
  const auto shown_columns = chosen(columns, typed_.value("columns"), manner_);
  if (!shown_columns) return tl::unexpected<Failure>(shown_columns.error());
  if (typed_.has("sort")) {
    if (auto ok = sort_by(items, columns, typed_.value("sort")); !ok) {
      return tl::unexpected<Failure>(ok.error());
    }
  }
  if (limit_ > 0 && items.size() > limit_) items.resize(limit_);
  switch (manner_.format) {
    case Format::json:
      print_json(Json(items));
      break;
    case Format::ndjson:
      for (const auto& item : items) print_json(item);
      break;
    case Format::table:
    case Format::wide:
    case Format::tsv:
      if (!items.empty() || manner_.format == Format::tsv) {
        print(table_of(items, *shown_columns, manner_));
      }
      break;
  }
  return ExitCode::done;
}

void Session::print_fields(const Json& object, std::span<const Column> fields) const {
  if (manner_.is_json()) return print_json(object);
  std::size_t width = 0;
  for (const auto& field : fields) width = std::max(width, field.name.size());
  auto exact = manner_;
  exact.format = Format::wide;
  for (const auto& field : fields) {
    const auto& value = at(object, field.path);
    auto text = shown(value, kind_in(object, field), manner_);
    if (manner_.format == Format::tsv) {
      print(fmt::format("{}\t{}\n", field.name, text));
      continue;
    }
    const bool is_table = manner_.format == Format::table;
    if (is_table && is_nothing(value)) continue;
    if (is_table && field.kind == Kind::time)
      text += fmt::format(" ({})", shown(value, Kind::time, exact));
    print(fmt::format("{:<{}}  {}\n", field.name, width, text));
  }
}

void Session::remark(std::string_view text) const {
  if (text.empty() || manner_.is_quiet || manner_.is_json()) return;
  streams_.err << one_line(text) << "\n";
}

Expected<bool> Session::confirm(std::string_view question) const {
  if (typed_.has("yes")) return true;
  if (!streams_.is_in_terminal) {
    return wrong_usage("nobody can be asked here whether this is meant", "add --yes");
  }
  streams_.err << one_line(question) << " [y/N] " << std::flush;
  std::string answer;
  std::getline(streams_.in, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

std::size_t Session::limit_or(std::size_t usual) const {
  return limit_ > 0 ? limit_ : usual;
}

}  // namespace vaultbell::ctl
