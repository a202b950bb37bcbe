#include "shared/domain/name.hpp"

#include <fmt/format.h>

#include "shared/base/text.hpp"

namespace vaultbell {

Status check_name(std::string_view what, std::string_view name) {
  const auto wrong = [&](std::string_view why) {
    return fail(ErrorCode::invalid,
                fmt::format("{} \"{}\": {}", what, to_utf8(first_part(name, kNameBytesMax)), why));
  };
  if (name.empty()) return fail(ErrorCode::invalid, fmt::format("{} is empty", what));
  if (name.size() > kNameBytesMax) {
    return wrong(fmt::format("longer than {} bytes", kNameBytesMax));
  }
  if (!is_utf8(name)) return wrong("not UTF-8");
  if (has_control(name)) return wrong("has a control character or a direction mark");
  if (trimmed(name).size() != name.size()) return wrong("begins or ends with white space");
  return {};
}

}  // namespace vaultbell
