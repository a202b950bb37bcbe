#include "aggregator/ctl/listing.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace vaultbell::ctl {

namespace {

constexpr std::size_t kItemsMax = 100'000;  // of lists that are ordered here; bounds the memory
constexpr std::size_t kHistoryItems = 100;  // of lists without end, unless --limit says otherwise

void put_worst_first(std::vector<Json>& items, const Listing& listing) {
  // What is over alarms nobody: it comes behind all else.
  const auto is_over = [](const Json& item) { return text_at(item, "state") == "inactive"; };
  const auto comes_first = [&](const Json& a, const Json& b) {
    if (is_over(a) != is_over(b)) return is_over(b);
    const auto left = listing.rank(a);
    const auto right = listing.rank(b);
    if (left != right) return left < right;
    return text_at(a, listing.then_by) < text_at(b, listing.then_by);
  };
  std::ranges::stable_sort(items, comes_first);
}

}  // namespace

Rank by_words(std::string_view path, std::vector<std::string_view> worst_first) {
  return [path, words = std::move(worst_first)](const Json& item) {
    const auto found = std::ranges::find(words, text_at(item, path));
    return static_cast<std::size_t>(found - words.begin());
  };
}

Expected<ExitCode> list(Session& session, const Listing& listing, Query query) {
  const auto& typed = session.typed();
  bool is_filtered = typed.has("failed") || typed.has("nobody") || typed.has("outdated");
  for (const auto filter : listing.filters) {
    if (!session.typed().has(filter)) continue;
    query.emplace_back(filter, session.typed().value(filter));
    is_filtered = true;
  }
  const bool is_history = !listing.rank;
  const auto count_max = is_history ? session.limit_or(kHistoryItems) : kItemsMax;
  auto items = session.api().list(listing.path, query, count_max);
  if (!items) return tl::unexpected<Failure>(items.error());
  if (!is_history) put_worst_first(*items, listing);
  const auto count = items->size();
  const bool has_rows = listing.rows_of != nullptr && !session.manner().is_json();
  if (has_rows) *items = listing.rows_of(std::move(*items));
  auto exit = session.print_list(std::move(*items), listing.columns);
  if (exit && count == 0) session.remark(is_filtered ? listing.none_matches : listing.none);
  const bool is_cut = is_history && count == kHistoryItems && !session.typed().has("limit");
  if (exit && is_cut) {
    session.remark(fmt::format("the newest {} are shown; --limit N shows more", kHistoryItems));
  }
  return exit;
}

}  // namespace vaultbell::ctl
