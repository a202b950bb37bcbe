#include "tests/simulation/network.hpp"

#include <utility>

#include "tests/simulation/aggregator.hpp"
#include "tests/simulation/host.hpp"

namespace vaultbell::simulation {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kReconnectMax = seconds(6);  // as net::DealerOptions: 3 to 6 s
constexpr Duration kNearlyAtOnce = milliseconds(50);

std::size_t host_of(const std::string& route) {
  return std::stoul(route.substr(0, route.find(':')));
}

}  // namespace

Network::Network(Scene& scene) : scene_(scene), random_(scene.options.seed, "network") {}

void Network::join(Aggregator& aggregator, std::vector<Host*> hosts) {
  aggregator_ = &aggregator;
  hosts_ = std::move(hosts);
  lines_.resize(hosts_.size());
}

bool Network::is_cut(std::size_t host) const {
  return scene_.now() < lines_[host].cut_until;
}

void Network::open(std::size_t host) {
  auto& line = lines_[host];
  line.route = std::to_string(host) + ":" + std::to_string(++line.number);
  line.is_up = false;
  try_soon(host, kNearlyAtOnce);
}

void Network::close(std::size_t host) {
  auto& line = lines_[host];
  if (line.is_up) {
    scene_.agenda.in(kNearlyAtOnce, [this, route = line.route] { aggregator_->lose(route); });
  }
  line.route.clear();
  line.is_up = false;
}

void Network::try_soon(std::size_t host, Duration most) {
  scene_.agenda.in(random_.between(milliseconds(5), most),
                   [this, host, route = lines_[host].route] { try_connect(host, route); });
}

// Where there is nobody, or no way, it is tried again when that changes.
void Network::try_connect(std::size_t host, const std::string& route) {
  auto& line = lines_[host];
  if (route.empty() || line.route != route || line.is_up) return;
  if (is_cut(host) || !aggregator_->is_listening()) return;
  if (!aggregator_->may_enter(hosts_[host]->key())) return hosts_[host]->be_refused();
  line.is_up = true;
  hosts_[host]->be_connected();
}

void Network::aggregator_is_up() {
  for (std::size_t host = 0; host < lines_.size(); ++host) try_soon(host, kReconnectMax);
}

void Network::aggregator_is_gone() {
  for (std::size_t host = 0; host < lines_.size(); ++host) {
    if (is_cut(host)) lines_[host].does_cut_drop = true;
    if (lines_[host].is_up && !is_cut(host)) fall(host);
  }
}

// The connection is lost; libzmq makes another one by itself, which has another route.
void Network::fall(std::size_t host) {
  auto& line = lines_[host];
  const auto old = line.route;
  line.is_up = false;
  line.route = std::to_string(host) + ":" + std::to_string(++line.number);
  aggregator_->lose(old);
  hosts_[host]->be_disconnected();
  try_soon(host, kReconnectMax);
}

void Network::cut(std::size_t host, Duration length) {
  auto& line = lines_[host];
  if (is_cut(host)) return;
  line.cut_until = scene_.now() + length;
  line.does_cut_drop = random_.coin();
  scene_.agenda.at(line.cut_until + milliseconds(1), [this, host] { heal(host); });
}

void Network::heal(std::size_t host) {
  auto& line = lines_[host];
  if (line.is_up && line.does_cut_drop) return fall(host);
  if (!line.is_up) try_soon(host, kReconnectMax);
}

std::vector<Duration> Network::draw_ways(const Line& line) {
  auto way = random_.between(milliseconds(1), milliseconds(40));
  if (scene_.now() < line.cut_until) {
    if (line.does_cut_drop) return {};
    way += line.cut_until - scene_.now();
  }
  if (scene_.is_calm()) return {way};
  const auto& rates = scene_.options.network;
  if (random_.in_thousand(rates.lost)) return {};
  if (random_.in_thousand(rates.late)) way += random_.between(milliseconds(1), seconds(30));
  if (random_.in_thousand(rates.doubled)) {
    return {way, way + random_.between(milliseconds(0), seconds(60))};
  }
  return {way};
}

void Network::send(std::size_t host, std::string bytes) {
  const auto& line = lines_[host];
  if (!line.is_up) return;
  for (const auto way : draw_ways(line)) {
    scene_.agenda.in(way, [this, host, route = line.route, bytes] { arrive(host, route, bytes); });
  }
}

void Network::arrive(std::size_t host, const std::string& route, const std::string& bytes) {
  aggregator_->receive(route, *hosts_[host], bytes);
}

void Network::send(const std::string& route, std::string bytes) {
  const auto host = host_of(route);
  const auto& line = lines_[host];
  if (!line.is_up || line.route != route) return;
  for (const auto way : draw_ways(line)) {
    scene_.agenda.in(way, [this, host, route, bytes] {
      if (lines_[host].is_up && lines_[host].route == route) hosts_[host]->receive(bytes);
    });
  }
}

}  // namespace vaultbell::simulation
