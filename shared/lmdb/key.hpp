// Keys of LMDB rows: bytes whose order is the order of what they stand for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vaultbell::lmdb {

inline constexpr std::size_t kKeyBytesMax = 511;  // LMDB's compiled-in limit

// Appends: a number as 8 (4) bytes, the highest first, so that memcmp orders it as a number.
std::string& append_number(std::string& key, std::uint64_t number);
std::string& append_short_number(std::string& key, std::uint32_t number);

std::string number_key(std::uint64_t number);

// The 8-byte number at `offset` of a key that number_key or append_number made.
std::uint64_t read_number(std::string_view key, std::size_t offset);

}  // namespace vaultbell::lmdb
