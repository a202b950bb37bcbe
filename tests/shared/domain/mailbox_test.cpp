#include "shared/domain/mailbox.hpp"

#include <gtest/gtest.h>

namespace vaultbell {
namespace {

std::string error_of(std::string_view address) {
  const auto status = check_mail_address(address);
  return status ? "" : status.error().message;
}

TEST(Mailboxes, UsualAddressesAreTaken) {
  for (const auto address : {"ops@example.org", "a.b+backup@mail.example.org", "root@localhost",
                             "o'neil@x-1.example", "user=list@example.org"}) {
    EXPECT_TRUE(check_mail_address(address)) << address;
  }
}

TEST(Mailboxes, WhatIsNoAddressIsRefused) {
  for (const auto address : {"",
                             "ops",
                             "@example.org",
                             "ops@",
                             "a b@example.org",
                             "a@b@example.org",
                             ".a@example.org",
                             "a..b@example.org",
                             "a.@example.org",
                             "ops@-x.org",
                             "ops@x-.org",
                             "ops@example..org",
                             "ops@[127.0.0.1]",
                             "\"a b\"@example.org",
                             "<ops@example.org>",
                             "ops@example.org>",
                             "ops@example.org,b@example.org",
                             "ops@example.org SIZE=1",
                             "ops@example.org\r\nRCPT TO:<x>",
                             "ops@example.org\n",
                             "ops@exam\tple.org",
                             "o\\ps@example.org"}) {
    EXPECT_FALSE(check_mail_address(address)) << address;
  }
}

TEST(Mailboxes, SizesAreThoseOfRfc5321) {
  const auto local = std::string(64, 'a');
  const auto label = std::string(61, 'b') + ".";
  const auto domain = label + label + label + "ccc";  // 189 bytes
  EXPECT_TRUE(check_mail_address(local + "@" + domain));
  EXPECT_FALSE(check_mail_address(local + "a@example.org"));
  EXPECT_FALSE(check_mail_address(local + "@" + domain + "c"));
  EXPECT_FALSE(check_mail_address("a@" + std::string(64, 'b') + ".org"));
}

TEST(Mailboxes, TheErrorSaysWhatIsWrong) {
  EXPECT_EQ(error_of("ops"),
            R"("ops" is not a mail address: there is no "@" (example: "ops@example.org"))");
  EXPECT_EQ(error_of("öps@example.org"),
            R"("öps@example.org" is not a mail address: it may have only ASCII characters )"
            R"((example: "ops@example.org"))");
  EXPECT_EQ(error_of("ops@a b"),
            R"("ops@a b" is not a mail address: the part behind the "@" is not a host name )"
            R"((example: "ops@example.org"))");
}

TEST(Mailboxes, ASenderMayHaveAName) {
  EXPECT_EQ(parse_mailbox("a@example.org").value(), (Mailbox{"", "a@example.org"}));
  EXPECT_EQ(parse_mailbox("Vaultbell <a@example.org>").value(),
            (Mailbox{"Vaultbell", "a@example.org"}));
  EXPECT_EQ(parse_mailbox("\"Müller, Söhne\" <a@example.org>").value(),
            (Mailbox{"Müller, Söhne", "a@example.org"}));
}

TEST(Mailboxes, ANameCannotHideAnything) {
  for (const auto text :
       {"A\r\nBcc: b@example.org <a@example.org>", "A <b@example.org> <a@example.org>",
        "\"A\" B\" <a@example.org>", "A\\ <a@example.org>", "A <a@example.org",
        "A <a@example.org>x", "A\u202e <a@example.org>", "A <>", "<a@example.org"}) {
    EXPECT_FALSE(parse_mailbox(text)) << text;
  }
}

TEST(Mailboxes, TheDomainIsBehindTheAt) {
  EXPECT_EQ(domain_of("vaultbell@example.org"), "example.org");
}

}  // namespace
}  // namespace vaultbell
