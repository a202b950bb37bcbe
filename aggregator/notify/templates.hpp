// The templates of aggregator/notify/templates, as they were when this was built.
#pragma once

#include <string_view>

namespace vaultbell::notify {

extern const std::string_view kAlertText;
extern const std::string_view kAlertHtml;
extern const std::string_view kLetterText;
extern const std::string_view kLetterHtml;

}  // namespace vaultbell::notify
