// Random: numbers that follow from a seed alone, the same on every machine. What std::random
// promises of its distributions is too little for that.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "shared/base/time.hpp"

namespace vaultbell::simulation {

class Random {
 public:
  // Each name is a stream of its own: a part that draws one number more changes no other part.
  Random(std::uint64_t seed, std::string_view name);

  std::uint64_t next();
  // From 0, below `count`, which is not 0.
  std::uint64_t below(std::uint64_t count) { return next() % count; }
  // Both ends included.
  std::int64_t between(std::int64_t least, std::int64_t most);
  Duration between(Duration least, Duration most);
  // A time to the next event of a kind that comes every `mean` on average: never longer than four
  // times that, so that a run has some of everything.
  Duration about(Duration mean);

  bool one_in(std::uint64_t count) { return below(count) == 0; }
  bool in_thousand(std::uint64_t share) { return below(1000) < share; }
  bool coin() { return one_in(2); }

  template <class T>
  T one_of(const std::vector<T>& things) {
    return things[below(things.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace vaultbell::simulation
