#include "shared/crypto/webhook_signature.hpp"

#include <gtest/gtest.h>

namespace vaultbell::crypto {
namespace {

// RFC 4231, test cases 2 and 6.
TEST(WebhookSignatures, TheHmacIsThatOfTheStandard) {
  EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256(std::string(131, '\xaa'),
                        "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// R7.8. The same by hand: printf '1772331600.{}' | openssl dgst -sha256 -hmac s3cret
TEST(WebhookSignatures, TimestampAndBodyAreSignedTogether) {
  EXPECT_EQ(webhook_signature("s3cret", 1'772'331'600, "{}"),
            "v1=" + hmac_sha256("s3cret", "1772331600.{}"));
}

TEST(WebhookSignatures, EachAddressAndEachInstallationHasASecretOfItsOwn) {
  SecretKey key;
  SecretKey other;
  other.bytes[0] = 1;
  const auto secret = webhook_secret(key, "https://example.org/a");
  EXPECT_EQ(secret.size(), 64U);
  EXPECT_EQ(secret.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(secret, webhook_secret(key, "https://example.org/a"));
  EXPECT_NE(secret, webhook_secret(key, "https://example.org/b"));
  EXPECT_NE(secret, webhook_secret(other, "https://example.org/a"));
}

}  // namespace
}  // namespace vaultbell::crypto
