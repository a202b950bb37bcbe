// HttpServer: tests/support/http_server.py as a child of a test.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/child_server.hpp"

namespace vaultbell::support {

struct HttpServerOptions {
  bool has_tls = false;
  std::vector<std::string> more;  // further options of http_server.py
};

class HttpServer {
 public:
  // As ChildServer.
  explicit HttpServer(const HttpServerOptions& options = {});

  [[nodiscard]] const std::string& url() const {
    return url_;
  }  // http://127.0.0.1:N or https://...
  // The authority that signed the server's certificate; only with TLS.
  [[nodiscard]] std::filesystem::path ca_file() const { return server_.ca_file(); }

  // The requests it has read, in their order, with the members that http_server.py describes.
  [[nodiscard]] std::vector<nlohmann::json> requests() const { return server_.records(); }
  // Those for this path.
  [[nodiscard]] std::vector<nlohmann::json> requests_for(const std::string& target) const;

 private:
  ChildServer server_;
  std::string url_;
};

// The value of a request's header; "(none)" if there is none.
std::string header_of(const nlohmann::json& request, const std::string& name);

}  // namespace vaultbell::support
