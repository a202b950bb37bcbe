// SmtpServer: tests/support/smtp_server.py as a child of a test.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/child_server.hpp"

namespace vaultbell::support {

struct SmtpServerOptions {
  std::string tls = "none";  // "starttls", "smtps"
  std::string user;          // empty: nobody needs to log in
  std::string password;
  std::vector<std::string> more;  // further options of smtp_server.py
};

class SmtpServer {
 public:
  // As ChildServer.
  explicit SmtpServer(const SmtpServerOptions& options = {});

  [[nodiscard]] int port() const { return server_.port(); }
  [[nodiscard]] const std::string& url() const {
    return url_;
  }  // smtp://127.0.0.1:N or smtps://...
  // The authority that signed the server's certificate; only with TLS.
  [[nodiscard]] std::filesystem::path ca_file() const { return server_.ca_file(); }

  // The mails it has taken, in their order, with the members that smtp_server.py describes.
  [[nodiscard]] std::vector<nlohmann::json> mails() const { return server_.records(); }

 private:
  ChildServer server_;
  std::string url_;
};

}  // namespace vaultbell::support
