// ChangeFeed: which things have changed, the newest last, for those who show them. It names them
// only; what they are now is read from the store, where it is durable before it is named here.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "shared/base/enum_text.hpp"

namespace vaultbell::board {

enum class Thing : std::uint8_t {
  vault = 1,
  client = 2,
  job = 3,
  run = 4,
  alert = 5,
  delivery = 6,
  contact = 7,
  group = 8,
  maintenance = 9,
  token = 10,
  enrolment = 11,
  access = 12,
  audit = 13,
  channel = 14,  // by its number
  address = 15,  // without a number
};

struct Changed {
  Thing what = Thing::vault;
  std::uint64_t id = 0;

  auto operator<=>(const Changed&) const = default;
};

// One thread writes (the main loop), any may read; nobody waits.
class ChangeFeed {
 public:
  static constexpr std::size_t kKept = 4096;

  void add(Changed changed);

  // How many there have been.
  [[nodiscard]] std::uint64_t count() const { return count_.load(std::memory_order_acquire); }

  // Appends those behind the first `after`. False: some of them are known no more, or never were.
  bool read(std::uint64_t after, std::vector<Changed>& into) const;

 private:
  std::array<std::atomic<std::uint64_t>, kKept> kept_{};  // the kind above the number
  std::atomic<std::uint64_t> count_{0};
};

}  // namespace vaultbell::board

namespace vaultbell {

template <>
inline constexpr auto kEnumText<board::Thing> = std::to_array<EnumText<board::Thing>>({
    {board::Thing::vault, "vault"},
    {board::Thing::client, "client"},
    {board::Thing::job, "job"},
    {board::Thing::run, "run"},
    {board::Thing::alert, "alert"},
    {board::Thing::delivery, "delivery"},
    {board::Thing::contact, "contact"},
    {board::Thing::group, "group"},
    {board::Thing::maintenance, "maintenance"},
    {board::Thing::token, "token"},
    {board::Thing::enrolment, "enrolment"},
    {board::Thing::access, "access"},
    {board::Thing::audit, "audit"},
    {board::Thing::channel, "channel"},
    {board::Thing::address, "address"},
});

}  // namespace vaultbell
