// Rows of every released version must be read for ever.
#include <gtest/gtest.h>

#include "aggregator/storage/records.hpp"
#include "aggregator/storage/schema.hpp"
#include "tests/aggregator/storage/sample_rows.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/golden.hpp"

namespace vaultbell::storage {

void PrintTo(const Sample& sample, std::ostream* out) {  // found by GoogleTest
  *out << sample.name;
}

namespace {

class GoldenRows : public testing::TestWithParam<Sample> {};

TEST_P(GoldenRows, AreWrittenAndReadAsInTheirFile) {
  const auto& [name, words, row] = GetParam();
  const auto check = [&](const auto& sample) {
    using R = std::decay_t<decltype(sample)>;
    const auto encoded = pack::encode(sample);
    const auto bytes = support::golden("storage/" + name, words, encoded);
    ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
    EXPECT_EQ(*bytes, encoded) << support::annotated(encoded);
    EXPECT_EQ(pack::decode<R>(*bytes, kRowLimits), sample);
  };
  std::visit(check, row);
}

INSTANTIATE_TEST_SUITE_P(Storage, GoldenRows, testing::ValuesIn(sample_rows()),
                         [](const auto& test) { return test.param.name; });

// A file of an older form lacks the fields that came later.
TEST(OlderRows, OfAChannelsHealthAreReadAsOfTheChannelItself) {
  const auto bytes =
      support::golden("storage/channel_health_1", "Mail that fails for an hour.", {});
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
  const core::ChannelHealth expected{core::Channel::email, support::at("03-01 02:20"),
                                     support::at("03-01 02:10"), "421 too busy"};
  EXPECT_EQ(pack::decode<core::ChannelHealth>(*bytes, kRowLimits), expected);
}

TEST(OlderRows, OfAJobHaveNoSettingsOfItsAgent) {
  const auto bytes =
      support::golden("storage/job_1", "Job \"db\" of client 2, whose last backup failed.", {});
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
  const auto job = pack::decode<core::Job>(*bytes, kRowLimits);
  ASSERT_TRUE(job.has_value());
  EXPECT_EQ(job->name, "db");
  EXPECT_EQ(job->agent_settings, std::nullopt);
}

TEST(OlderRows, OfATokenAreForNewClients) {
  const auto bytes = support::golden(
      "storage/token_1", "A join token for five hosts, one of them in, revoked since.", {});
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
  const auto token = pack::decode<core::Token>(*bytes, kRowLimits);
  ASSERT_TRUE(token.has_value());
  EXPECT_EQ(token->last_client, ClientId{2});
  EXPECT_FALSE(token->client.is_set());
}

// The file of a row from before anybody could say which revision they saw.
template <class R>
void has_no_revision(const std::string& file, const std::string& words) {
  const auto bytes = support::golden("storage/" + file, words, {});
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
  const auto row = pack::decode<R>(*bytes, kRowLimits);
  ASSERT_TRUE(row.has_value()) << row.error().message;
  EXPECT_TRUE(row->id.is_set());
  EXPECT_EQ(row->revision, 0);
}

TEST(OlderRows, HaveNoRevision) {
  has_no_revision<core::Vault>("vault_1", "Vault \"prod\" with a policy of its own.");
  has_no_revision<core::Client>("client_2",
                                "Client \"web1\", offline because its host was shut down.");
  has_no_revision<core::Job>("job_2", "Job \"db\" of client 2, whose last backup failed.");
  has_no_revision<core::Contact>("contact_1", "Alice, whose new address is not verified yet.");
  has_no_revision<core::Group>("group_1", "Group \"ops\" of two contacts.");
  has_no_revision<core::Maintenance>("maintenance_1", "A weekly window that was ended by hand.");
}

TEST(OlderRows, OfTheCountersGaveNobodyAccess) {
  const auto bytes =
      support::golden("storage/counters_1", "The last number given to a row of each kind.", {});
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
  const auto counters = pack::decode<core::Counters>(*bytes, kRowLimits);
  ASSERT_TRUE(counters.has_value());
  EXPECT_EQ(counters->audit, 13);
  EXPECT_EQ(counters->access, 0);
}

TEST(OlderRows, OfTheAuditLogAreRead) {
  const auto bytes =
      support::golden("storage/audit_entry_1", "Alice gave a group another name.", {});
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
  const auto entry = pack::decode<core::AuditEntry>(*bytes, kRowLimits);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->changes.at(0).after->group->name, "team");
}

TEST(OlderRows, OfAClientPassNoJobBy) {
  const auto bytes = support::golden(
      "storage/client_1", "Client \"web1\", offline because its host was shut down.", {});
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
  const auto client = pack::decode<core::Client>(*bytes, kRowLimits);
  ASSERT_TRUE(client.has_value());
  EXPECT_EQ(client->name, "web1");
  EXPECT_TRUE(client->passed_jobs.empty());
}

TEST(SampleRows, AreOfEveryType) {
  std::set<std::size_t> types;
  for (const auto& sample : sample_rows()) types.insert(sample.row.index());
  EXPECT_EQ(types.size(), std::variant_size_v<core::Row>);
}

}  // namespace
}  // namespace vaultbell::storage
