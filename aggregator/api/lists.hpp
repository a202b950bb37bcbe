// Lists: pages of rows, and the filters that several lists have.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "aggregator/api/answers.hpp"
#include "aggregator/api/page.hpp"

namespace vaultbell::api {

// Where a list's rows are: in an index under a prefix, or (without one) their whole table.
struct Range {
  storage::Order order = storage::Order::descending;
  std::optional<storage::TableNumber> index;
  std::string prefix;
};

inline Range oldest_first() {
  return {.order = storage::Order::ascending};
}

template <class R>
bool passes_all(const R&) {
  return true;
}

template <class R>
Result<Answer> page_of(const Scene& scene, Fields& query, const Range& range,
                       const std::function<bool(const R&)>& passes,
                       const std::function<Json(const R&)>& show) {
  Page page(query);
  if (auto ok = query.finish(); !ok) return fail(ok.error());
  const auto see = [&](const R& row) {
    return page.add(row.id.value, passes(row), [&] { return show(row); });
  };
  const auto after = page.after<typename R::Key>();
  const auto seen =
      range.index ? scene.snapshot.each_in<R>(*range.index, range.prefix, range.order, after, see)
                  : scene.snapshot.each<R>(range.order, after, see);
  if (!seen) return fail(seen.error());
  return Answer(page.finish());
}

// A filter that was not given lets everything pass.
template <class T, class V>
bool is_wanted(const std::optional<T>& filter, const V& value) {
  return !filter || *filter == value;
}

// The thing that the parameter of that name names. A name that there is not, is a mistake of the
// query; so is a job's without its client's. What is read may be about a client that is retired,
// what is ordered may not.
std::optional<VaultId> vault_filter(const Scene& scene, Fields& query);
std::optional<core::Client> client_filter(const Scene& scene, Fields& query);
std::optional<core::Client> client_in_service(const Scene& scene, Fields& body);
std::optional<JobId> job_filter(const Scene& scene, Fields& query,
                                const std::optional<core::Client>& client);

}  // namespace vaultbell::api
