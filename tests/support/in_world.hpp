// InWorld: a test fixture with a World. A test must read every mail and leave no fault behind.
#pragma once

#include <gtest/gtest.h>

#include "tests/support/world.hpp"

namespace vaultbell::support {

class InWorld : public testing::Test {
 protected:
  InWorld() = default;
  explicit InWorld(Instant begin) : world(ordinary_settings(), begin) {}

  void TearDown() override {
    EXPECT_EQ(world.take_faults(), Lines{});
    EXPECT_EQ(world.take_mail_lines(), Lines{}) << "a mail that the test did not expect";
  }

  // The order is refused with exactly these words, and nothing is changed.
  void expect_refused(decltype(core::Order::what) what, ErrorCode code,
                      const std::string& message) {
    const auto before = world.state();
    const auto result = world.order(std::move(what));
    ASSERT_FALSE(result.has_value()) << "it should be refused with: " << message;
    EXPECT_EQ(result.error().message, message);
    EXPECT_EQ(result.error().code, code);
    EXPECT_TRUE(world.state() == before);
  }
  // The order is carried out; returns what is remarked.
  std::string remark(decltype(core::Order::what) what) {
    const auto result = world.order(std::move(what));
    if (result) return result->remark;
    ADD_FAILURE() << "it was refused: " << result.error().message;
    return result.error().message;
  }

  World world;
};

// The effects of one type.
template <class E>
std::vector<E> effects_of(const core::Decision& decision) {
  std::vector<E> found;
  for (const auto& effect : decision.effects) {
    if (const auto* wanted = std::get_if<E>(&effect)) found.push_back(*wanted);
  }
  return found;
}

// The rows of one type that a decision puts.
template <class R>
std::vector<R> rows_of(const core::WriteSet& changes) {
  std::vector<R> found;
  for (const auto& change : changes) {
    const auto* put = std::get_if<core::Put>(&change);
    const auto* row = put != nullptr ? std::get_if<R>(&put->row) : nullptr;
    if (row != nullptr) found.push_back(*row);
  }
  return found;
}

}  // namespace vaultbell::support
