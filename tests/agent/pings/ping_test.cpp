#include "agent/pings/ping.hpp"

#include <gtest/gtest.h>

#include "tests/agent/support/printing.hpp"

namespace vaultbell::agent::pings {
namespace {

constexpr const char* kRid = "0f8fad5b-d9cb-469f-a165-70867728950e";

void expect_ping(std::string_view target, const Ping& expected) {
  const auto ping = read_ping(target);
  ASSERT_TRUE(ping) << target << ": " << ping.error().message;
  EXPECT_EQ(*ping, expected) << target;
}

void expect_error(std::string_view target, ErrorCode code) {
  const auto ping = read_ping(target);
  ASSERT_FALSE(ping) << target << " is " << ping->job;
  EXPECT_EQ(ping.error().code, code) << target;
}

TEST(Ping, ABareNameIsASuccess) {
  for (const auto* target : {"/ping/nightly", "/nightly", "/ping/AbCdEfGhIjKlMnOpQrStUv/nightly",
                             "/AbCdEfGhIjKlMnOpQrStUv/nightly", "/ping/nightly?create=1"}) {
    expect_ping(target, {.job = "nightly"});
  }
}

TEST(Ping, SaysWhatHappened) {
  for (const auto* before : {"/ping/nightly", "/nightly", "/ping/AbCdEfGhIjKlMnOpQrStUv/nightly",
                             "/AbCdEfGhIjKlMnOpQrStUv/nightly"}) {
    const std::string path(before);
    expect_ping(path + "/start", {.job = "nightly", .event = Event::start});
    expect_ping(path + "/fail", {.job = "nightly", .event = Event::failure});
    expect_ping(path + "/log", {.job = "nightly", .event = Event::log});
    expect_ping(path + "/0", {.job = "nightly", .event = Event::exit_code});
    expect_ping(path + "/255", {.job = "nightly", .event = Event::exit_code, .exit_code = 255});
  }
}

TEST(Ping, AUuidIsANameToo) {
  expect_ping(std::string("/ping/") + kRid + "/start", {.job = kRid, .event = Event::start});
}

TEST(Ping, ANameMayBeEncoded) {
  expect_ping("/ping/my%20job%2Fb", {.job = "my job/b"});
  for (const auto* target : {"/ping/a%", "/ping/a%2", "/ping/a%zz", "/ping/a%+1"}) {
    expect_error(target, ErrorCode::invalid);
  }
}

TEST(Ping, RidIsAUuid) {
  expect_ping(std::string("/ping/a/start?x=1&rid=") + kRid,
              {.job = "a", .event = Event::start, .rid = *parse_uuid(kRid)});
  expect_error("/ping/a?rid=1", ErrorCode::invalid);
}

// A code that is none must not become the success of a job with that name.
TEST(Ping, ACodeAbove255IsNoPing) {
  for (const auto* target :
       {"/ping/a/256", "/a/256", "/ping/AbCdEfGhIjKlMnOpQrStUv/a/99999999999"}) {
    expect_error(target, ErrorCode::not_found);
  }
}

// A misspelt word must not become the success of a job with that name.
TEST(Ping, AWordThatIsNoneIsNoPing) {
  for (const auto* target : {"/ping/a/fial", "/ping/a/FAIL", "/ping/a/-1", "/ping/a/", "/ping/a/1/",
                             "/ping/key/a", "/a/failed"}) {
    expect_error(target, ErrorCode::not_found);
  }
}

TEST(Ping, OtherPathsAreNone) {
  for (const auto* target : {"", "/", "//", "/ping", "/ping/", "/ping?a", "/ping//", "nightly",
                             "http://127.0.0.1/ping/a", "*", "/ping/AbCdEfGhIjKlMnOpQrStUv/a/b",
                             "/a/b/c/start", "/ping/a//start", "/ping//start"}) {
    expect_error(target, ErrorCode::not_found);
  }
}

}  // namespace
}  // namespace vaultbell::agent::pings
