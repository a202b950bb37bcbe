#include "agent/pings/request_reader.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace vaultbell::agent::pings {
namespace {

using Next = std::variant<NeedMore, Request, Answer>;

Next next_of(std::string_view bytes) {
  RequestReader reader;
  reader.add(bytes);
  return reader.next();
}

void expect_refused(std::string_view bytes, int status) {
  const auto next = next_of(bytes);
  const auto* answer = std::get_if<Answer>(&next);
  ASSERT_NE(answer, nullptr) << bytes;
  EXPECT_EQ(answer->status, status) << answer->text;
}

std::string post(std::string_view fields, std::string_view body) {
  return fmt::format("POST /a HTTP/1.1\r\nHost: localhost\r\n{}\r\n{}", fields, body);
}

TEST(PingRequests, AreReadHoweverTheyAreCut) {
  const auto whole = post("Content-Length: 5\r\n", "hello");
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    RequestReader reader;
    reader.add(whole.substr(0, cut));
    ASSERT_TRUE(std::holds_alternative<NeedMore>(reader.next())) << cut;
    reader.add(whole.substr(cut));
    const auto next = reader.next();
    const auto* request = std::get_if<Request>(&next);
    ASSERT_NE(request, nullptr) << cut;
    EXPECT_EQ(request->target, "/a");
    EXPECT_EQ(request->body, "hello");
    EXPECT_TRUE(request->keeps_alive);
    EXPECT_FALSE(reader.has_more());
  }
}

TEST(PingRequests, FollowEachOtherOnOneConnection) {
  RequestReader reader;
  reader.add("HEAD /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\n\r\n");
  const auto first = std::get<Request>(reader.next());
  EXPECT_EQ(first.target, "/a");
  EXPECT_FALSE(first.wants_body);
  EXPECT_TRUE(reader.has_more());
  const auto second = std::get<Request>(reader.next());
  EXPECT_EQ(second.target, "/b");
  EXPECT_TRUE(second.wants_body);
  EXPECT_FALSE(second.keeps_alive);
}

TEST(PingRequests, MayComeInChunks) {
  const auto next =
      next_of(post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"));
  ASSERT_TRUE(std::holds_alternative<Request>(next));
  EXPECT_EQ(std::get<Request>(next).body, "abcde");
}

TEST(PingRequests, ThatCanBeReadInTwoWaysAreRefused) {
  expect_refused(post("Content-Length: 1\r\nContent-Length: 1\r\n", "a"), 400);
  expect_refused(post("Content-Length: 1\r\nContent-Length: 2\r\n", "aa"), 400);
  expect_refused(post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400);
  expect_refused(post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 400);
  expect_refused(post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400);
  expect_refused(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                 400);
  expect_refused(post("Content-Length: -1\r\n", ""), 400);
  expect_refused(post("Host: b\r\nContent-Length: 0\r\n", ""), 400);
}

TEST(PingRequests, ThatAreNoHttpAreRefused) {
  expect_refused("hello\r\n\r\n", 400);
  expect_refused("GET /a HTTP/9.9\r\n\r\n", 400);
  expect_refused(std::string("GET /a\0b HTTP/1.1\r\n\r\n", 22), 400);
  expect_refused("GET /a HTTP/1.1\r\nno field\r\n\r\n", 400);
}

TEST(PingRequests, ByOtherMethodsAreRefused) {
  expect_refused("PUT /a HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 405);
  expect_refused("CONNECT a:1 HTTP/1.1\r\n\r\n", 405);
}

// Any page that is open in a browser on this host could say that a backup succeeded.
TEST(PingRequests, OfWebPagesAreRefused) {
  expect_refused(post("Origin: http://evil.example\r\nContent-Length: 0\r\n", ""), 403);
  expect_refused("GET /a HTTP/1.1\r\nSec-Fetch-Site: cross-site\r\n\r\n", 403);
  for (const std::string host : {"evil.example", "evil.example:8483", "127.0.0.1.evil.example"}) {
    expect_refused("GET /a HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 403);
  }
}

TEST(PingRequests, AHeaderThatIsTooLargeIsRefusedWhileItComes) {
  RequestReader reader;
  reader.add("GET /a HTTP/1.1\r\n");
  int lines = 0;
  auto next = reader.next();
  while (std::holds_alternative<NeedMore>(next) && lines < 200) {
    reader.add(fmt::format("X-{}: {}\r\n", ++lines, std::string(80, 'x')));
    next = reader.next();
  }
  ASSERT_TRUE(std::holds_alternative<Answer>(next));
  EXPECT_EQ(std::get<Answer>(next).status, 431);
  EXPECT_LT(lines, 110);
  expect_refused("GET /" + std::string(9'000, 'a'), 431);
}

TEST(PingRequests, ABodyMayBeOf100Kilobytes) {
  const std::string body(kBodyBytesMax, 'b');
  const auto next = next_of(post(fmt::format("Content-Length: {}\r\n", body.size()), body));
  ASSERT_TRUE(std::holds_alternative<Request>(next));
  EXPECT_EQ(std::get<Request>(next).body, body);
}

TEST(PingRequests, ABodyThatIsLargerIsRefused) {
  expect_refused(post(fmt::format("Content-Length: {}\r\n", kBodyBytesMax + 1), ""), 413);
  expect_refused(
      post(fmt::format("Content-Length: {}\r\n", kBodyBytesMax + 1), std::string(10'000, 'b')),
      413);
  std::string chunks;
  for (int i = 0; i < 101; ++i) chunks += "3e8\r\n" + std::string(1'000, 'c') + "\r\n";
  expect_refused(post("Transfer-Encoding: chunked\r\n", chunks), 413);
}

TEST(PingRequests, FramesThatAreLargerThanTheBodyAreBounded) {
  RequestReader reader;
  reader.add(post("Transfer-Encoding: chunked\r\n", ""));
  auto next = reader.next();
  for (int i = 0; i < 2'000 && std::holds_alternative<NeedMore>(next); ++i) {
    reader.add("1;" + std::string(1'000, 'x') + "\r\nc\r\n");
    next = reader.next();
  }
  EXPECT_TRUE(std::holds_alternative<Answer>(next));
}

TEST(PingRequests, AClientIsToldOnceToContinue) {
  RequestReader reader;
  reader.add(post("Expect: 100-continue\r\nContent-Length: 2\r\n", ""));
  EXPECT_TRUE(std::get<NeedMore>(reader.next()).wants_continue);
  reader.add("a");
  EXPECT_FALSE(std::get<NeedMore>(reader.next()).wants_continue);
  reader.add("b");
  EXPECT_EQ(std::get<Request>(reader.next()).body, "ab");
  expect_refused(post("Expect: tea\r\nContent-Length: 0\r\n", ""), 417);
}

// The requests in a stream, up to the first refusal.
std::vector<std::string> requests_in(const std::vector<std::string>& pieces) {
  RequestReader reader;
  std::vector<std::string> found;
  for (const auto& piece : pieces) {
    reader.add(piece);
    for (auto next = reader.next(); !std::holds_alternative<NeedMore>(next); next = reader.next()) {
      if (std::holds_alternative<Answer>(next)) return found;
      const auto& request = std::get<Request>(next);
      found.push_back(request.target + " " + request.body);
    }
  }
  return found;
}

// A refusal may come later, when the header is whole; a request never comes of what is refused.
RC_GTEST_PROP(PingRequests, AreTheSameHoweverTheyAreCut, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "GET /a HTTP/1.1\r\n", "POST /b HTTP/1.1\r\n", "Content-Length: 3\r\n", "\r\n", "abc",
      "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n", "X: y\r\n", "\r", "\n", ": ",
      "\xff", "Expect: 100-continue\r\n", "0", "HEAD / HTTP/1.0\r\n\r\n"));
  std::string whole;
  std::vector<std::string> bytes;
  for (const auto& word : words) whole += word;
  for (const char byte : whole) bytes.emplace_back(1, byte);
  RC_ASSERT(requests_in({whole}) == requests_in(words));
  RC_ASSERT(requests_in({whole}) == requests_in(bytes));
}

}  // namespace
}  // namespace vaultbell::agent::pings
