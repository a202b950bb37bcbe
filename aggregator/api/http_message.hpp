// A request and its answer as plain data: what HTTP is when nothing of HTTP is left in it.
#pragma once

#include <string>

namespace vaultbell::api {

struct HttpRequest {
  std::string method;  // "GET"
  std::string target;  // "/api/v1/runs?client=db-1", as it was sent
  std::string content_type;
  std::string body;
  std::string actor;  // who asks: "root"
};

struct HttpResponse {
  unsigned status = 200;
  std::string body;   // JSON
  std::string allow;  // the methods that would be right, where the status is 405
};

}  // namespace vaultbell::api
