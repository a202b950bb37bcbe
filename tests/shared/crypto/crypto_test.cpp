// Keys, their texts, and join tokens (R2.1).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "shared/base/files.hpp"
#include "shared/crypto/join_token.hpp"
#include "shared/crypto/key_file.hpp"
#include "shared/crypto/verification_code.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::crypto {
namespace {

class Crypto : public testing::Test {
 protected:
  static void SetUpTestSuite() { start(); }
};
using Keys = Crypto;
using Fingerprints = Crypto;
using Base64 = Crypto;
using Codes = Crypto;
using JoinTokens = Crypto;
using KeyFiles = Crypto;

// The first test key of RFC 7748, section 6.1 (Alice).
constexpr std::string_view kSecretText = "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=";
constexpr std::string_view kPublicText = "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=";

TEST_F(Keys, HaveTheirPublicHalfAsRfc7748Says) {
  const auto secret = parse_secret_key(kSecretText);
  ASSERT_TRUE(secret.has_value());
  EXPECT_EQ(to_text(public_key_of(*secret)), kPublicText);
}

TEST_F(Keys, AreWrittenAndReadAsBase64) {
  const auto pair = make_key_pair();
  EXPECT_EQ(to_text(pair.public_key).size(), 44U);
  EXPECT_EQ(parse_public_key(to_text(pair.public_key)), pair.public_key);
  EXPECT_EQ(parse_secret_key(to_text(pair.secret_key))->bytes, pair.secret_key.bytes);
  EXPECT_EQ(public_key_of(pair.secret_key), pair.public_key);
}

TEST_F(Keys, AreMadeAnewEachTime) {
  EXPECT_NE(make_key_pair().public_key, make_key_pair().public_key);
  EXPECT_NE(random_secret(), random_secret());
}

TEST_F(Keys, ThatAreNoneAreRefused) {
  for (const std::string text : {"", "hello", "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTm==",
                                 "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo",
                                 "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo= "}) {
    const Error expected{ErrorCode::invalid, "not a key (44 characters of base64)"};
    EXPECT_EQ(parse_public_key(text).error(), expected) << text;
    EXPECT_EQ(parse_secret_key(text).error(), expected) << text;
  }
}

TEST_F(Fingerprints, AreTheFirstHalfOfTheSha256InGroupsOfFour) {
  EXPECT_EQ(fingerprint(PublicKey{}), "SHA256:6668-7aad-f862-bd77-6c8f-c18b-8e9f-8e20");
  EXPECT_NE(fingerprint(support::public_key(1)), fingerprint(support::public_key(2)));
}

TEST_F(Base64, ForUrlsHasNoPadding) {
  EXPECT_EQ(to_base64url(""), "");
  EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
  EXPECT_EQ(from_base64url("-_8"), "\xfb\xff");
  for (const auto* text : {"-_8=", "+/8", "-_8 ", "-", "-_9"}) {
    EXPECT_FALSE(from_base64url(text).has_value()) << text;
  }
}

RC_GTEST_PROP(Base64Url, GivesBackWhatItWasMadeOf, (const std::string& bytes)) {
  RC_ASSERT(from_base64url(to_base64url(bytes)) == bytes);
}

// ---- join tokens

JoinToken ordinary_token() {
  return {.enrolment_endpoint = "tcp://vaultbell.example.org:8482",
          .server_key = support::public_key(1),
          .secret = support::token_hash(2),
          .vault = "prod",
          .expires_at = support::at("03-01 02:20")};
}

const std::string kDamaged =
    "the join token is damaged: copy it whole, it is one line without spaces";

TEST_F(JoinTokens, AreOneLineThatIsReadBack) {
  const auto text = to_text(ordinary_token());
  EXPECT_TRUE(text.starts_with("vb1."));
  EXPECT_EQ(
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
      std::string::npos);
  EXPECT_EQ(parse_join_token(text), ordinary_token());
}

TEST_F(JoinTokens, HaveOneFormForEver) {
  EXPECT_EQ(
      to_text(ordinary_token()),
      "vb1.hQHZIHRjcDovL3ZhdWx0YmVsbC5leGFtcGxlLm9yZzo4NDgyAsQgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      "AAAAAAAAAEDxCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgSkcHJvZAXPAAABnKcyCIA.VqB-B1Fg");
}

TEST_F(JoinTokens, ThatAreSomethingElseAreRefused) {
  for (const auto* text : {"", "vb1", "vb2.abc.def", "tkn_7Jq"}) {
    EXPECT_EQ(
        parse_join_token(text).error(),
        (Error{ErrorCode::invalid, "this is not a join token: it does not begin with \"vb1.\""}));
  }
}

TEST_F(JoinTokens, ThatWereCutOffAreDamaged) {
  const auto text = to_text(ordinary_token());
  for (std::size_t size = 4; size < text.size(); ++size) {
    ASSERT_EQ(parse_join_token(text.substr(0, size)).error(),
              (Error{ErrorCode::invalid, kDamaged}));
  }
}

TEST_F(JoinTokens, ThatWereAlteredAreDamagedWhereverItWas) {
  const auto text = to_text(ordinary_token());
  for (std::size_t i = 4; i < text.size(); ++i) {
    auto altered = text;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    ASSERT_EQ(parse_join_token(altered).error(), (Error{ErrorCode::invalid, kDamaged})) << i;
  }
}

TEST_F(JoinTokens, WithAnythingAroundThemAreDamaged) {
  const auto text = to_text(ordinary_token());
  EXPECT_EQ(parse_join_token(text + " ").error().message, kDamaged);
  EXPECT_EQ(parse_join_token(text + "\n").error().message, kDamaged);
  EXPECT_EQ(parse_join_token(text + text).error().message, kDamaged);
  EXPECT_EQ(parse_join_token("vb1." + std::string(4096, 'A')).error().message, kDamaged);
}

TEST_F(JoinTokens, ThatDifferInAnythingHaveAnotherHash) {
  const auto token = ordinary_token();
  EXPECT_EQ(hash_of(token), hash_of(*parse_join_token(to_text(token))));
  auto elsewhere = token;
  elsewhere.enrolment_endpoint = "tcp://evil.example.org:8482";
  auto longer = token;
  longer.expires_at += std::chrono::hours(1);
  auto other_vault = token;
  other_vault.vault = "root";
  for (const auto& altered : {elsewhere, longer, other_vault}) {
    EXPECT_NE(hash_of(altered), hash_of(token));
  }
}

// ---- verification codes

TEST_F(Codes, AreSixDigitsThatMayBeTypedInGroups) {
  const auto key = make_key_pair().secret_key;
  const CodePurpose purpose{"email", "alice@example.org", {1, 2, 3}};
  const auto code = verification_code(key, purpose);
  EXPECT_TRUE(can_be_code(code)) << code;
  const auto in_groups = " " + code.substr(0, 3) + "-" + code.substr(3) + "\t";
  EXPECT_TRUE(can_be_code(in_groups));
  EXPECT_EQ(hash_of_code(key, purpose, in_groups), hash_of_code(key, purpose, code));
  for (const auto* other : {"", "12345", "1234567", "12345x", "１２３４５６"}) {
    EXPECT_FALSE(can_be_code(other)) << other;
  }
}

TEST_F(Codes, DependOnTheirPurpose) {
  const auto key = make_key_pair().secret_key;
  const CodePurpose purpose{"email", "alice@example.org", {1, 2, 3}};
  const auto hash = hash_of_code(key, purpose, "041902");
  EXPECT_NE(hash_of_code(key, {"mobile", purpose.address, purpose.nonce}, "041902"), hash);
  EXPECT_NE(hash_of_code(key, {purpose.channel, "bob@example.org", purpose.nonce}, "041902"), hash);
  EXPECT_NE(hash_of_code(key, {purpose.channel, purpose.address, {3}}, "041902"), hash);
  EXPECT_NE(hash_of_code(make_key_pair().secret_key, purpose, "041902"), hash);
}

// ---- key files

TEST_F(KeyFiles, AreMadeOnceAndReadAfterwards) {
  const support::TemporaryFolder folder;
  const auto path = folder.path() / "key";
  EXPECT_EQ(load_key(path).error().code, ErrorCode::not_found);
  const auto made = load_or_make_key(path);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(load_or_make_key(path)->public_key, made->public_key);
  EXPECT_EQ(load_key(path)->secret_key.bytes, made->secret_key.bytes);
}

TEST_F(KeyFiles, ThatAreDamagedOrOpenToOthersAreRefusedAndKept) {
  const support::TemporaryFolder folder;
  const auto path = folder.path() / "key";
  ASSERT_TRUE(write_file(path, "garbage\n", 0600).has_value());
  EXPECT_EQ(load_or_make_key(path).error().message,
            path.string() + ": not a key (44 characters of base64)");
  ASSERT_TRUE(write_file(path, std::string(kSecretText), 0644).has_value());
  EXPECT_EQ(load_or_make_key(path).error().message,
            path.string() + " can be read by others (mode 0644); make it private: chmod 600 " +
                path.string());
}

}  // namespace
}  // namespace vaultbell::crypto
