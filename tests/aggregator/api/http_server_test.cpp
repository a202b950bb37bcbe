// What the HTTP server accepts, refuses and cuts, told by raw bytes.

#include "aggregator/api/http_server.hpp"

#include <chrono>
#include <fstream>
#include <future>
#include <mutex>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aggregator/api/control_socket.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/support/small_aggregator.hpp"

namespace vaultbell::api {
namespace {

using std::chrono_literals::operator""ms;
using support::RawHttp;
using support::TemporaryFolder;

// A server that answers with what it was asked; "/silent" is never answered, "/late" when a test
// does.
class HttpServerTest : public ::testing::Test {
 protected:
  void start(HttpOptions options = {}) {
    options.socket = socket();
    auto server =
        HttpServer::start(options, [this](const HttpRequest& request, const Respond& respond) {
          if (request.target == "/silent") return;
          if (request.target == "/late") {
            owed_ = respond;
            return;
          }
          respond({.status = 200,
                   .body = fmt::format("{} {} {} {}", request.method, request.target, request.actor,
                                       request.body)});
        });
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
  }

  [[nodiscard]] std::filesystem::path socket() const { return folder_.path() / "http.sock"; }

  support::RawAnswer ask(std::string_view bytes) {
    RawHttp http(socket());
    http.send(bytes);
    return http.receive();
  }

  // Answers the "/late" request; back when that has been done.
  void answer_late() {
    std::promise<void> done;
    server_->run_soon([&] {
      std::exchange(owed_, nullptr)({.status = 200, .body = "what was owed"});
      done.set_value();
    });
    done.get_future().get();
  }

  TemporaryFolder folder_;
  Respond owed_;  // of the server's thread; must be used before the server ends
  std::unique_ptr<HttpServer> server_;
};

std::string user_name() {
  return geteuid() == 0 ? "root" : "";
}

TEST_F(HttpServerTest, AnswersARequestInTheNameOfItsUser) {
  start();
  const auto answer = ask("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_TRUE(answer.body.starts_with("GET /a?b=c " + user_name())) << answer.body;
}

TEST_F(HttpServerTest, NeedsNoHost) {
  start();
  EXPECT_EQ(ask("GET / HTTP/1.1\r\n\r\n").status, 200U);
}

TEST_F(HttpServerTest, KeepsTheConnectionAndAnswersPipelinedRequestsInOrder) {
  start();
  RawHttp http(socket());
  http.send("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n");
  for (const auto* path : {"/1", "/2", "/3"}) {
    EXPECT_NE(http.receive().body.find(path), std::string::npos) << path;
  }
}

TEST_F(HttpServerTest, ReadsAChunkedBody) {
  start();
  const auto answer =
      ask("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_TRUE(answer.body.ends_with("abcde")) << answer.body;
}

TEST_F(HttpServerTest, ClosesTheConnectionOfHttp10) {
  start();
  RawHttp http(socket());
  http.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(http.receive().status, 200U);
  EXPECT_TRUE(http.is_closed());
}

struct Hostile {
  const char* name;
  std::string bytes;
  unsigned status;
};

std::string with_header(const std::string& header) {
  return "POST / HTTP/1.1\r\n" + header + "\r\n\r\n0\r\n\r\n";
}

class HostileRequest : public HttpServerTest, public ::testing::WithParamInterface<Hostile> {};

TEST_P(HostileRequest, IsRefusedAndTheConnectionClosed) {
  start();
  RawHttp http(socket());
  http.send(GetParam().bytes);
  const auto answer = http.receive();
  EXPECT_EQ(answer.status, GetParam().status) << answer.head;
  EXPECT_TRUE(answer.json()["error"].contains("message")) << answer.body;
  EXPECT_TRUE(http.is_closed());
  EXPECT_EQ(ask("GET / HTTP/1.1\r\n\r\n").status, 200U);
}

INSTANTIATE_TEST_SUITE_P(
    Http, HostileRequest,
    ::testing::Values(
        Hostile{"two_content_lengths", with_header("Content-Length: 5\r\nContent-Length: 5"), 400},
        Hostile{"different_content_lengths", with_header("Content-Length: 5\r\nContent-Length: 9"),
                400},
        Hostile{"a_list_of_content_lengths", with_header("Content-Length: 5, 9"), 400},
        Hostile{"a_content_length_with_letters", with_header("Content-Length: 5abc"), 400},
        Hostile{"a_negative_content_length", with_header("Content-Length: -5"), 400},
        Hostile{"length_and_chunked",
                with_header("Content-Length: 5\r\nTransfer-Encoding: chunked"), 400},
        Hostile{"unknown_encoding", with_header("Transfer-Encoding: xchunked"), 400},
        Hostile{"gzip_then_chunked", with_header("Transfer-Encoding: gzip, chunked"), 400},
        Hostile{"two_encodings",
                with_header("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400},
        Hostile{"identity", with_header("Transfer-Encoding: identity"), 400},
        Hostile{"a_negative_chunk",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\nab\r\n0\r\n\r\n", 400},
        Hostile{"two_hosts", with_header("Host: a\r\nHost: b"), 400},
        Hostile{"a_space_before_the_colon", with_header("Host : a"), 400},
        Hostile{"a_nul_in_the_header", with_header(std::string("X: a\0b", 6)), 400},
        Hostile{"an_absolute_target", "GET http://elsewhere/ HTTP/1.1\r\n\r\n", 400},
        Hostile{"an_asterisk", "OPTIONS * HTTP/1.1\r\n\r\n", 400},
        Hostile{"connect", "CONNECT example.org:443 HTTP/1.1\r\n\r\n", 405},
        Hostile{"trace", "TRACE / HTTP/1.1\r\n\r\n", 405},
        Hostile{"expect", with_header("Expect: 100-continue\r\nContent-Length: 5"), 417},
        Hostile{"http2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        Hostile{"tls", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15),
                400},
        Hostile{"garbage", "\xff\xfe\x80 not http at all\r\n\r\n", 400},
        Hostile{"a_long_header", "GET / HTTP/1.1\r\nX: " + std::string(9000, 'a'), 431},
        Hostile{"a_long_target", "GET /" + std::string(9000, 'a'), 431},
        Hostile{"many_headers",
                [] {
                  std::string bytes = "GET / HTTP/1.1\r\n";
                  for (int i = 0; i < 1000; ++i) bytes += fmt::format("X-{}: {}\r\n", i, i);
                  return bytes;
                }(),
                431},
        Hostile{"a_large_body",
                fmt::format("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n", kBodyBytesMax + 1),
                413},
        Hostile{"an_enormous_length",
                "POST / HTTP/1.1\r\nContent-Length: 18446744073709551615\r\n\r\n", 413},
        Hostile{"an_overflowing_length",
                "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n", 400},
        Hostile{"a_large_chunk", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n",
                413}),
    [](const auto& test) { return test.param.name; });

TEST_F(HttpServerTest, CutsAnEndlessChunkedBody) {
  start();
  RawHttp http(socket());
  http.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
  const auto chunk = "400\r\n" + std::string(0x400, 'x') + "\r\n";
  for (int i = 0; i < 200; ++i) http.send(chunk);
  EXPECT_EQ(http.receive().status, 413U);
}

TEST_F(HttpServerTest, CutsEndlessTrailersAndChunkExtensions) {
  start();
  RawHttp trailers(socket());
  trailers.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
  for (int i = 0; i < 5000; ++i) trailers.send(fmt::format("X-{}: {}\r\n", i, i));
  EXPECT_EQ(trailers.receive().status, 431U);
  RawHttp extension(socket());
  extension.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                 std::string(40'000, 'a'));
  EXPECT_EQ(extension.receive().status, 431U);
}

TEST_F(HttpServerTest, TakesABodyOfExactlyTheLimit) {
  start();
  const auto answer = ask(fmt::format("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n{}",
                                      kBodyBytesMax, std::string(kBodyBytesMax, 'x')));
  EXPECT_EQ(answer.status, 200U);
}

TEST_F(HttpServerTest, CutsARequestThatIsTooSlow) {
  start({.request_deadline = 100ms});
  RawHttp http(socket());
  http.send("GET / HTTP/1.1\r\nX: ");
  EXPECT_TRUE(http.is_closed());
}

// One byte after the other is as dead as none: the deadline does not move.
TEST_F(HttpServerTest, TheDeadlineIsAbsolute) {
  start({.request_deadline = 300ms});
  RawHttp http(socket());
  http.send("GET / HTTP/1.1\r\nX: ");
  auto closed = std::async(std::launch::async, [&] { return http.is_closed(); });
  while (closed.wait_for(20ms) != std::future_status::ready) http.send("a");
  EXPECT_TRUE(closed.get());
}

TEST_F(HttpServerTest, ClosesAnIdleConnection) {
  start({.idle_limit = 100ms});
  RawHttp http(socket());
  EXPECT_TRUE(http.is_closed());
}

TEST_F(HttpServerTest, SaysSoWhenNoAnswerComesInTime) {
  start({.answer_deadline = 100ms});
  const auto answer = ask("GET /silent HTTP/1.1\r\n\r\n");
  EXPECT_EQ(answer.status, 504U);
  EXPECT_EQ(answer.json()["error"]["code"], "no_answer");
}

// A second answer to one request would be taken for that of the next one.
TEST_F(HttpServerTest, AnAnswerThatComesAfterItsDeadlineIsNotSent) {
  start({.answer_deadline = 100ms});
  RawHttp http(socket());
  http.send("GET /late HTTP/1.1\r\n\r\n");
  EXPECT_EQ(http.receive().status, 504U);
  answer_late();
  for (const auto* path : {"/1", "/2"}) {
    http.send(fmt::format("GET {} HTTP/1.1\r\n\r\n", path));
    EXPECT_TRUE(http.receive().body.starts_with(fmt::format("GET {} ", path))) << path;
  }
}

TEST_F(HttpServerTest, TurnsAwayOneConnectionTooMany) {
  start({.control_connections_max = 2});
  RawHttp first(socket());
  RawHttp second(socket());
  first.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(first.receive().status, 200U);
  second.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(second.receive().status, 200U);
  RawHttp third(socket());
  const auto answer = third.receive();
  EXPECT_EQ(answer.status, 503U);
  EXPECT_EQ(answer.json()["error"]["message"], "there are too many connections (at most 2)");
}

TEST_F(HttpServerTest, RunsWorkInItsThread) {
  start();
  std::promise<std::thread::id> ran;
  server_->run_soon([&] { ran.set_value(std::this_thread::get_id()); });
  EXPECT_NE(ran.get_future().get(), std::this_thread::get_id());
}

TEST_F(HttpServerTest, StopsWhileAnswersAreStillOwed) {
  start();
  RawHttp http(socket());
  http.send("GET /silent HTTP/1.1\r\n\r\n");
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(socket()));
}

TEST_F(HttpServerTest, ItsSocketIsForOwnerAndGroup) {
  start();
  struct stat facts {};
  ASSERT_EQ(stat(socket().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777U, 0660U);
}

TEST_F(HttpServerTest, ReplacesTheSocketOfADeadProcess) {
  {
    const auto left_behind = listen_at(socket());
    ASSERT_TRUE(left_behind);
  }
  ASSERT_TRUE(std::filesystem::exists(socket()));
  start();
  EXPECT_EQ(ask("GET / HTTP/1.1\r\n\r\n").status, 200U);
}

TEST_F(HttpServerTest, RefusesTheSocketOfALivingProcess) {
  start();
  const auto second = listen_at(socket());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::refused);
  EXPECT_EQ(second.error().message,
            fmt::format("cannot listen at {}: another program listens there; stop it first, or set "
                        "[control] socket to another path",
                        socket().string()));
}

TEST_F(HttpServerTest, DoesNotRemoveWhatIsNotASocket) {
  std::ofstream(socket()) << "precious";
  const auto listener = listen_at(socket());
  ASSERT_FALSE(listener);
  EXPECT_EQ(listener.error().message,
            fmt::format("cannot listen at {}: there is something else; remove it, or set [control] "
                        "socket to another path",
                        socket().string()));
  EXPECT_TRUE(std::filesystem::is_regular_file(socket()));
}

TEST_F(HttpServerTest, RefusesAPathThatIsTooLong) {
  const auto path = folder_.path() / std::string(200, 'x');
  const auto listener = listen_at(path);
  ASSERT_FALSE(listener);
  EXPECT_EQ(listener.error().code, ErrorCode::invalid);
}

TEST_F(HttpServerTest, SaysWhichFolderIsMissing) {
  const auto path = folder_.path() / "missing" / "control.sock";
  const auto listener = listen_at(path);
  ASSERT_FALSE(listener);
  EXPECT_EQ(listener.error().message,
            "cannot listen at " + path.string() + ": No such file or directory");
}

}  // namespace
}  // namespace vaultbell::api
