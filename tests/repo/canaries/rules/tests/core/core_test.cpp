// The first sentence of a file stands at no test (R1.3).
#include "core.hpp"

// Neither does a comment at something else (R1.3).
constexpr int kNumber = 1;

// R1.2
TEST(Core, IsCited) {
  EXPECT_EQ(kNumber, 1);  // R1.5
}

// A remark between tests (R1.3).
int helps() {
  return 0;
}

// ---- a subject (R1.6)

class CoreTest {};

TEST_F(CoreTest, StandsUnderAHeading) {
}

// ---- a heading without a test (R1.4)
