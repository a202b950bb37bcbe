// RawHttp: a client that sends exactly the bytes a test wants to be sent.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "shared/base/file_descriptor.hpp"
#include "shared/base/tcp_address.hpp"

namespace vaultbell::support {

struct RawAnswer {
  unsigned status = 0;  // 0: the connection ended without an answer
  std::string head;
  std::string body;

  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(body); }
};

class RawHttp {
 public:
  explicit RawHttp(const std::filesystem::path& socket);
  explicit RawHttp(const TcpAddress& address);  // of IPv4

  // Sends as much as the other side takes.
  void send(std::string_view bytes);

  // One answer, or what came before the connection ended.
  RawAnswer receive();

  // What came until there was this text, and that; or before the connection ended.
  std::string receive_until(std::string_view text);

  // Whether the other side has closed; waits for it.
  bool is_closed();

 private:
  bool read_more();

  FileDescriptor connection_;
  std::string received_;
};

// One request on a connection of its own.
RawAnswer ask(const std::filesystem::path& socket, std::string_view method, std::string_view target,
              std::string_view json_body = {});

}  // namespace vaultbell::support
