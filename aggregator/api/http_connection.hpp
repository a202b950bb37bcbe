// One connection of the HTTP server. For http_server.cpp only.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/generic/stream_protocol.hpp>

#include "aggregator/api/http_server.hpp"
#include "aggregator/api/tls.hpp"

namespace vaultbell::api {

using HttpSocket = boost::asio::generic::stream_protocol::socket;

// The connections of a door: how many there are, and may be, in all and from one address. Of the
// server's thread.
class Room {
 public:
  Room(std::size_t max, std::size_t max_of_one) : max_(max), max_of_one_(max_of_one) {}

  // Who is let in leaves again. `peer`: empty where no bound holds for one alone.
  [[nodiscard]] bool enter(const std::string& peer);
  void leave(const std::string& peer);

  [[nodiscard]] std::size_t max() const { return max_; }

 private:
  const std::size_t max_;
  const std::size_t max_of_one_;
  std::size_t taken_ = 0;
  std::map<std::string, std::size_t> taken_by_;
};

// What all connections of a door share; it outlives them.
struct HttpDoor {
  HttpDoor(Door the_door, Room the_room) : door(the_door), room(std::move(the_room)) {}

  const Door door;
  Room room;
};

// Waits for a request, reads it, has it answered, writes the answer, and again, for as long as
// somebody is there. `tls`: absent, it is not encrypted.
void serve(HttpSocket socket, std::string peer, std::shared_ptr<Tls> tls, HttpDoor& door,
           const HttpOptions& options, const OnRequest& on_request);

}  // namespace vaultbell::api
