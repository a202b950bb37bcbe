#include "agent/uplink/host.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.hpp"

namespace vaultbell::agent::uplink {
namespace {

TEST(Host, TellsItsBootVersionNameAndSystem) {
  const auto facts = read_host_facts();
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->boot, *read_boot_id());
  EXPECT_EQ(facts->agent_version, VAULTBELL_VERSION);
  EXPECT_FALSE(facts->hostname.empty());
  EXPECT_TRUE(facts->os.starts_with("Debian")) << facts->os;
}

TEST(Host, IsGoingDownWhenAShutdownIsScheduledOrNobodyMayLogIn) {
  for (const auto* evidence : {"systemd/shutdown/scheduled", "nologin"}) {
    const support::TemporaryFolder run;
    EXPECT_FALSE(is_going_down(run.path()));
    std::filesystem::create_directories((run / evidence).parent_path());
    std::ofstream(run / evidence) << "now";
    EXPECT_TRUE(is_going_down(run.path())) << evidence;
  }
}

}  // namespace
}  // namespace vaultbell::agent::uplink
