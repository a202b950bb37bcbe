// Durations and sizes as people write them in configuration files and on the command line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

namespace vaultbell {

// A whole number and a unit: "250ms", "90s", "45m", "26h", "400d"; also "0". At most 100 years.
Result<Duration> parse_duration(std::string_view text);

// The shortest exact form that parse_duration reads back: "90s", "1h", "400d".
std::string to_text(Duration duration);

// For sentences, in at most two units, rounded down: "1 h 5 min", "43 s", "2 d 3 h".
std::string to_words(Duration duration);

// A whole number and a unit: "512", "256MiB", "10GB". Bytes; at most 8 EiB - 1.
Result<std::uint64_t> parse_size(std::string_view text);

// For sentences: "18.2 GiB", "512 B".
std::string size_in_words(std::uint64_t size_bytes);

}  // namespace vaultbell
