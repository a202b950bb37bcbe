// Rows and messages at random: every field that a struct lists gets some value of its type. Only
// for tests that use RapidCheck.
#pragma once

#include <limits>

#include <rapidcheck.h>

#include "shared/pack/fields.hpp"

namespace vaultbell::support {

// Fills what it visits.
class AnyFields {
 public:
  template <class T>
  void operator()(std::uint64_t, T& field) {
    fill(field);
  }

  template <pack::HasFields T>
  static void fill(T& row) {
    AnyFields any;
    visit_fields(any, row);
  }
  static void fill(bool& value) { value = *rc::gen::arbitrary<bool>(); }
  // Both ends of a range matter more than what is between.
  template <std::integral T>
  requires(!std::same_as<T, bool>) static void fill(T& value) {
    const auto ends =
        rc::gen::element(std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), T{0}, T{1});
    value = *rc::gen::oneOf(rc::gen::arbitrary<T>(), ends);
  }
  // Words as people have them, with characters of one to four bytes.
  static void fill(std::string& value) {
    value.clear();
    const auto length = below(12);
    for (int i = 0; i < length; ++i) value += *rc::gen::element("a", "Z", "7", "-", "ü", "€", "😀");
  }
  static void fill(Instant& value) { value = Instant(milliseconds()); }
  static void fill(Duration& value) { value = milliseconds(); }
  static void fill(std::chrono::minutes& value) {
    value = std::chrono::minutes(*rc::gen::inRange(0, 24 * 60));
  }
  static void fill(Uuid& value) { fill(value.bytes); }
  template <std::size_t N>
  static void fill(std::array<std::uint8_t, N>& value) {
    value = *rc::gen::arbitrary<std::array<std::uint8_t, N>>();
  }
  template <class Tag>
  static void fill(Id<Tag>& value) {
    fill(value.value);
  }
  template <HasText E>
  static void fill(E& value) {
    const auto which = below(static_cast<int>(kEnumText<E>.size()));
    value = kEnumText<E>[static_cast<std::size_t>(which)].value;
  }
  template <class T>
  static void fill(std::optional<T>& value) {
    value.reset();
    if (below(2) == 0) fill(value.emplace());
  }
  template <class T>
  static void fill(std::vector<T>& values) {
    values.resize(static_cast<std::size_t>(below(3)));
    for (auto& value : values) fill(value);
  }

 private:
  static int below(int count) { return *rc::gen::inRange(0, count); }
  // Within 10,000 years of 1970, as far as times are read.
  static Duration milliseconds() {
    constexpr std::int64_t kMax = 315'360'000'000'000;
    return Duration(*rc::gen::oneOf(rc::gen::inRange(-kMax, kMax), rc::gen::element(-kMax, kMax)));
  }
};

template <class T>
T any_row() {
  T row{};
  AnyFields::fill(row);
  return row;
}

}  // namespace vaultbell::support
