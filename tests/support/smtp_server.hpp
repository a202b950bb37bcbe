// SmtpServer: tests/support/smtp_server.py as a child of a test, with a private authority and
// certificate, a port chosen by the system and a folder of its own. Gone with the object.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder.hpp"

namespace vaultbell::support {

struct SmtpServerOptions {
  std::string tls = "none";  // "starttls", "smtps"
  std::string user;          // empty: nobody needs to log in
  std::string password;
  std::vector<std::string> more;  // further options of smtp_server.py
};

class SmtpServer {
 public:
  // Returns when the server takes connections. Throws std::runtime_error with the reason when it
  // does not within 20 seconds.
  explicit SmtpServer(const SmtpServerOptions& options = {});
  ~SmtpServer();
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url() const { return url_; }  // smtp://127.0.0.1:N or smtps://...
  // The authority that signed the server's certificate; only with TLS.
  [[nodiscard]] std::filesystem::path ca_file() const { return folder_.path() / "ca.pem"; }

  // The mails it has taken, in their order, with the members that smtp_server.py describes.
  [[nodiscard]] std::vector<nlohmann::json> mails() const;

 private:
  void start(const std::vector<std::string>& arguments);

  TemporaryFolder folder_;
  pid_t pid_ = -1;
  int port_ = 0;
  std::string url_;
};

}  // namespace vaultbell::support
