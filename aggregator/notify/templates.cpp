#include "aggregator/notify/templates.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "aggregator/notify/mail_view.hpp"
#include "aggregator/notify/template.hpp"
#include "shared/base/files.hpp"
#include "shared/base/nearest.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::notify {

namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

struct Part {
  std::string_view file;
  std::string Templates::*text;
  View (*view)(const Delivery&);  // with the names that it may use
};

constexpr auto kParts = std::to_array<Part>({
    {"alert.text.mustache", &Templates::text, view_of},
    {"alert.html.mustache", &Templates::html, view_of},
    {"letter.text.mustache", &Templates::letter_text, letter_view_of},
    {"letter.html.mustache", &Templates::letter_html, letter_view_of},
    {"sms.mustache", &Templates::sms, view_of},
});

constexpr std::size_t kStrangersMax = 20;  // named one by one; the wrong folder may have thousands

// What no template may hold, whatever its tags say; empty if there is nothing.
std::string_view fault_of_line(std::string_view line) {
  if (!is_utf8(line)) return "not UTF-8";
  const bool has_control = std::ranges::any_of(line, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
  });
  return has_control ? "a control character" : "";
}

std::vector<TemplateFault> faults_of_bytes(std::string_view text) {
  std::vector<TemplateFault> faults;
  for (std::size_t line = 1; !text.empty() && faults.size() < kTemplateFaultsMax; ++line) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto fault = fault_of_line(text.substr(0, end));
    if (!fault.empty()) faults.push_back({line, std::string(fault)});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return faults;
}

void check_text(const Part& part, std::string_view name, std::string_view text, Lines& mistakes) {
  auto faults = faults_of_bytes(text);
  if (trimmed(text).empty()) faults.push_back({1, "it is empty"});
  if (faults.empty()) faults = faults_of(text, part.view({.letter = wording::Letter()}));
  for (const auto& fault : faults) {
    mistakes.push_back(fmt::format("{}:{}: {}", name, fault.line, fault.what));
  }
}

// As they are written on other systems.
std::string with_plain_line_ends(std::string text) {
  for (auto end = text.find("\r\n"); end != std::string::npos; end = text.find("\r\n", end)) {
    text.erase(end, 1);
  }
  return text;
}

void load(const Part& part, const fs::path& file, std::string& text, Lines& mistakes) {
  std::error_code ignored;  // whatever it is then, it is no file
  if (!fs::is_regular_file(file, ignored)) {
    mistakes.push_back(file.string() + ": not a file");
    return;
  }
  auto content = read_file(file, kTemplateBytesMax);
  if (!content) {
    mistakes.push_back(fmt::format("{}: {}", file.string(), content.error().message));
    return;
  }
  text = with_plain_line_ends(std::move(*content));
  check_text(part, file.string(), text, mistakes);
}

void complain_of_strangers(const fs::path& folder, const Lines& strangers, Lines& mistakes) {
  std::array<std::string_view, kParts.size()> known;
  std::ranges::transform(kParts, known.begin(), &Part::file);
  for (const auto& name : strangers) {
    if (&name - strangers.data() == kStrangersMax) {
      mistakes.push_back(fmt::format("{}: {} more files are no templates", folder.string(),
                                     strangers.size() - kStrangersMax));
      return;
    }
    const auto hint = did_you_mean(name, known);
    mistakes.push_back(
        fmt::format("{}: not the name of a template{}", (folder / name).string(),
                    hint.empty() ? fmt::format(" (one of: {})", fmt::join(known, " ")) : hint));
  }
}

// The names in a folder, sorted, without those that begin with a dot.
Result<Lines> names_in(const fs::path& folder) {
  Lines names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    auto name = entry->path().filename().string();
    if (!name.starts_with('.')) names.push_back(std::move(name));
  }
  if (error) return fail(fmt::format("cannot read {}: {}", folder.string(), error.message()));
  std::ranges::sort(names);
  return names;
}

}  // namespace

std::vector<std::string> check_templates(const Templates& templates) {
  Lines mistakes;
  for (const auto& part : kParts) check_text(part, part.file, templates.*part.text, mistakes);
  return mistakes;
}

Result<LoadedTemplates> load_templates(const std::filesystem::path& folder) {
  auto names = names_in(folder);
  if (!names) return fail(names.error());
  LoadedTemplates loaded;
  for (const auto& part : kParts) {
    const auto removed = std::erase(*names, part.file);
    if (removed == 0) continue;
    load(part, folder / part.file, loaded.templates.*part.text, loaded.mistakes);
  }
  complain_of_strangers(folder, *names, loaded.mistakes);
  return loaded;
}

}  // namespace vaultbell::notify
