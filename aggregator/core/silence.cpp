#include "aggregator/core/silence.hpp"

#include <algorithm>

#include "aggregator/core/settings.hpp"

namespace vaultbell::core {

void Silence::watch(ClientId client, Duration limit, bool is_fresh, Steady now) {
  if (!knows(client)) {
    last_heard_.resize(client.value + 1);
    limit_.resize(client.value + 1);
    watching_.resize(client.value + 1, Watching::no);
  }
  const auto i = client.value;
  limit_[i] = limit;
  // Its silence has been reported; only what the core says after that takes it back.
  if (!is_fresh && watching_[i] == Watching::found_silent) return;
  if (is_fresh || watching_[i] == Watching::no) last_heard_[i] = now;
  watching_[i] = Watching::yes;
  earliest_ = std::min(earliest_, last_heard_[i] + limit_[i]);
}

void Silence::presume_silent(ClientId client) {
  if (knows(client)) watching_[client.value] = Watching::found_silent;
}

void Silence::ignore(ClientId client) {
  if (knows(client)) watching_[client.value] = Watching::no;
}

Silence::Heard Silence::heard(ClientId client, Steady now) {
  if (!knows(client) || watching_[client.value] == Watching::no) return Heard::unwatched;
  last_heard_[client.value] = now;
  return watching_[client.value] == Watching::yes ? Heard::as_expected : Heard::after_silence;
}

std::vector<ClientId> Silence::sweep(Steady now, std::size_t count_max) {
  std::vector<ClientId> silent;
  if (now <= settled_at_ || now <= earliest_) return silent;
  auto earliest = Steady::max();
  for (std::size_t i = 0; i < watching_.size(); ++i) {
    if (watching_[i] != Watching::yes) continue;
    const auto silent_at = last_heard_[i] + limit_[i];
    if (now <= silent_at) {
      earliest = std::min(earliest, silent_at);
      continue;
    }
    if (silent.size() >= count_max) return silent;  // and the next sweep looks at all again
    watching_[i] = Watching::found_silent;
    silent.push_back({i});
  }
  earliest_ = earliest;
  return silent;
}

void Silence::unreport(ClientId client) {
  if (knows(client) && watching_[client.value] == Watching::found_silent) {
    watching_[client.value] = Watching::yes;
    earliest_ = Steady::min();
  }
}

void Silence::resume(Steady now) {
  settled_at_ = now + kReturnWithin;
  for (std::size_t i = 0; i < watching_.size(); ++i) {
    if (watching_[i] == Watching::yes) last_heard_[i] = now;
  }
}

std::optional<Steady> Silence::last_heard(ClientId client) const {
  if (!knows(client) || watching_[client.value] == Watching::no) return std::nullopt;
  return last_heard_[client.value];
}

}  // namespace vaultbell::core
