// Outages: one alert for many clients of a vault that fall silent together (R2.11).
#include "aggregator/core/outages.hpp"

#include "tests/support/in_world.hpp"

namespace vaultbell::core {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using support::Lines;

const std::string kOut = "ops: critical: vault prod is out: most of its clients are silent";
const std::string kOver = "ops: recovered: vault prod";

class Outages : public support::InWorld {
 protected:
  static constexpr int kClients = 6;

  Outages() {
    for (int i = 1; i <= kClients; ++i) world.host(name(i));
  }
  static std::string name(int i) { return "web" + std::to_string(i); }
  support::Host& web(int i) { return world.host(name(i)); }

  // All but the last are silent, and the owners know.
  void begin_outage() {
    for (int i = 1; i < kClients; ++i) world.go_silent(web(i));
    world.pass(1h + 2min);
    EXPECT_EQ(world.take_mail_lines(), Lines{kOut});
  }
  bool is_out() {
    const auto outage = world.rows().get<Outage>(world.vault("prod"));
    return outage && !outage->over_at;
  }
  void retire(int i) {
    EXPECT_EQ(remark(RetireClient{web(i).client}), "its alerts end, its history stays");
  }
};

// ---- R2.11

TEST_F(Outages, AreOverWhenAllAreBack) {
  begin_outage();
  for (int i = 1; i < kClients; ++i) world.beat_again(web(i));
  world.pass(1s);
  EXPECT_EQ(world.take_mail_lines(), Lines{kOver});
  EXPECT_FALSE(is_out());
  EXPECT_EQ(world.alerts(), Lines{});
}

TEST_F(Outages, AreOverWhenThoseThatAreStillAwayAreRetired) {
  begin_outage();
  for (int i = 1; i < kClients; ++i) {
    EXPECT_TRUE(is_out());
    retire(i);
    world.pass(1s);
  }
  EXPECT_EQ(world.take_mail_lines(), Lines{kOver});
  EXPECT_FALSE(is_out());
}

TEST_F(Outages, OfAVaultThatAClientWasTakenOutOfEndWhenItIsBack) {
  begin_outage();
  const auto lab = world.vault("lab");
  for (int i = 1; i < kClients; ++i) EXPECT_EQ(remark(MoveClient{web(i).client, lab}), "");
  EXPECT_TRUE(is_out());
  for (int i = 1; i < kClients; ++i) world.beat_again(web(i));
  world.pass(1s);
  EXPECT_EQ(world.take_mail_lines(), Lines{kOver});
  EXPECT_FALSE(is_out());
}

TEST_F(Outages, HideNoMissedBackupOnceTheyAreOver) {
  EXPECT_EQ(remark(CreateJob{
                web(kClients).client, "db", {.schedule = Schedule{.every = 2h, .grace = 30min}}}),
            "");
  begin_outage();
  for (int i = 1; i < kClients; ++i) retire(i);
  world.pass(2h);
  EXPECT_EQ(world.alerts(), Lines{"backup_missed db on web6"});
  EXPECT_EQ(world.take_mail_lines(), Lines{kOver});
}

TEST_F(Outages, GoOnOverARestart) {
  begin_outage();
  world.stop();
  world.pass(1min);
  world.start();
  world.pass(5min);
  EXPECT_TRUE(is_out());
  for (int i = 1; i < kClients; ++i) world.beat_again(web(i));
  world.pass(1min);
  EXPECT_EQ(world.take_mail_lines(), Lines{kOver});
}

TEST_F(Outages, OfAHundredClientsAreWorkedOffInSlices) {
  for (int i = kClients + 1; i <= 100; ++i) world.host(name(i));
  world.pass(1min);
  for (int i = 1; i <= 99; ++i) world.go_silent(web(i));
  world.pass(1h + 3min);
  EXPECT_EQ(world.take_mail_lines(), Lines{kOut});
  for (int i = 1; i <= 99; ++i) world.beat_again(web(i));
  world.pass(1s);
  EXPECT_EQ(world.take_mail_lines(), Lines{kOver});
}

}  // namespace
}  // namespace vaultbell::core
