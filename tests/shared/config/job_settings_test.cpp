#include "shared/config/job_settings.hpp"

#include <gtest/gtest.h>

namespace vaultbell::config {
namespace {

using Lines = std::vector<std::string>;

struct ReadJob {
  JobSettings settings;
  Lines mistakes;
};

ReadJob read_job(const std::string& text) {
  auto file = TomlFile::parse("a.toml", text);
  auto section = file.section("job");
  ReadJob job{.settings = read_job_settings(section, check_job_settings_but_zone)};
  job.mistakes = file.mistakes();
  return job;
}

TEST(SettingsOfAJob, AreReadWithTheScheduleBesideThemOrInATable) {
  const auto beside = read_job("[job]\ncron = \"0 2 * * *\"\nzone = \"UTC\"\nmax_age = \"26h\"\n");
  const auto inside =
      read_job("[job]\nmax_age = \"26h\"\nschedule = { cron = \"0 2 * * *\", zone = \"UTC\" }\n");
  EXPECT_EQ(beside.mistakes, Lines{});
  EXPECT_EQ(inside.mistakes, Lines{});
  EXPECT_EQ(beside.settings, inside.settings);
  EXPECT_EQ(beside.settings.schedule->cron, "0 2 * * *");
  EXPECT_EQ(beside.settings.max_age, std::chrono::hours(26));
}

TEST(SettingsOfAJob, HaveAllTheirMistakesNamedAtOnceAndOnceEach) {
  EXPECT_EQ(read_job("[job]\n"
                     "cron = \"61 2 * * *\"\n"
                     "zone = \"UTC\"\n"
                     "max_age = \"1s\"\n"
                     "max_duration = \"soon\"\n"
                     "verify_every = \"2s\"\n"
                     "tolerate_failures = -1\n"
                     "warning_counts_as = \"running\"\n")
                .mistakes,
            (Lines{"a.toml:1:1: [job]: cron \"61 2 * * *\": minute 61 is not between 0 and 59",
                   "a.toml:1:1: [job]: max_age 1s is not between 1m and 366d",
                   "a.toml:1:1: [job]: verify_every 2s is not between 1m and 366d",
                   "a.toml:5:16: max_duration in [job]: \"soon\" is not a duration (examples: "
                   "\"45m\", \"26h\")",
                   "a.toml:7:21: tolerate_failures in [job]: -1 is outside 0 to 100",
                   "a.toml:8:21: warning_counts_as in [job]: \"running\" is neither \"failed\" nor "
                   "\"succeeded\""}));
}

TEST(SettingsOfAJob, MissNothingThatIsThereAndWrong) {
  EXPECT_EQ(read_job("[job]\nevery = \"soon\"\ngrace = \"1h\"\n").mistakes,
            Lines{"a.toml:2:9: every in [job]: \"soon\" is not a duration (examples: \"45m\", "
                  "\"26h\")"});
  EXPECT_EQ(read_job("[job]\nzone = \"UTC\"\n").mistakes,
            Lines{"a.toml:2:8: zone in [job]: it needs every or cron beside it"});
}

TEST(SettingsOfAJob, CountWarningsAsTwoThingsOnly) {
  EXPECT_EQ(read_job("[job]\nwarning_counts_as = \"failed\"\n").settings.warning_counts_as,
            Outcome::failed);
  EXPECT_EQ(read_job("[job]\nwarning_counts_as = \"bad\"\n").mistakes,
            Lines{"a.toml:2:21: warning_counts_as in [job]: \"bad\" is neither \"failed\" nor "
                  "\"succeeded\""});
}

}  // namespace
}  // namespace vaultbell::config
