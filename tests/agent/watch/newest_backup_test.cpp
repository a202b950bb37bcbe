// The documents are those that the tools print; tests/agent/adapters has whole ones.
#include "agent/watch/newest_backup.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace vaultbell::agent::watch {
namespace {

using nlohmann::json;

constexpr Instant kToday = Instant(std::chrono::seconds(1'800'000'000));

classify::BackupList a_list() {
  classify::BackupList list{.items = "*.backup.*",
                            .started = {"start"},
                            .ended = {"summary.end", "stop"},
                            .id = "label",
                            .bad = {{"error", *classify::Pattern::compile("true")}}};
  list.bytes_total = "info.size";
  list.files = "info.files";
  return list;
}

json backups(std::vector<json> entries) {
  return json::array({{{"name", "demo"}, {"backup", std::move(entries)}}});
}

TEST(NewestBackup, IsTheOneThatEndedLastWhereverItStands) {
  const auto document = json::array({{{"backup", json::array({{{"label", "b"}, {"stop", 300}}})}},
                                     {{"backup", json::array({{{"label", "c"}, {"stop", 400}},
                                                              {{"label", "a"}, {"stop", 200}}})}}});
  const auto found = newest_backup(a_list(), document, kToday);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->id, "c");
  EXPECT_EQ((*found)->ended_at, Instant(std::chrono::seconds(400)));
  EXPECT_FALSE((*found)->started_at);
}

TEST(NewestBackup, HasItsFigures) {
  const auto found =
      newest_backup(a_list(),
                    backups({{{"start", 100},
                              {"stop", 200},
                              {"info", {{"size", 7}, {"files", 18446744073709551615U}}}}}),
                    kToday);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->started_at, Instant(std::chrono::seconds(100)));
  EXPECT_EQ((*found)->statistics.bytes_total, 7U);
  EXPECT_FALSE((*found)->statistics.files);  // cannot be true
  EXPECT_EQ((*found)->id, "");
}

TEST(NewestBackup, TakesTheFirstTimeThatIsThere) {
  const auto found = newest_backup(
      a_list(), backups({{{"summary", {{"end", 150}}}, {"stop", 200}}, {{"stop", 180}}}), kToday);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->ended_at, Instant(std::chrono::seconds(180)));
}

TEST(NewestBackup, IsAGoodOne) {
  const auto found = newest_backup(a_list(),
                                   backups({{{"label", "good"}, {"stop", 200}, {"error", false}},
                                            {{"label", "bad"}, {"stop", 300}, {"error", true}}}),
                                   kToday);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->id, "good");
}

TEST(NewestBackup, MayNotBeThere) {
  for (const auto& document : {json::array(), backups({})}) {
    const auto found = newest_backup(a_list(), document, kToday);
    ASSERT_TRUE(found) << document;
    EXPECT_FALSE(*found) << document;
  }
}

// What is misread must not be taken for a repository without backups, or with a good one.
TEST(NewestBackup, IsNotSoughtInAnotherDocument) {
  for (const auto& document :
       {json::object(), json("text"), json(nullptr), json::array({{{"backup", "none"}}}),
        json::array({1}), backups({json(7)}), backups({{{"label", "no time"}, {"stop", "soon"}}}),
        backups({{{"label", "good"}, {"stop", 200}},
                 {{"label", "future"}, {"stop", 1'900'000'000}}})}) {
    EXPECT_FALSE(newest_backup(a_list(), document, kToday)) << document;
  }
}

TEST(NewestBackup, ThatEndsBeforeItStartsHasNoStart) {
  const auto found = newest_backup(a_list(), backups({{{"start", 300}, {"stop", 200}}}), kToday);
  ASSERT_TRUE(found && *found);
  EXPECT_FALSE((*found)->started_at);
}

}  // namespace
}  // namespace vaultbell::agent::watch
