// Page: a part of a list, at most `limit` items, and the cursor behind which the next part begins.
// {"items":[...],"next":"412"}; next is null at the end of the list. A page of a filtered list may
// be short, even empty, and still have a next one: an answer walks over kRowsWalkedMax rows only.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "aggregator/api/fields.hpp"
#include "aggregator/api/json.hpp"

namespace vaultbell::api {

class Page {
 public:
  static constexpr std::uint64_t kLimitDefault = 100;
  static constexpr std::uint64_t kLimitMax = 500;

  // Reads `limit` and `cursor`; a mistake in them is the query's.
  explicit Page(Fields& query);
  ~Page();
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  // The number behind which this page begins.
  template <class Key>
  [[nodiscard]] std::optional<Key> after() const {
    return after_ ? std::optional(Key{*after_}) : std::nullopt;
  }

  // To be called for each row in the order of the list; false: this page is done.
  bool add(std::uint64_t number, bool passes, const std::function<Json()>& show);

  [[nodiscard]] Json finish() const;

 private:
  std::uint64_t limit_ = kLimitDefault;
  std::optional<std::uint64_t> after_;
  std::unique_ptr<Json> items_;
  std::size_t walked_ = 0;
  std::uint64_t last_ = 0;
  std::optional<std::uint64_t> next_;
};

}  // namespace vaultbell::api
