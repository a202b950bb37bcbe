#include "aggregator/api/page.hpp"

#include <fmt/format.h>

#include "aggregator/api/in_json.hpp"
#include "aggregator/api/scene.hpp"

namespace vaultbell::api {

Page::Page(Fields& query) : items_(std::make_unique<Json>(Json::array())) {
  limit_ = query.number("limit").value_or(kLimitDefault);
  if (limit_ == 0 || limit_ > kLimitMax) {
    query.complain(
        {ErrorCode::invalid, fmt::format("limit: {} is not between 1 and {}", limit_, kLimitMax)});
  }
  after_ = query.number("cursor");
}

Page::~Page() = default;

bool Page::add(std::uint64_t number, bool passes, const std::function<Json()>& show) {
  if (passes && items_->size() == limit_) {
    next_ = last_;
    return false;
  }
  last_ = number;
  if (passes) items_->push_back(show());
  if (++walked_ < kRowsWalkedMax) return true;
  next_ = last_;
  return false;
}

Json Page::finish() const {
  return {{"items", *items_}, {"next", next_ ? Json(std::to_string(*next_)) : Json()}};
}

}  // namespace vaultbell::api
