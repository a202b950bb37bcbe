// Identities of 128 bits.
#include "shared/base/uuid.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace vaultbell {
namespace {

TEST(Uuids, HaveOneTextAndAreReadInEitherCase) {
  const Uuid uuid{{0x0f, 0x8f, 0xad, 0x5b, 0xd9, 0xcb, 0x46, 0x9f, 0xa1, 0x65, 0x70, 0x86, 0x77,
                   0x28, 0x95, 0x0e}};
  EXPECT_EQ(to_text(uuid), "0f8fad5b-d9cb-469f-a165-70867728950e");
  EXPECT_EQ(parse_uuid("0f8fad5b-d9cb-469f-a165-70867728950e"), uuid);
  EXPECT_EQ(parse_uuid("0F8FAD5B-D9CB-469F-A165-70867728950E"), uuid);
}

TEST(Uuids, ThatAreNoneAreRefused) {
  for (const auto* text :
       {"", "0f8fad5bd9cb469fa16570867728950e", "0f8fad5b-d9cb-469f-a165-70867728950",
        "0f8fad5b-d9cb-469f-a165-70867728950e0", "0f8fad5bd-9cb-469f-a165-70867728950e",
        "0f8fad5b-d9cb-469f-a165-70867728950g"}) {
    EXPECT_EQ(parse_uuid(text).error(),
              (Error{ErrorCode::invalid, "\"" + std::string(text) +
                                             "\" is not a UUID (32 hexadecimal digits in groups of "
                                             "8-4-4-4-12)"}));
  }
}

RC_GTEST_PROP(Uuids, AreGivenBackAsTheyWereWritten, (const std::array<std::uint8_t, 16>& bytes)) {
  RC_ASSERT(parse_uuid(to_text(Uuid{bytes})) == Uuid{bytes});
}

TEST(Uuids, AreSetUnlessAllBytesAreZero) {
  EXPECT_FALSE(Uuid{}.is_set());
  EXPECT_TRUE((Uuid{{1}}).is_set());
}

TEST(Uuids, AtRandomAreOfVersion4AndDiffer) {
  const auto uuid = random_uuid();
  EXPECT_EQ(uuid.bytes[6] >> 4U, 4U);
  EXPECT_EQ(uuid.bytes[8] >> 6U, 2U);
  EXPECT_NE(uuid, random_uuid());
}

TEST(Uuids, OfABootStayTheSame) {
  const auto boot = read_boot_id();
  ASSERT_TRUE(boot.has_value());
  EXPECT_TRUE(boot->is_set());
  EXPECT_EQ(read_boot_id(), *boot);
}

}  // namespace
}  // namespace vaultbell
