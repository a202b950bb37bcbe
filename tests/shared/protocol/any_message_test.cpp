// Messages of every type with any values, through the bytes of the wire.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "shared/protocol/codec.hpp"
#include "shared/protocol/fields.hpp"
#include "tests/support/any_row.hpp"

namespace vaultbell::protocol {
namespace {

// What the border asks for beyond the types.
void fit(RunReport& report) {
  report.job += "job";
  if (!report.run.is_set()) report.run.bytes[0] = 1;
  if (report.utc_offset_minutes) *report.utc_offset_minutes %= 14 * 60;
}

void fit(Report& message) {
  fit(message.report);
}
void fit(Hello& hello) {
  for (auto& range : hello.spools) {
    if (range.first == 0) range.first = 1;
    if (range.first > range.last) range.last = range.first - 1;  // it is empty
    if (range.last == std::numeric_limits<std::uint64_t>::max()) --range.last;
  }
}
void fit(EnrolRequest& request) {
  request.name += "host";
}
template <class T>
void fit(T&) {}

template <class T>
Message any_message() {
  auto body = support::any_row<T>();
  fit(body);
  return {*rc::gen::arbitrary<std::uint64_t>(), Body(std::move(body))};
}

template <class... Bodies>
std::vector<Message> one_of_each(const std::variant<Bodies...>*) {
  return {any_message<Bodies>()...};
}

constexpr const Body* kAllBodies = nullptr;

RC_GTEST_PROP(AnyMessages, OfEveryTypeAreGivenBackAsTheyWere, ()) {
  for (const auto& message : one_of_each(kAllBodies)) {
    const auto again = decode(encode(message));
    if (!again) RC_FAIL(again.error().message);
    RC_ASSERT(*again == message);
  }
}

RC_GTEST_PROP(AnyMessages, OfEveryTypeThatAreCutOffAreRefused, ()) {
  for (const auto& message : one_of_each(kAllBodies)) {
    const auto bytes = encode(message);
    const auto size = *rc::gen::inRange<std::size_t>(0, bytes.size());
    RC_ASSERT(!decode(bytes.substr(0, size)).has_value());
  }
}

}  // namespace
}  // namespace vaultbell::protocol
