// Templates: the texts of messages, as built in or as an administrator replaced them (R7.9).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"

namespace vaultbell::notify {

// The files of aggregator/notify/templates, as they were when this was built.
extern const std::string_view kAlertText;
extern const std::string_view kAlertHtml;
extern const std::string_view kLetterText;
extern const std::string_view kLetterHtml;
extern const std::string_view kSmsText;

// Each is a template that check_templates() accepts.
struct Templates {
  std::string text{kAlertText};  // the two parts of a mail
  std::string html{kAlertHtml};
  std::string letter_text{kLetterText};  // of what is not about one alert
  std::string letter_html{kLetterHtml};
  std::string sms{kSmsText};

  bool operator==(const Templates&) const = default;
};

// What is wrong with them, as lines "NAME:LINE: ..."; empty: every message can be rendered.
std::vector<std::string> check_templates(const Templates& templates);

inline constexpr std::size_t kTemplateBytesMax = 64U << 10U;  // forty times the longest built-in

struct LoadedTemplates {
  Templates templates;
  std::vector<std::string> mistakes;  // as lines "FILE:LINE: ..."; empty: they can be used
};

// The built-in templates, but those that have a file of their name in `folder`. Another file there
// is a mistake, unless its name begins with a dot. The error: the folder cannot be read. Blocks on
// the disk.
Result<LoadedTemplates> load_templates(const std::filesystem::path& folder);

}  // namespace vaultbell::notify
