#include "aggregator/notify/settings.hpp"

#include <gtest/gtest.h>

namespace vaultbell::notify {
namespace {

MailSettings good() {
  return {.url = "smtp://mail.example.org:587",
          .from = "Vaultbell <vaultbell@example.org>",
          .user = "vaultbell",
          .password = "s3cret"};
}

std::string error_of(const MailSettings& settings) {
  const auto status = check_mail_settings(settings);
  return status ? "" : status.error().message;
}

TEST(MailSettings, UsualServersAreTaken) {
  for (const auto url : {"smtp://mail.example.org:587", "smtps://mail.example.org:465",
                         "smtp://localhost", "smtp://127.0.0.1:25", "smtp://[::1]:25"}) {
    EXPECT_TRUE(check_mail_url(url)) << url;
  }
}

TEST(MailSettings, WhatIsNoServerIsRefused) {
  for (const auto url :
       {"", "mail.example.org", "http://mail.example.org", "SMTP", "smtp://", "smtp://:25",
        "smtp://host:0x19", "smtp://host:99999", "smtp://user:password@host", "smtp://user@host",
        "smtp://host/name", "smtp://host/", "smtp://host?x", "smtp://host#x", "smtp://ho st",
        "smtp://host\r\nQUIT"}) {
    EXPECT_FALSE(check_mail_url(url)) << url;
  }
}

TEST(MailSettings, TheErrorSaysWhatIsWrong) {
  EXPECT_EQ(check_mail_url("http://x").error().message,
            R"("http://x" is not the address of a mail server: it begins with neither "smtp://" )"
            R"(nor "smtps://" (example: "smtp://mail.example.org:587"))");
}

TEST(MailSettings, GoodOnesPass) {
  EXPECT_EQ(error_of(good()), "");
}

TEST(MailSettings, UserAndPasswordNeedEachOther) {
  auto settings = good();
  settings.password.clear();
  EXPECT_EQ(error_of(settings), "user and password need each other: one of them is missing");
}

TEST(MailSettings, TlsThatIsOffContradictsSmtps) {
  auto settings = good();
  settings.url = "smtps://mail.example.org";
  settings.tls = TlsMode::off;
  EXPECT_EQ(error_of(settings), "tls = \"off\" contradicts smtps://");
}

TEST(MailSettings, CertificatesMustBeReadable) {
  auto settings = good();
  settings.ca_file = "/nowhere/ca.pem";
  EXPECT_EQ(error_of(settings), "ca_file: cannot read /nowhere/ca.pem: No such file or directory");
}

}  // namespace
}  // namespace vaultbell::notify
