// Mail servers that misbehave: nothing is lost, and nobody waits for somebody else's trouble.
#include <csignal>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/integration/installation.hpp"

namespace vaultbell::integration {
namespace {

using Lines = std::vector<std::string>;

void fail_a_backup(const Installation& all) {
  const auto ran =
      all.agent("db-1", {"report", "--job", "nightly", "--outcome", "failed", "--message", "no"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
}

bool is_about_backup(const json& delivery) {
  const auto& headline = delivery.at("headline");
  return headline.is_string() && headline.get<std::string>().starts_with("backup of \"nightly\"");
}

// The delivery about the failed backup to this address; null while there is none.
json delivery_to(const Installation& all, const std::string& address) {
  for (const auto& delivery : all.vaultbell({"delivery", "list", "--recipient", address})) {
    if (!is_about_backup(delivery)) continue;
    return all.vaultbell({"delivery", "show", std::to_string(delivery.at("id").get<int>())});
  }
  return {};
}

std::string state_of_delivery(const Installation& all, const std::string& address) {
  const auto delivery = delivery_to(all, address);
  return delivery.is_null() ? std::string() : delivery.at("state").get<std::string>();
}

// Those about the failed backup.
std::size_t mails_to(const Installation& all, const std::string& address) {
  std::size_t count = 0;
  for (const auto& mail : all.smtp.mails()) {
    const bool is_about_backup = mail.at("headers").dump().find("nightly") != std::string::npos;
    for (const auto& to : mail.at("to")) count += is_about_backup && to == address ? 1U : 0U;
  }
  return count;
}

TEST(DeliveryFaults, EachRecipientsTroubleIsItsOwn) {
  Installation all({.owners = {"ok@example.org", "grey@example.org", "nouser@example.org",
                               "full@example.org", "spam@example.org", "middata@example.org",
                               "lostok@example.org", "slow@example.org"}},
                   {.more = {"--grey", "1.5"}});
  all.start_aggregator();
  all.enrol("db-1");
  fail_a_backup(all);
  const auto becomes = [&](const std::string& address, const std::string& state) {
    return until([&] { return state_of_delivery(all, address) == state; });
  };
  // Long before the stalled one is over, the healthy one is.
  EXPECT_TRUE(becomes("ok@example.org", "delivered"));
  EXPECT_EQ(delivery_to(all, "slow@example.org").at("ended_at"), nullptr);
  EXPECT_TRUE(becomes("nouser@example.org", "given_up"));
  EXPECT_TRUE(becomes("spam@example.org", "given_up"));
  EXPECT_TRUE(becomes("grey@example.org", "delivered"));
  EXPECT_GE(delivery_to(all, "grey@example.org").at("attempt_count"), 2);
  // What may pass is tried again and again.
  for (const auto* address : {"full@example.org", "middata@example.org", "lostok@example.org"}) {
    EXPECT_TRUE(until([&] { return delivery_to(all, address).at("attempt_count") >= 3; }))
        << address;
    EXPECT_NE(state_of_delivery(all, address), "given_up");
  }
  // An accepted mail whose answer was lost comes again, and can be told by its Message-ID.
  EXPECT_TRUE(until([&] { return mails_to(all, "lostok@example.org") >= 2; }));
  EXPECT_EQ(mails_to(all, "ok@example.org"), 1U);
  EXPECT_EQ(mails_to(all, "grey@example.org"), 1U);
  EXPECT_EQ(delivery_to(all, "nouser@example.org").at("last_answer"), "550 5.1.1 No such user");
}

TEST(DeliveryFaults, AnUntrustedCertificateIsTriedAgainUntilTheConfigurationIsRepaired) {
  Installation all({.smtp = "tls = \"required\""}, {.tls = "starttls"});
  all.start_aggregator();
  all.enrol("db-1");
  fail_a_backup(all);
  EXPECT_TRUE(until([&] {
    const auto delivery = delivery_to(all, "ok@example.org");
    return !delivery.is_null() && delivery.at("attempt_count") >= 2;
  }));
  EXPECT_EQ(all.subjects(), Lines{});
  all.settings.smtp = "tls = \"required\"\nca_file = \"" + all.smtp.ca_file().string() + "\"";
  all.write_configuration();
  all.aggregator->send(SIGHUP);
  EXPECT_TRUE(until([&] { return state_of_delivery(all, "ok@example.org") == "delivered"; }));
  EXPECT_EQ(all.subjects().size(), 1U);
}

TEST(DeliveryFaults, AWrongPasswordIsTheRelaysTroubleAndNeverGivesUpEarly) {
  Installation all({}, {.tls = "starttls", .user = "vaultbell", .password = "right"});
  const auto password = [&](const std::string& text) {
    std::ofstream(all / "secret") << text << "\n";
    std::filesystem::permissions(
        all / "secret", std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  };
  password("wrong");
  all.settings.smtp = "ca_file = \"" + all.smtp.ca_file().string() +
                      "\"\nuser = \"vaultbell\"\npassword_file = \"secret\"";
  all.write_configuration();
  all.start_aggregator();
  all.enrol("db-1");
  fail_a_backup(all);
  EXPECT_TRUE(until([&] {
    const auto delivery = delivery_to(all, "ok@example.org");
    return !delivery.is_null() && delivery.at("attempt_count") >= 3;
  }));
  const auto answer = delivery_to(all, "ok@example.org").at("last_answer").get<std::string>();
  EXPECT_TRUE(answer.starts_with("535 ")) << answer;
  EXPECT_EQ(answer.find("wrong"), std::string::npos);
  password("right");
  all.aggregator->send(SIGHUP);
  EXPECT_TRUE(until([&] { return state_of_delivery(all, "ok@example.org") == "delivered"; }));
}

TEST(DeliveryFaults, WhatWasGivenUpCanBeSentAgainByHand) {
  Installation all({.owners = {"nouser@example.org"}});
  all.start_aggregator();
  all.enrol("db-1");
  fail_a_backup(all);
  EXPECT_TRUE(until([&] { return state_of_delivery(all, "nouser@example.org") == "given_up"; }));
  const auto id = delivery_to(all, "nouser@example.org").at("id").get<int>();
  all.vaultbell({"delivery", "retry", std::to_string(id)});
  EXPECT_TRUE(
      until([&] { return delivery_to(all, "nouser@example.org").at("attempt_count") == 2; }));
}

}  // namespace
}  // namespace vaultbell::integration
