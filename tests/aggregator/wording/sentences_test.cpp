#include "aggregator/wording/sentences.hpp"

#include <cctype>
#include <set>

#include <gtest/gtest.h>

namespace vaultbell::wording {
namespace {

template <class E>
class Sentences : public testing::Test {};

using Lists = testing::Types<OutcomeReason, core::RunVerdict, core::NotifyReason,
                             core::RecipientReason, core::InactiveReason, core::NotificationState,
                             core::EndReason, core::AttemptResult, core::EnrolmentState>;
TYPED_TEST_SUITE(Sentences, Lists);

TYPED_TEST(Sentences, EveryWordHasASentenceOfItsOwn) {
  std::set<std::string_view> seen;
  for (const auto& entry : kEnumText<TypeParam>) {
    const auto text = sentence(entry.value);
    EXPECT_TRUE(seen.insert(text).second) << text;
    EXPECT_TRUE(text.ends_with('.')) << entry.text;
    EXPECT_TRUE(!text.empty() && std::isupper(static_cast<unsigned char>(text.front())))
        << entry.text;
  }
}

}  // namespace
}  // namespace vaultbell::wording
