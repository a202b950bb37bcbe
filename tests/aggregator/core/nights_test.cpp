// How the backups of a vault ended, day by day: what a summary and a calendar show (R7.10).
#include "aggregator/core/nights.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using support::a_report;

class Nights : public support::InWorld {
 protected:
  std::vector<Night> nights() {
    std::vector<Night> rows;
    for (const auto& [key, row] : world.rows().all<Night>()) rows.push_back(row);
    return rows;
  }

  support::Host& web1 = world.host("web1");
  const VaultId prod = world.state().vault_by_name.at("prod");
  const std::uint32_t today = day_of(world.settings(), world.now());
};

TEST_F(Nights, CountWhatBackupsCameTo) {
  world.report(web1, a_report("db").run(1).succeeded());
  world.report(web1, a_report("db").run(2).failed("disk full"));
  world.report(web1, a_report("db").run(3).started());
  const std::vector<Night> expected{{.vault = prod, .day = today, .succeeded = 1, .failed = 1}};
  EXPECT_EQ(nights(), expected);
}

TEST_F(Nights, AreDaysInTheZoneOfTheDailyDigest) {
  core::Settings berlin = world.settings();
  berlin.daily_digest_zone = "Europe/Berlin";
  EXPECT_EQ(day_of(berlin, support::at("03-01 22:59")),
            day_of(world.settings(), support::at("03-01 12:00")));
  EXPECT_EQ(day_of(berlin, support::at("03-01 23:00")),
            day_of(world.settings(), support::at("03-02 12:00")));
}

TEST_F(Nights, LeaveOutWhatComesEveryFewMinutesAndWhatIsNoBackup) {
  world.report(web1, a_report("wal").run(1).of(Operation::log_backup).succeeded());
  world.report(web1, a_report("db").run(2).of(Operation::restore).succeeded());
  EXPECT_TRUE(nights().empty());
}

TEST_F(Nights, AreForgottenAfterFiveWeeksAndWithTheirVault) {
  WriteSet old;
  for (std::uint32_t back = 1; back <= kNightsKept + 1; ++back) {
    old.push_back(Put{Night{.vault = prod, .day = today - back, .succeeded = 1}});
  }
  world.seed(old);
  world.report(web1, a_report("db").run(1).succeeded());
  EXPECT_EQ(nights().size(), kNightsKept);
  EXPECT_EQ(nights().front().day, today - kNightsKept + 1);

  const auto spare = world.vault("spare");
  world.seed({Put{Night{.vault = spare, .day = today}}});
  EXPECT_EQ(remark(DeleteVault{spare}), "");
  EXPECT_EQ(nights().size(), kNightsKept);
}

}  // namespace
}  // namespace vaultbell::core
