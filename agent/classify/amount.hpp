// Numbers as tools print them for people: "100,006", "97.662 KiB", "22.1MB".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace vaultbell::agent::classify {

// What a K, M, G or T without an "i" stands for: powers of 1000, or (some tools) of 1024. KiB and
// the like are always powers of 1024.
enum class Thousand : std::uint16_t { decimal = 1000, binary = 1024 };

// Rounded down. Nothing where it is no such number, is negative, or does not fit 63 bits: what a
// tool cannot count it must not be believed.
std::optional<std::uint64_t> parse_amount(std::string_view text,
                                          Thousand thousand = Thousand::decimal);

}  // namespace vaultbell::agent::classify
