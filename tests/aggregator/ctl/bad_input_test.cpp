// What people type wrong: each is refused with a sentence that says what to do, with the exit code
// of docs/cli.md, and nothing is half-done.

#include "tests/aggregator/ctl/program_fixture.hpp"

namespace vaultbell::ctl {
namespace {

using std::chrono_literals::operator""min;

class BadInput : public Program {
 protected:
  BadInput() {
    aggregator_.add_vault("prod");
    aggregator_.add_client("db-1", "prod");
    done({"contact", "add", "alice", "--mail", "alice@example.org"});
    confirm("alice", "alice@example.org");
    done({"contact", "add", "bob", "--mail", "bob@example.org"});
    done({"group", "create", "ops", "--member", "alice"});
    done({"policy", "set", "vault", "prod", "custom", "--group", "ops"});
  }

  void done(const Words& words) const { (void)out(words); }
  [[nodiscard]] std::string code_for(const std::string& address) const {
    return aggregator_.code_for({core::Channel::email, address});
  }
  void confirm(const std::string& name, const std::string& address) const {
    done({"contact", "confirm", name, code_for(address)});
  }
  [[nodiscard]] static std::string wrong(std::string code) {
    code[0] = code[0] == '9' ? '0' : static_cast<char>(code[0] + 1);
    return code;
  }

  // Everything that people can set.
  [[nodiscard]] std::string everything() const { return out({"config", "export"}); }

  void expect_refused(const Words& words, int exit, const std::string& sentence) const {
    const auto before = everything();
    const auto ran = run(words);
    EXPECT_EQ(ran.exit, exit) << ran.out << ran.err;
    EXPECT_EQ(ran.out, "");
    EXPECT_NE(ran.err.find(sentence), std::string::npos) << ran.err;
    EXPECT_EQ(everything(), before) << sentence;
  }
};

TEST_F(BadInput, ACodeThatIsWrongOrExpiredVerifiesNothing) {
  const auto code = code_for("bob@example.org");
  expect_refused({"contact", "confirm", "bob", "12x456"}, kUsage, "a code is six digits");
  expect_refused({"contact", "confirm", "bob", wrong(code)}, kRefused, "4 tries are left");
  aggregator_.pass(31min);
  expect_refused({"contact", "confirm", "bob", code}, kRefused, "vaultbell contact verify");
}

TEST_F(BadInput, ANameThatIsTakenIsNotGivenTwice) {
  expect_refused({"contact", "add", "alice", "--mail", "a2@example.org"}, kRefused,
                 "there is already a contact \"alice\"");
  expect_refused({"group", "create", "ops"}, kRefused, "there is already a group \"ops\"");
  expect_refused({"vault", "create", "prod"}, kRefused, "there is already a vault named \"prod\"");
  done({"vault", "create", "lab"});
  expect_refused({"vault", "rename", "lab", "prod"}, kRefused,
                 "there is already a vault named \"prod\"");
}

TEST_F(BadInput, NamesInOtherScriptsAreNamesAndMarksOfDirectionAreNot) {
  done({"contact", "add", "אליס", "--mail", "alisa@example.org"});
  done({"vault", "create", "резерв-東京"});
  EXPECT_EQ(json_of({"vault", "show", "резерв-東京"})["name"], "резерв-東京");
  EXPECT_EQ(json_of({"contact", "show", "אליס"})["name"], "אליס");
  for (const std::string mark : {"\u202e", "\u200f", "\u2066"}) {
    expect_refused({"contact", "add", "ali" + mark + "ce", "--mail", "x@example.org"}, kUsage,
                   "contact name");
    expect_refused({"vault", "rename", "prod", mark + "dorp"}, kUsage, "vault name");
  }
  expect_refused({"group", "create", "two\nlines"}, kUsage, "group name");
  expect_refused({"group", "create", " ops"}, kUsage, "group name");
}

TEST_F(BadInput, AnAddressWithALineBreakIsNone) {
  for (const auto* address :
       {"eve@example.org\r\nBcc: all@example.org", "eve@example.org\n", "eve", "eve@"}) {
    expect_refused({"contact", "add", "eve", "--mail", address}, kUsage, "mail address");
    expect_refused({"contact", "edit", "alice", "--mail", address}, kUsage, "mail address");
  }
  expect_refused({"contact", "add", "eve", "--mobile", "+49170\n1234567"}, kUsage, "mobile number");
}

TEST_F(BadInput, CustomWithNobodyIsNoPolicy) {
  expect_refused({"policy", "set", "vault", "prod", "custom"}, kUsage, "without anybody");
  done({"group", "create", "empty"});
  expect_refused({"policy", "set", "vault", "prod", "custom", "--group", "empty"}, kRefused,
                 "group \"empty\"");
}

TEST_F(BadInput, AGroupInUseIsNotEmptied) {
  expect_refused({"group", "remove", "ops", "alice"}, kRefused, "the policy of vault \"prod\"");
  expect_refused({"group", "delete", "ops"}, kRefused, "the policy of vault \"prod\"");
  expect_refused({"contact", "delete", "alice"}, kRefused, "group \"ops\"");
  expect_refused({"vault", "delete", "prod"}, kRefused, "client \"db-1\"");
}

TEST_F(BadInput, AnUnknownZoneOrFieldIsNoSchedule) {
  expect_refused({"job", "add", "db-1", "nightly", "--cron", "0 2 * * *", "--zone", "Europe/Berln"},
                 kUsage, "Europe/Berlin");
  expect_refused({"job", "add", "db-1", "nightly", "--cron", "0 25 * * *"}, kUsage, "hour");
  expect_refused({"job", "add", "db-1", "nightly", "--cron", "0 2 30 2 *"}, kUsage, "0 2 30 2 *");
  expect_refused({"maintenance", "start", "--vault", "prod", "--cron", "0 2 * *", "--length", "1h",
                  "-m", "patches"},
                 kUsage, "0 2 * *");
}

}  // namespace
}  // namespace vaultbell::ctl
