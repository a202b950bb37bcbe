// Messages to and from bytes: [version, type, sequence, body], MessagePack. Bytes from outside are
// checked here for size, depth and types; what comes out carries the proof.
#pragma once

#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/protocol/message.hpp"

namespace vaultbell::protocol {

std::string encode(const Message& message);

// Why bytes were not a message, and what to answer: `code` is malformed, unsupported or
// version_unsupported; `sequence` is the sender's number if it could be read, else 0.
struct Unreadable {
  RefusalCode code = RefusalCode::malformed;
  std::uint64_t sequence = 0;
  std::string message;
  bool operator==(const Unreadable&) const = default;
};

// Reads any bytes without harm. A hello is read whatever version it is sent in, since versions are
// agreed on through it.
tl::expected<Message, Unreadable> decode(std::string_view bytes);

// The highest version both sides speak; 0 if there is none.
std::uint32_t common_version(const Hello& hello);

}  // namespace vaultbell::protocol
