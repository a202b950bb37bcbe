#include "shared/lmdb/key.hpp"

#include "shared/base/check.hpp"

namespace vaultbell::lmdb {

std::string& append_number(std::string& key, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>(number >> shift & 0xFFU);
  return key;
}

std::string& append_short_number(std::string& key, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) key += static_cast<char>(number >> shift & 0xFFU);
  return key;
}

std::string number_key(std::uint64_t number) {
  std::string key;
  append_number(key, number);
  return key;
}

std::uint64_t read_number(std::string_view key, std::size_t offset) {
  check(key.size() >= 8 && offset <= key.size() - 8, "a key holds the number that is read from it");
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    number = number << 8U | static_cast<unsigned char>(key[offset + i]);
  }
  return number;
}

}  // namespace vaultbell::lmdb
