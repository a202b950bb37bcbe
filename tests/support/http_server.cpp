#include "tests/support/http_server.hpp"

namespace vaultbell::support {

HttpServer::HttpServer(const HttpServerOptions& options)
    : server_({.script = VAULTBELL_HTTP_SERVER,
               .arguments = options.more,
               .has_certificate = options.has_tls}),
      url_((options.has_tls ? "https" : "http") +
           ("://127.0.0.1:" + std::to_string(server_.port()))) {}

std::vector<nlohmann::json> HttpServer::requests_for(const std::string& target) const {
  auto found = requests();
  std::erase_if(found, [&](const auto& request) { return request.at("target") != target; });
  return found;
}

std::string header_of(const nlohmann::json& request, const std::string& name) {
  for (const auto& entry : request.at("headers")) {
    if (entry.at(0) == name) return entry.at(1);
  }
  return "(none)";
}

}  // namespace vaultbell::support
