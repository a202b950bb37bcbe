#include "tests/simulation/random.hpp"

#include <algorithm>
#include <cmath>

namespace vaultbell::simulation {

Random::Random(std::uint64_t seed, std::string_view name) : state_(seed) {
  for (const char letter : name) {
    state_ = (state_ ^ static_cast<unsigned char>(letter)) * 0x100000001B3U;
  }
  next();
}

// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
std::uint64_t Random::next() {
  state_ += 0x9E3779B97F4A7C15U;
  auto value = state_;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

std::int64_t Random::between(std::int64_t least, std::int64_t most) {
  const auto count = static_cast<std::uint64_t>(most - least) + 1;
  return least + static_cast<std::int64_t>(below(count));
}

Duration Random::between(Duration least, Duration most) {
  return Duration(between(least.count(), most.count()));
}

Duration Random::about(Duration mean) {
  const auto share = static_cast<double>(below(1'000'000) + 1) / 1'000'000.0;
  const auto factor = std::min(-std::log(share), 4.0);
  return Duration(static_cast<Duration::rep>(factor * static_cast<double>(mean.count()))) +
         Duration(1);
}

}  // namespace vaultbell::simulation
