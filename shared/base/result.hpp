// Result<T>: what every function returns that can fail for a reason outside the program.
// Bugs do not come here: they stop the process (check.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace vaultbell {

// A code exists only where some caller reacts to exactly it; everything else is `failed`.
enum class ErrorCode : std::uint8_t {
  failed,       // look at the text
  invalid,      // the input is wrong: the caller must change it
  not_found,    // the named thing does not exist
  refused,      // the thing exists but is in use, in the wrong state, or taken
  stale,        // it was changed since the caller looked
  full,         // a limit was reached; trying later may help
  unavailable,  // the other side could not be reached; trying later may help
};

// What went wrong: what, where, which value, what would be right. Lower case, no full stop,
// never a secret.
struct Error {
  ErrorCode code = ErrorCode::failed;
  std::string message;

  bool operator==(const Error&) const = default;
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

// The usual result of something that returns nothing: `return {};`.
using Status = Result<void>;

tl::unexpected<Error> fail(std::string message);
tl::unexpected<Error> fail(ErrorCode code, std::string message);
tl::unexpected<Error> fail(Error error);

// The same failure seen from one level higher: "loading jobs: row 17: bad grace".
tl::unexpected<Error> fail_within(std::string_view context, const Error& error);

}  // namespace vaultbell
