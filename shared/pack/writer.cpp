#include "shared/pack/writer.hpp"

#include <msgpack.hpp>

namespace vaultbell::pack {

namespace {

// msgpack::packer writes to anything with write(data, size).
struct Sink {
  std::string* bytes;
  void write(const char* data, std::size_t size) { bytes->append(data, size); }
};

// Calls `put` with a packer that appends to `bytes`.
template <class Put>
void append(std::string& bytes, Put put) {
  Sink sink{&bytes};
  msgpack::packer<Sink> packer(sink);
  put(packer);
}

std::uint32_t length(std::size_t size) {
  return static_cast<std::uint32_t>(size);
}

}  // namespace

void Writer::map(std::size_t entries) {
  append(bytes_, [&](auto& packer) { packer.pack_map(length(entries)); });
}

void Writer::array(std::size_t entries) {
  append(bytes_, [&](auto& packer) { packer.pack_array(length(entries)); });
}

void Writer::unsigned_integer(std::uint64_t value) {
  append(bytes_, [&](auto& packer) { packer.pack_uint64(value); });
}

void Writer::integer(std::int64_t value) {
  append(bytes_, [&](auto& packer) { packer.pack_int64(value); });
}

void Writer::boolean(bool value) {
  append(bytes_, [&](auto& packer) { value ? packer.pack_true() : packer.pack_false(); });
}

void Writer::text(std::string_view value) {
  append(bytes_, [&](auto& packer) {
    packer.pack_str(length(value.size()));
    packer.pack_str_body(value.data(), length(value.size()));
  });
}

void Writer::binary(std::string_view value) {
  append(bytes_, [&](auto& packer) {
    packer.pack_bin(length(value.size()));
    packer.pack_bin_body(value.data(), length(value.size()));
  });
}

}  // namespace vaultbell::pack
