// RequestReader: HTTP/1.1 requests out of the bytes of one connection, with every limit that keeps
// a clumsy or hostile client from harming anybody else. Beast's parser reads them; it is included
// in this folder's request_reader.cpp only.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace vaultbell::agent::pings {

inline constexpr std::size_t kHeaderBytesMax = 8UL * 1024;
inline constexpr std::size_t kBodyBytesMax = 100'000;  // as Healthchecks has it

struct Request {
  std::string target;
  std::string body;
  bool wants_body = true;  // of the answer; false for HEAD
  bool keeps_alive = false;
};

struct Answer {
  int status = 200;
  std::string text = "OK";
};

struct NeedMore {
  bool wants_continue = false;  // said once: the client waits for "100 Continue"
};

class RequestReader {
 public:
  RequestReader();
  ~RequestReader();
  RequestReader(RequestReader&&) noexcept;
  RequestReader& operator=(RequestReader&&) noexcept;

  void add(std::string_view bytes);

  // The next request; or what is wrong with it: then the connection is of no use any more.
  std::variant<NeedMore, Request, Answer> next();

  // Whether there are bytes that next() has not looked at.
  [[nodiscard]] bool has_more() const;

 private:
  struct Parsing;
  std::unique_ptr<Parsing> parsing_;
};

}  // namespace vaultbell::agent::pings
