// A request and its answer as plain data: what HTTP is when nothing of HTTP is left in it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/api/event_stream.hpp"

namespace vaultbell::api {

// The way by which somebody came.
enum class Door : std::uint8_t {
  control,  // the Unix socket: who may open it may do everything
  web,      // TCP: anybody who can reach it
};

struct HttpRequest {
  std::string method;  // "GET"
  std::string target;  // "/api/v1/runs?client=db-1", as it was sent
  std::string content_type;
  std::string body;
  std::string actor;  // who asks over the Unix socket: "root"
  Door door = Door::control;
  std::string peer;           // over TCP: the address they come from
  bool is_encrypted = false;  // over TCP
  // Header fields; empty where they were not sent.
  std::string host;
  std::string origin;
  std::string authorization;
  std::string cookie;
  std::string csrf_token;
  std::string idempotency_key;
  std::string if_none_match;
  std::string last_event_id;
  std::string forwarded_for;  // X-Forwarded-For
};

struct HttpResponse {
  unsigned status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};  // besides; names as they are sent
  std::shared_ptr<EventStream> events = {};  // what follows, in place of a body
};

}  // namespace vaultbell::api
