// A request and its answer as plain data: what HTTP is when nothing of HTTP is left in it.
#pragma once

#include <cstdint>
#include <string>

namespace vaultbell::api {

// The way by which somebody came.
enum class Door : std::uint8_t {
  control,  // the Unix socket: who may open it may do everything
  web,      // TCP: anybody on this host
};

struct HttpRequest {
  std::string method;  // "GET"
  std::string target;  // "/api/v1/runs?client=db-1", as it was sent
  std::string content_type;
  std::string body;
  std::string actor;  // who asks: "root"; empty: nobody knows
  Door door = Door::control;
};

struct HttpResponse {
  unsigned status = 200;
  std::string body;
  std::string allow;  // the methods that would be right, where the status is 405
  std::string content_type = "application/json";
};

}  // namespace vaultbell::api
