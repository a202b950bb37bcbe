// Rows of every type with any values, through the bytes of the store.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "aggregator/core/change.hpp"
#include "aggregator/storage/records.hpp"
#include "aggregator/storage/schema.hpp"
#include "tests/support/any_row.hpp"

namespace vaultbell::storage {
namespace {

template <class Row>
void is_given_back() {
  const auto row = support::any_row<Row>();
  const auto bytes = pack::encode(row);
  const auto again = pack::decode<Row>(bytes, kRowLimits);
  RC_ASSERT(again.has_value());
  RC_ASSERT(*again == row);
  RC_ASSERT(pack::encode(*again) == bytes);
}

template <class... Rows>
void are_given_back(const std::variant<Rows...>*) {
  (is_given_back<Rows>(), ...);
}

// Whatever byte of a row is damaged: it is refused or read as another row, without harm.
template <class Row>
void is_read_without_harm() {
  auto bytes = pack::encode(support::any_row<Row>());
  bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
  const auto read = pack::decode<Row>(bytes, kRowLimits);
  if (read) RC_ASSERT(pack::decode<Row>(pack::encode(*read), kRowLimits) == *read);
}

template <class... Rows>
void are_read_without_harm(const std::variant<Rows...>*) {
  (is_read_without_harm<Rows>(), ...);
}

constexpr const core::Row* kAllRows = nullptr;

RC_GTEST_PROP(AnyRows, OfEveryTypeAreGivenBackAsTheyWere, ()) {
  are_given_back(kAllRows);
}

RC_GTEST_PROP(AnyRows, OfEveryTypeAreReadWithoutHarmWhereTheyAreDamaged, ()) {
  are_read_without_harm(kAllRows);
}

}  // namespace
}  // namespace vaultbell::storage
