// What a delivery tells, where a row that its alert names is gone.
#include "aggregator/delivery_facts.hpp"

#include <gtest/gtest.h>

#include "aggregator/message_preview.hpp"
#include "aggregator/storage/store.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::aggregator {
namespace {

constexpr std::size_t kStoreBytes = 16UL << 20;

const core::Vault kVault{.id = {1}, .name = "prod"};
const core::Client kWeb{.id = {1}, .vault = {1}, .name = "web1"};
const core::Job kDb{.id = {1}, .client = {1}, .name = "db"};
core::Alert failed_backup() {
  core::Alert alert;
  alert.id = {1};
  alert.kind = core::AlertKind::backup_failed;
  alert.vault = {1};
  alert.client = {1};
  alert.job = {1};
  return alert;
}

const core::Notification kWaiting{.id = {1},
                                  .alert = {1},
                                  .event = core::NotificationEvent::recovered,
                                  .recipient = {.address = "ops@example.org"}};

Result<notify::Delivery> read_with(const core::WriteSet& rows) {
  const support::TemporaryFolder folder;
  const auto store = *storage::Store::open(folder.path(), kStoreBytes);
  EXPECT_TRUE(store->commit(rows).has_value());
  return read_delivery(*storage::Snapshot::take(store->environment()), kWaiting.id, {},
                       support::at("03-01 02:20"));
}

// The same message as somebody sees it who only looks.
Result<api::ShownMessage> shown_with(const core::WriteSet& rows, const std::string& from) {
  const support::TemporaryFolder folder;
  const auto store = *storage::Store::open(folder.path(), kStoreBytes);
  EXPECT_TRUE(store->commit(rows).has_value());
  notify::DeliverySettings settings;
  settings.mail.from = from;
  return message_preview("Example Ltd", settings)(*storage::Snapshot::take(store->environment()),
                                                  kWaiting.id, support::at("03-01 02:20"));
}

core::WriteSet with(core::WriteSet more) {
  more.emplace_back(core::Put{kVault});
  more.emplace_back(core::Put{failed_backup()});
  more.emplace_back(core::Put{kWaiting});
  return more;
}

// R7.3
TEST(DeliveryFacts, NameTheJob) {
  const auto delivery = read_with(with({core::Put{kWeb}, core::Put{kDb}}));
  ASSERT_TRUE(delivery.has_value()) << delivery.error().message;
  EXPECT_EQ(delivery->facts.job, "db");
}

// R7.3
TEST(DeliveryFacts, AreThereThoughTheJobWasForgotten) {
  const auto delivery = read_with(with({core::Put{kWeb}}));
  ASSERT_TRUE(delivery.has_value()) << delivery.error().message;
  EXPECT_EQ(delivery->facts.job, "(forgotten)");
  EXPECT_EQ(delivery->facts.client, "web1");
}

TEST(DeliveryFacts, OfAClientThatIsNotThereAreAnError) {
  const auto delivery = read_with(with({core::Put{kDb}}));
  ASSERT_FALSE(delivery.has_value());
  EXPECT_EQ(delivery.error().message, "the store has no such client");
}

// ---- looked at, not sent

TEST(MessagePreviews, ShowAMailAsItIsSent) {
  const auto shown =
      shown_with(with({core::Put{kWeb}, core::Put{kDb}}), "Vaultbell <vaultbell@example.org>");
  ASSERT_TRUE(shown.has_value()) << shown.error().message;
  EXPECT_EQ(shown->subject, "[RESOLVED] web1: backup \"db\" failed (vault prod)");
  EXPECT_NE(shown->text.find("web1"), std::string::npos);
  EXPECT_EQ(shown->text.find('\r'), std::string::npos);
  EXPECT_NE(shown->html.find("web1"), std::string::npos);
  EXPECT_NE(shown->source.find("<vaultbell@example.org>\r\n"), std::string::npos);
}

// R5.2
TEST(MessagePreviews, NeverShowACode) {
  auto notification = kWaiting;
  notification.alert = {};
  notification.event = core::NotificationEvent::verification;
  core::Address address{.address = "ops@example.org", .code = core::PendingCode{}};
  address.code->notification = kWaiting.id;
  const auto shown =
      shown_with({core::Put{notification}, core::Put{address}}, "vaultbell@example.org");
  ASSERT_TRUE(shown.has_value()) << shown.error().message;
  EXPECT_EQ(shown->subject, "****** is your Vaultbell code");
  EXPECT_NE(shown->text.find("Your code: ******"), std::string::npos);
}

TEST(MessagePreviews, AreAnErrorWhereNoMailIsConfiguredOrARowIsGone) {
  EXPECT_EQ(shown_with(with({core::Put{kWeb}}), "").error().message,
            "no sender of mails is configured: [smtp] from");
  EXPECT_EQ(shown_with(with({core::Put{kDb}}), "vaultbell@example.org").error().message,
            "the store has no such client");
}

}  // namespace
}  // namespace vaultbell::aggregator
