#include "aggregator/api/page.hpp"

#include <charconv>

#include <fmt/format.h>

#include "aggregator/api/in_json.hpp"
#include "aggregator/api/scene.hpp"

namespace vaultbell::api {

namespace {

// "3-1772330400000-12"
std::optional<Position> parse_position(std::string_view text) {
  Position position;
  while (true) {
    const auto part = text.substr(0, text.find('-'));
    const auto* end = part.data() + part.size();
    const auto parsed = std::from_chars(part.data(), end, position.emplace_back());
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    if (part.size() == text.size()) return position;
    text.remove_prefix(part.size() + 1);
  }
}

std::optional<Position> position_in(Fields& query, std::size_t numbers) {
  if (numbers == 1) {
    const auto number = query.number("cursor");
    return number ? std::optional(Position{*number}) : std::nullopt;
  }
  const auto text = query.text("cursor");
  if (!text) return std::nullopt;
  auto position = parse_position(*text);
  if (position && position->size() == numbers) return position;
  return query.complain("cursor", fmt::format("\"{}\" is not what next was", *text));
}

}  // namespace

Page::Page(Fields& query, std::size_t numbers) : items_(std::make_unique<Json>(Json::array())) {
  limit_ = query.number("limit").value_or(kLimitDefault);
  if (limit_ == 0 || limit_ > kLimitMax) {
    query.complain(
        {ErrorCode::invalid, fmt::format("limit: {} is not between 1 and {}", limit_, kLimitMax)});
  }
  after_ = position_in(query, numbers);
}

Page::~Page() = default;

bool Page::add(Position position, bool passes, const std::function<Json()>& show) {
  if (passes && items_->size() == limit_) {
    next_ = last_;
    return false;
  }
  if (passes) items_->push_back(show());
  return goes_on_behind(std::move(position), kRowCost);
}

bool Page::pass_by(Position position) {
  return goes_on_behind(std::move(position), 1);
}

bool Page::goes_on_behind(Position position, std::size_t cost) {
  last_ = std::move(position);
  cost_ += cost;
  if (cost_ < kRowsWalkedMax * kRowCost) return true;
  next_ = last_;
  return false;
}

Json Page::finish() const {
  return {{"items", *items_},
          {"next", next_ ? Json(fmt::format("{}", fmt::join(*next_, "-"))) : Json()}};
}

}  // namespace vaultbell::api
