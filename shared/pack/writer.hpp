// Writer: appends MessagePack values to a byte string. The only place that writes MessagePack.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vaultbell::pack {

class Writer {
 public:
  void map(std::size_t entries);
  void array(std::size_t entries);
  void unsigned_integer(std::uint64_t value);
  void integer(std::int64_t value);
  void boolean(bool value);
  void text(std::string_view value);
  void binary(std::string_view value);

  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

}  // namespace vaultbell::pack
