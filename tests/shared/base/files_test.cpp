// Small files, whole or not at all.
#include "shared/base/files.hpp"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "shared/base/instance_lock.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell {
namespace {

constexpr std::size_t kMax = 100;

class Files : public testing::Test {
 protected:
  support::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "file";

  [[nodiscard]] static mode_t mode_of(const std::filesystem::path& path) {
    struct stat facts {};
    EXPECT_EQ(stat(path.c_str(), &facts), 0);
    return facts.st_mode & 07777U;
  }
};

TEST_F(Files, AreReadAsTheyWereWrittenWithTheModeAskedFor) {
  ASSERT_TRUE(write_file(file, "content\n", 0600).has_value());
  EXPECT_EQ(read_file(file, kMax), "content\n");
  EXPECT_EQ(mode_of(file), 0600U);

  ASSERT_TRUE(write_file(file, "", 0644).has_value());
  EXPECT_EQ(read_file(file, kMax), "");
  EXPECT_EQ(mode_of(file), 0644U);
}

TEST_F(Files, LeaveNothingBesideThem) {
  ASSERT_TRUE(write_file(file, "content", 0600).has_value());
  const std::filesystem::directory_iterator entries(folder.path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST_F(Files, ThatAreMissingOrTooLargeAreErrors) {
  EXPECT_EQ(read_file(file, kMax).error(),
            (Error{ErrorCode::not_found,
                   "cannot read " + file.string() + ": No such file or directory"}));
  ASSERT_TRUE(write_file(file, std::string(kMax, 'x'), 0600).has_value());
  EXPECT_EQ(read_file(file, kMax)->size(), kMax);
  EXPECT_EQ(read_file(file, kMax - 1).error().message,
            "cannot read " + file.string() + ": larger than 99 bytes");
  EXPECT_EQ(read_file(folder.path(), kMax).error().message,
            "cannot read " + folder.path().string() + ": Is a directory");
}

TEST_F(Files, ThatCannotBeWrittenAreErrors) {
  const auto nowhere = folder.path() / "missing" / "file";
  EXPECT_EQ(write_file(nowhere, "x", 0600).error(),
            (Error{ErrorCode::not_found,
                   "cannot write " + nowhere.string() + ": No such file or directory"}));
}

TEST_F(Files, WithASecretAreRefusedWhereOthersCouldReadThem) {
  ASSERT_TRUE(write_file(file, "secret", 0600).has_value());
  EXPECT_EQ(read_secret_file(file, kMax), "secret");

  ASSERT_TRUE(write_file(file, "secret", 0640).has_value());
  EXPECT_EQ(read_secret_file(file, kMax).error().message,
            file.string() + " can be read by others (mode 0640); make it private: chmod 600 " +
                file.string());
}

TEST_F(Files, LieInFoldersThatAreMadePrivate) {
  const auto nested = folder.path() / "state" / "spool";
  ASSERT_TRUE(prepare_folder(nested).has_value());
  EXPECT_EQ(mode_of(nested), 0700U);
  EXPECT_TRUE(prepare_folder(nested).has_value());
}

TEST_F(Files, CannotBeAFolder) {
  ASSERT_TRUE(write_file(file, "x", 0600).has_value());
  EXPECT_EQ(prepare_folder(file / "below").error().message,
            "cannot make the folder " + (file / "below").string() + ": Not a directory");
}

TEST_F(Files, OfOneInstanceAreLockedAgainstASecond) {
  auto lock = InstanceLock::take(folder.path());
  ASSERT_TRUE(lock.has_value());
  EXPECT_EQ(
      InstanceLock::take(folder.path()).error(),
      (Error{ErrorCode::refused, "another instance already runs on " + folder.path().string() +
                                     "; stop it first, or give this one a state_dir of its own"}));
}

TEST_F(Files, OfOneInstanceAreFreeWhenItHasEnded) {
  { const auto lock = InstanceLock::take(folder.path()); }
  EXPECT_TRUE(InstanceLock::take(folder.path()).has_value());
}

}  // namespace
}  // namespace vaultbell
