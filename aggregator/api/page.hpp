// Page: a part of a list, at most `limit` items, and the cursor behind which the next part begins.
// {"items":[...],"next":"412"}; next is null at the end of the list. A page of a filtered list may
// be short, even empty, and still have a next one: an answer walks over kRowsWalkedMax rows only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "aggregator/api/fields.hpp"
#include "aggregator/api/json.hpp"

namespace vaultbell::api {

// Where an item stands in the order of its list: one number, or several of which the first counts
// most. In a cursor they stand between dashes.
using Position = std::vector<std::uint64_t>;

class Page {
 public:
  static constexpr std::uint64_t kLimitDefault = 100;
  static constexpr std::uint64_t kLimitMax = 500;

  // Reads `limit` and `cursor`, a position of so many numbers; a mistake in them is the query's.
  explicit Page(Fields& query, std::size_t numbers = 1);
  ~Page();
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  // The number behind which this page begins.
  template <class Key>
  [[nodiscard]] std::optional<Key> after() const {
    return after_ ? std::optional(Key{after_->front()}) : std::nullopt;
  }
  [[nodiscard]] const std::optional<Position>& behind() const { return after_; }

  // To be called for each row in the order of the list; false: this page is done.
  bool add(std::uint64_t number, bool passes, const std::function<Json()>& show) {
    return add(Position{number}, passes, show);
  }
  bool add(Position position, bool passes, const std::function<Json()>& show);

  // The same for one that does not pass, by what an index says, without its row.
  bool pass_by(Position position);

  // So many rows were read besides.
  void count_rows(std::size_t rows) { cost_ += rows * kRowCost; }

  [[nodiscard]] std::uint64_t limit() const { return limit_; }

  [[nodiscard]] Json finish() const;

 private:
  static constexpr std::size_t kRowCost = 50;  // of an entry of an index, which is not decoded
  bool goes_on_behind(Position position, std::size_t cost);

  std::uint64_t limit_ = kLimitDefault;
  std::optional<Position> after_;
  std::unique_ptr<Json> items_;
  std::size_t cost_ = 0;
  Position last_;
  std::optional<Position> next_;
};

}  // namespace vaultbell::api
