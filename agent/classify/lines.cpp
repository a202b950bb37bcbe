#include "agent/classify/lines.hpp"

#include <algorithm>

namespace vaultbell::agent::classify {

void Lines::add(std::string_view part) {
  line_ += part.substr(0, kLineBytesMax - line_.size());
}

void Lines::feed(std::string_view bytes, const Take& take) {
  while (!bytes.empty()) {
    const auto end = bytes.find_first_of("\r\n");
    add(bytes.substr(0, std::min(end, bytes.size())));
    if (end == std::string_view::npos) return;
    finish(take);
    bytes.remove_prefix(end + 1);
  }
}

void Lines::finish(const Take& take) {
  if (!line_.empty()) take(line_);
  line_.clear();
}

}  // namespace vaultbell::agent::classify
