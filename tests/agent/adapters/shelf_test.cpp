// Which file describes a tool.
#include "agent/adapters/shelf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/base/check.hpp"
#include "shared/base/files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::agent::adapters {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ShelfTest : public ::testing::Test {
 protected:
  ShelfTest() {
    std::filesystem::create_directory(folder_ / "shipped");
    std::filesystem::create_directory(folder_ / "own");
  }
  void write(const std::string& name, const std::string& text) const {
    check(write_file(folder_ / name, text, 0600).has_value(), "a file can be written");
  }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return folder_ / name;
  }
  [[nodiscard]] Shelf shelf() const { return {folder_ / "shipped", folder_ / "own"}; }

 private:
  support::TemporaryFolder folder_;
};

TEST_F(ShelfTest, TheAdministratorsFileTakesThePlaceOfTheShippedOne) {
  write("shipped/restic.toml", "zero = \"failed\"\n");
  write("shipped/borg.toml", "");
  write("own/restic.toml", "zero = \"warning\"\n");
  EXPECT_THAT(shelf().files(), ElementsAre(*this / "shipped/borg.toml", *this / "own/restic.toml"));
  EXPECT_EQ(shelf().find("restic")->adapter.unmatched_zero, Outcome::warning);
}

TEST_F(ShelfTest, AToolIsFoundByItsFurtherNames) {
  write("shipped/bacula.toml", "names = [\"bconsole\"]\n");
  EXPECT_EQ(shelf().find("bconsole")->adapter.tool, "bacula");
  EXPECT_FALSE(shelf().find("bconsol"));
}

TEST_F(ShelfTest, AFileOfTheNameCountsBeforeFurtherNames) {
  write("shipped/a.toml", "names = [\"b\"]\n");
  write("shipped/b.toml", "");
  EXPECT_EQ(shelf().find("b")->adapter.tool, "b");
}

TEST_F(ShelfTest, ABrokenFileIsFoundWithItsMistakes) {
  write("own/restic.toml", "zero = 7\n");
  EXPECT_THAT(shelf().find("restic")->mistakes, SizeIs(1));
}

TEST_F(ShelfTest, ANameThatIsNoneOfAFileFindsNothing) {
  write("secret.toml", "");
  for (const auto* name : {"../secret", "", ".", "..", "own/../../secret"}) {
    EXPECT_FALSE(shelf().find(name)) << name;
  }
}

TEST_F(ShelfTest, FoldersThatAreNotThereHoldNothing) {
  const Shelf nowhere{*this / "no", *this / "none"};
  EXPECT_THAT(nowhere.files(), IsEmpty());
  EXPECT_FALSE(nowhere.find("restic"));
}

TEST_F(ShelfTest, OtherFilesAreNoAdapters) {
  write("shipped/README.md", "");
  write("shipped/restic.toml.bak", "");
  EXPECT_THAT(shelf().files(), IsEmpty());
}

}  // namespace
}  // namespace vaultbell::agent::adapters
