// Lines: a stream of bytes cut into lines, with bounded memory.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace vaultbell::agent::classify {

// Longer lines are cut, which leaves room for any sentence and for every JSON line that was seen.
inline constexpr std::size_t kLineBytesMax = std::size_t{64} * 1024;

class Lines {
 public:
  // `take` gets each line without its end, at most kLineBytesMax of it; empty ones are left out. A
  // carriage return ends a line, too: progress bars are drawn with it.
  using Take = std::function<void(std::string_view line)>;

  void feed(std::string_view bytes, const Take& take);
  // What stands behind the last line end is a line.
  void finish(const Take& take);

 private:
  void add(std::string_view part);
  std::string line_;
};

}  // namespace vaultbell::agent::classify
