#include "aggregator/notify/sms.hpp"

#include <gtest/gtest.h>

#include "tests/aggregator/notify/deliveries.hpp"

namespace vaultbell::notify {
namespace {

using core::AlertKind;
using core::NotificationEvent;
using support::delivery_of;
using support::facts_of;

Delivery told(NotificationEvent event) {
  auto delivery = delivery_of(facts_of(AlertKind::backup_failed), event);
  delivery.recipient.address = "+4915112345678";
  return delivery;
}

TEST(Sms, AnAlertAndItsRecoveryAreOneLineEach) {
  EXPECT_EQ(compose_sms(told(NotificationEvent::raised), {}).text,
            R"(CRITICAL db-1: backup "nightly" failed (vault prod))");
  EXPECT_EQ(compose_sms(told(NotificationEvent::recovered), {}).text,
            R"(RESOLVED db-1: backup "nightly" failed (vault prod))");
}

TEST(Sms, ItGoesToTheNumberOfTheRecipient) {
  EXPECT_EQ(compose_sms(told(NotificationEvent::raised), {}).to, "+4915112345678");
}

// R7.3
TEST(Sms, ARepeatHasTheSameIdAndAnotherMessageHasAnother) {
  auto delivery = told(NotificationEvent::raised);
  const auto first = compose_sms(delivery, {});
  EXPECT_EQ(first.id, "vaultbell.0f8fad5b-d9cb-469f-a165-70867728950e.42");
  delivery.attempt = 2;
  delivery.is_doubtful = true;
  EXPECT_EQ(compose_sms(delivery, {}).id, first.id);
  EXPECT_NE(compose_sms(told(NotificationEvent::recovered), {}).id, first.id);
}

TEST(Sms, ATemplateReplacesTheText) {
  EXPECT_EQ(
      compose_sms(told(NotificationEvent::raised), {.sms = "{{client}}:\n {{headline}}\n"}).text,
      R"(db-1:  backup of "nightly" on db-1 failed)");
}

TEST(Sms, ATemplateThatSaysNothingGivesTheBuiltInText) {
  EXPECT_EQ(
      compose_sms(told(NotificationEvent::raised), {.sms = "{{#recovered}}over{{/recovered}} \n"})
          .text,
      R"(CRITICAL db-1: backup "nightly" failed (vault prod))");
}

TEST(Sms, HostileNamesStayOneLine) {
  auto delivery = told(NotificationEvent::raised);
  delivery.facts.client = "db\r\nX-Header: 1\x1b[2J\xff";
  EXPECT_EQ(compose_sms(delivery, {}).text,
            "CRITICAL db  X-Header: 1\uFFFD[2J\uFFFD: backup \"nightly\" failed (vault prod)");
}

TEST(Sms, WhatFitsThreeSegmentsIsNotCut) {
  EXPECT_EQ(cut_for_sms(std::string(459, 'x')), std::string(459, 'x'));
  EXPECT_EQ(cut_for_sms(""), "");
}

TEST(Sms, WhatIsLongerIsCutBehindACharacterAndSaysSo) {
  EXPECT_EQ(cut_for_sms(std::string(460, 'x')), std::string(458, 'x') + "…");
  std::string text;
  std::string cut;
  for (int i = 0; i < 459; ++i) text += "ü";
  for (int i = 0; i < 458; ++i) cut += "ü";
  EXPECT_EQ(cut_for_sms(text), text) << "characters are counted, not bytes";
  EXPECT_EQ(cut_for_sms(text + "x"), cut + "…");
}

}  // namespace
}  // namespace vaultbell::notify
