// ChildServer: a server written in Python as a child of a test, with a port chosen by the system
// and a folder of its own, where it writes down what it gets. Gone with the object.
#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder.hpp"

namespace vaultbell::support {

class ChildServer {
 public:
  struct Setting {
    std::string script;                  // prints {"port": N} when it takes connections
    std::vector<std::string> arguments;  // besides --out, and --cert and --key with TLS
    bool has_certificate = false;
  };

  // Returns when the server takes connections. Throws std::runtime_error with the reason when it
  // does not within 20 seconds.
  explicit ChildServer(const Setting& setting);
  ~ChildServer();
  ChildServer(const ChildServer&) = delete;
  ChildServer& operator=(const ChildServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  // The authority that signed the server's certificate for 127.0.0.1 and localhost.
  [[nodiscard]] std::filesystem::path ca_file() const { return folder_.path() / "ca.pem"; }

  // What it has written down so far, in its order.
  [[nodiscard]] std::vector<nlohmann::json> records() const;

 private:
  void start(const std::vector<std::string>& arguments);

  TemporaryFolder folder_;
  pid_t pid_ = -1;
  int port_ = 0;
};

}  // namespace vaultbell::support
