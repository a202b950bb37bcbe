#include "shared/base/result.hpp"

namespace vaultbell {

tl::unexpected<Error> fail(std::string message) {
  return tl::unexpected<Error>(Error{ErrorCode::failed, std::move(message)});
}

tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

tl::unexpected<Error> fail_within(std::string_view context, const Error& error) {
  return fail(error.code, std::string(context) + ": " + error.message);
}

}  // namespace vaultbell
