// Objects that files declare: with the real programs, through starts, reloads and kills (R9.2).
#include <csignal>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/integration/installation.hpp"

namespace vaultbell::integration {
namespace {

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class DeclaredObjects : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(all / "conf.d");
    std::ofstream(all / ("conf.d/" + name)) << text;
  }
  [[nodiscard]] std::string place(const std::string& name_and_line) const {
    return (all / ("conf.d/" + name_and_line)).string();
  }
  void reload() { all.aggregator->send(SIGHUP); }
  // Why the files are not applied as they are; "": they are.
  [[nodiscard]] std::string problem() const {
    const auto problem = all.vaultbell({"config", "show"}).at("problem");
    return problem.is_null() ? "" : problem.get<std::string>();
  }

  Installation all;
};

constexpr auto kSite = R"([[contact]]
name = "ann"
email = "ok@example.org"

[[vault]]
name = "prod"
policy = { mode = "custom", contacts = ["ann"] }

[[client]]
name = "db-1"
vault = "prod"
offline_grace = "2h"
)";

TEST_F(DeclaredObjects, AreThereAfterTheStartAndClientsWhenTheyAreEnrolled) {
  write("site.toml", kSite);
  all.start_aggregator();
  EXPECT_EQ(all.vaultbell({"vault", "show", "prod"}).at("managed_by"), place("site.toml:5"));
  EXPECT_EQ(all.vaultbell({"config", "show"}).at("objects"), 3);
  EXPECT_TRUE(says(all.aggregator->err(), "it is not enrolled yet")) << all.aggregator->err();

  const auto token = all.vaultbell_as_is({"enrol", "token", "create", "--vault", "prod"}).out;
  EXPECT_EQ(all.agent("db-1", {"enrol", "--name", "db-1"}, {.input = token}).exit_code, 0);
  EXPECT_TRUE(until([&] {
    const auto client = all.vaultbell({"client", "show", "db-1"});
    return client.at("managed_by") == place("site.toml:9") &&
           client.at("own_timing").at("offline_grace") == "2h";
  }));
}

TEST_F(DeclaredObjects, FollowTheirFilesAtAReloadAllOrNothing) {
  write("site.toml", "[[vault]]\nname = \"prod\"\n");
  all.start_aggregator();
  write("more.toml", "[[vault]]\nname = \"lab\"\n[[vault]]\nname = \"prod\"\n");
  reload();
  EXPECT_TRUE(until([&] { return says(all.aggregator->err(), "is already declared in"); }));
  EXPECT_EQ(all.vaultbell({"vault", "list"}).size(), 1U);
  EXPECT_TRUE(until([&] { return says(problem(), "1 error, nothing was changed"); }));

  write("more.toml", "[[vault]]\nname = \"lab\"\n");
  reload();
  EXPECT_TRUE(until([&] { return all.vaultbell({"vault", "list"}).size() == 2; }));
  EXPECT_TRUE(until([&] { return problem().empty(); }));
}

TEST_F(DeclaredObjects, ThatAreWrongStopNoStart) {
  write("site.toml", "[[vault]]\nname = \"prod\"\n");
  all.start_aggregator();
  all.kill_aggregator();
  write("site.toml", "[[vault]]\nnam = \"prod\"\n");
  all.start_aggregator();
  EXPECT_EQ(all.vaultbell({"vault", "show", "prod"}).at("managed_by"), place("site.toml:1"));
  EXPECT_TRUE(says(problem(), "2 errors, nothing was changed"));
  EXPECT_EQ(all.vaultbell_as_is({"check"}).exit_code, 1);
}

TEST_F(DeclaredObjects, AreAppliedByTheCommandWithTheConfiguration) {
  all.start_aggregator();
  write("site.toml", kSite);
  all.settings.owners = {"boss@example.org"};
  all.write_configuration();
  EXPECT_EQ(all.vaultbell({"config", "apply"}).at("changes").size(), 3U);  // and the code
  EXPECT_EQ(all.vaultbell({"status"}).at("owners"), json({"boss@example.org"}));

  write("site.toml", "[[vault]]\n");
  all.settings.owners = {"other@example.org"};
  all.write_configuration();
  const auto refused = all.vaultbell_as_is({"config", "apply"});
  EXPECT_EQ(refused.exit_code, 3) << refused.err;
  EXPECT_EQ(all.vaultbell({"status"}).at("owners"), json({"boss@example.org"}));
}

}  // namespace
}  // namespace vaultbell::integration
