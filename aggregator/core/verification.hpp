// Verification: a code goes to an address and comes back; then the address is verified, for
// whoever names it (R5.2). The core sees neither the code nor the key that it is hashed with.
#pragma once

#include <optional>
#include <string>

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr Duration kCodeLife = std::chrono::minutes(30);
inline constexpr std::uint32_t kCodeTriesMax = 5;
inline constexpr Duration kCodeResendAfter = std::chrono::minutes(1);
inline constexpr std::size_t kCodesPerWindowMax = 5;
inline constexpr Duration kCodesWindow = std::chrono::hours(1);

// When the next code may go to this address; long ago: at any time.
Instant next_code_at(const Address& address);

// Sends a code to an address that is not verified. An earlier code is worth nothing then. Error
// `full`: too many were sent, and when the next may follow.
Status send_code(Draft& draft, const Contact& contact, const ChannelOrder& channel);

// Sends codes again, to those of the addresses that are not verified.
Result<std::string> send_codes(Draft& draft, const SendCodes& order);

// Whoever answers a code with the same code has proved to read what is sent there; nobody needs to
// type it. Anything but the newest code proves nothing.
void take_code_back(Draft& draft, const Notification& notification);

// What becomes of a code that somebody typed. A wrong one counts: then there is a refusal, and the
// draft has changes all the same.
struct Confirmed {
  std::string remark;
  std::optional<Error> refusal;
};
Result<Confirmed> confirm_code(Draft& draft, const ConfirmCode& order);

}  // namespace vaultbell::core
