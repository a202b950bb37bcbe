#include "aggregator/ctl/table.hpp"

#include <algorithm>
#include <cctype>
#include <compare>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "shared/base/duration.hpp"
#include "shared/base/nearest.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::ctl {

namespace {

constexpr std::size_t kGap = 2;        // between two columns
constexpr std::size_t kColumnMin = 8;  // narrower than this nothing can be read
constexpr std::string_view kNothing = "-";

bool is_for_people(const Manner& manner) {
  return manner.format == Format::table || manner.format == Format::wide;
}

// Things in a list go by their names; what is kept by names goes with them: "test=0, self=1h".
std::string plain(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  std::string names;
  if (value.is_object()) {
    for (const auto& [name, item] : value.items()) {
      names += fmt::format("{}{}={}", names.empty() ? "" : ", ", name, plain(item));
    }
    return names;
  }
  if (!value.is_array()) return value.dump();
  for (const auto& item : value) {
    names += (names.empty() ? "" : ", ") + plain(item.is_object() ? at(item, "name") : item);
  }
  return names;
}

std::string time_of(const std::string& text, const Manner& manner) {
  const auto at = parse_iso(text);
  if (!at) return text;
  if (manner.format == Format::table) return relative(*at, manner.now);
  return absolute(*at, manner.is_utc);
}

// What a value is ordered by: a number where it has one, else its text. Nothing comes last.
struct SortKey {
  bool is_nothing = true;
  double number = 0;
  std::string text;

  auto operator<=>(const SortKey&) const = default;
};

SortKey rank_of(const Json& value, Kind kind) {
  if (value.is_null()) return {};
  if (value.is_number()) return {.is_nothing = false, .number = value.get<double>()};
  const auto text = plain(value);
  const auto duration =
      kind == Kind::duration ? parse_duration(text) : Result<Duration>(Duration());
  if (kind == Kind::duration && duration) {
    return {.is_nothing = false, .number = static_cast<double>(duration->count())};
  }
  return {.is_nothing = false, .text = text};
}

const Column* find_column(std::span<const Column> columns, std::string_view name) {
  const auto found = std::ranges::find(columns, name, &Column::name);
  return found == columns.end() ? nullptr : &*found;
}

tl::unexpected<Failure> no_such_column(std::span<const Column> columns, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& column : columns) names.push_back(column.name);
  const auto found = nearest(name, names);
  return wrong_usage(fmt::format("there is no column \"{}\"", name),
                     found ? fmt::format("did you mean \"{}\"?", *found)
                           : fmt::format("the columns are {}", fmt::join(names, ", ")));
}

std::string header_of(const Column& column) {
  std::string header(column.name);
  std::ranges::transform(header, header.begin(), [](unsigned char c) {
    return c == '_' ? ' ' : static_cast<char>(std::toupper(c));
  });
  return header;
}

// A cell as it will be printed, and the columns it takes (colours take none).
struct Cell {
  std::string text;
  std::size_t columns = 0;
};

using Cells = std::vector<std::vector<Cell>>;

Cell cell_of(const Json& value, Kind kind, const Manner& manner) {
  auto colourless = manner;
  colourless.has_colour = false;
  const auto columns = columns_of(shown(value, kind, colourless));
  return {shown(value, kind, manner), columns};
}

using Widths = std::vector<std::size_t>;

Widths widths_of(const Cells& rows) {
  Widths widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].columns);
  }
  return widths;
}

std::size_t total_of(const Widths& widths) {
  return std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
}

// The least important columns go, one at a time, until the others fit or none of them may go.
void drop_columns(Cells& rows, std::vector<Column>& columns, std::size_t width_max) {
  while (total_of(widths_of(rows)) > width_max) {
    const auto least = std::ranges::max_element(columns, {}, &Column::gives_way);
    if (least->gives_way == 0) return;
    const auto place = least - columns.begin();
    columns.erase(least);
    for (auto& row : rows) row.erase(row.begin() + place);
  }
}

// The widest text gives way to the others, a column at a time, until all fit or nothing more can.
void narrow(Widths& widths, std::span<const Column> columns, std::size_t width_max) {
  for (auto total = total_of(widths); total > width_max; --total) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const bool can_give = columns[i].kind == Kind::text && widths[i] > kColumnMin;
      if (can_give && (widest == nullptr || widths[i] > *widest)) widest = &widths[i];
    }
    if (widest == nullptr) return;
    --*widest;
  }
}

std::string aligned(const Cell& cell, std::size_t width, bool is_right) {
  if (cell.columns > width) return fitted(cell.text, width);
  const std::string space(width - cell.columns, ' ');
  return is_right ? space + cell.text : cell.text + space;
}

std::string aligned_table(Cells rows, std::vector<Column> columns, const Manner& manner) {
  const bool is_fitted = manner.width && manner.format == Format::table;
  if (is_fitted) drop_columns(rows, columns, *manner.width);
  auto widths = widths_of(rows);
  if (is_fitted) narrow(widths, columns, *manner.width);
  std::string table;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool is_right = columns[i].kind == Kind::number || columns[i].kind == Kind::size;
      line += (i == 0 ? "" : std::string(kGap, ' ')) + aligned(row[i], widths[i], is_right);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    table += line + "\n";
  }
  return table;
}

std::string tab_separated(const Cells& rows) {
  std::string table;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) table += (i == 0 ? "" : "\t") + row[i].text;
    table += "\n";
  }
  return table;
}

}  // namespace

Kind kind_in(const Json& item, const Column& column) {
  const bool is_over = !column.state_path.empty() && text_at(item, column.state_path) == "inactive";
  return is_over ? Kind::text : column.kind;
}

bool is_nothing(const Json& value) {
  return value.is_null() || (value.is_structured() && value.empty());
}

std::string shown(const Json& value, Kind kind, const Manner& manner) {
  if (is_nothing(value)) return is_for_people(manner) ? std::string(kNothing) : std::string();
  if (!is_for_people(manner)) {
    return with_visible_controls(kind == Kind::time ? time_of(plain(value), manner) : plain(value));
  }
  switch (kind) {
    case Kind::text:
    case Kind::number:
    case Kind::duration:
    case Kind::key:
      return one_line(plain(value));
    case Kind::word:
      return marked(one_line(plain(value)), manner);
    case Kind::time:
      return one_line(time_of(plain(value), manner));
    case Kind::size:
      return value.is_number() ? size_in_words(value.get<std::uint64_t>()) : one_line(plain(value));
  }
  return {};
}

Expected<std::vector<Column>> chosen(std::span<const Column> columns, std::string_view wanted,
                                     const Manner& manner) {
  std::vector<Column> result;
  if (wanted.empty()) {
    for (const auto& column : columns) {
      if (!column.is_for_wide || manner.format == Format::wide) result.push_back(column);
    }
    return result;
  }
  while (!wanted.empty()) {
    const auto comma = wanted.find(',');
    const auto name = trimmed(wanted.substr(0, comma));
    const auto* column = find_column(columns, name);
    if (column == nullptr) return no_such_column(columns, name);
    result.push_back(*column);
    result.back().gives_way = 0;
    wanted = comma == std::string_view::npos ? std::string_view() : wanted.substr(comma + 1);
  }
  return result;
}

Expected<bool> sort_by(std::vector<Json>& items, std::span<const Column> columns,
                       std::string_view order) {
  const bool is_backwards = order.starts_with('-');
  const auto name = order.substr(is_backwards ? 1 : 0);
  const auto* column = find_column(columns, name);
  if (column == nullptr) return no_such_column(columns, name);
  const auto rank = [&](const Json& item) { return rank_of(at(item, column->path), column->kind); };
  const auto comes_first = [&](const Json& a, const Json& b) {
    const auto left = rank(a);
    const auto right = rank(b);
    if (left.is_nothing != right.is_nothing) return right.is_nothing;
    return is_backwards ? right < left : left < right;
  };
  std::ranges::stable_sort(items, comes_first);
  return true;
}

std::string table_of(std::span<const Json> items, std::span<const Column> columns,
                     const Manner& manner) {
  Cells rows;
  if (manner.has_header) {
    auto& header = rows.emplace_back();
    for (const auto& column : columns) {
      const auto text = header_of(column);
      header.push_back({text, text.size()});
    }
  }
  for (const auto& item : items) {
    auto& row = rows.emplace_back();
    for (const auto& column : columns) {
      row.push_back(cell_of(at(item, column.path), kind_in(item, column), manner));
    }
  }
  if (rows.empty()) return {};
  if (!is_for_people(manner)) return tab_separated(rows);
  return aligned_table(std::move(rows), {columns.begin(), columns.end()}, manner);
}

}  // namespace vaultbell::ctl
