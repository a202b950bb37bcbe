#include "aggregator/ctl/terminal.hpp"

#include <array>
#include <charconv>
#include <clocale>
#include <cstdlib>
#include <ctime>
#include <cwchar>
#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "shared/base/duration.hpp"

namespace vaultbell::ctl {

namespace {

constexpr std::string_view kEllipsis = "…";

// For as long as it lives, this thread reads multibyte characters as UTF-8, whatever $LANG says.
class InUtf8 {
 public:
  InUtf8() : before_(uselocale(locale())) {}
  ~InUtf8() { uselocale(before_); }
  InUtf8(const InUtf8&) = delete;
  InUtf8& operator=(const InUtf8&) = delete;

 private:
  static locale_t locale() {
    static const locale_t kUtf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return kUtf8;
  }
  locale_t before_;
};

struct Character {
  std::size_t bytes = 1;
  std::size_t columns = 1;
};

Character first_of(std::string_view utf8) {
  std::mbstate_t state{};
  wchar_t wide = 0;
  const auto bytes = std::mbrtowc(&wide, utf8.data(), utf8.size(), &state);
  if (bytes == 0 || bytes > utf8.size()) return {};
  const int columns = wcwidth(wide);
  return {bytes, columns < 0 ? 1 : static_cast<std::size_t>(columns)};
}

// ECMA-48: select graphic rendition.
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kBlue = "\x1b[34m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kPlain = "\x1b[0m";

struct Mark {
  std::string_view word;
  std::string_view shape;
  std::string_view colour;
  std::string_view said = {};  // instead of the word, where people say it otherwise
};

constexpr auto kMarks = std::to_array<Mark>({
    {"online", "●", kGreen},      {"disconnected", "✖", kRed},
    {"offline", "‖", kYellow},    {"invited", "○", kBlue},
    {"retired", "‖", kDim},       {"critical", "▲", kRed},
    {"warning", "■", kYellow},    {"informational", "●", kBlue},
    {"ok", "●", kGreen},          {"succeeded", "●", kGreen},
    {"failed", "✖", kRed},        {"cancelled", "‖", kDim},
    {"running", "○", kBlue},      {"delivered", "●", kGreen},
    {"given_up", "✖", kRed},      {"pending", "○", kBlue},
    {"sending", "○", kBlue},      {"usable", "●", kGreen},
    {"waiting", "○", kBlue},      {"rejected", "✖", kDim},
    {"name_taken", "✖", kYellow}, {"active", "▲", kYellow},
    {"inactive", "○", kDim},      {"used", "‖", kDim},
    {"expired", "‖", kDim},       {"revoked", "‖", kDim},
    {"verified", "✓", kGreen},    {"code_sent", "⧗", kYellow, "code sent"},
    {"unverified", "✗", kRed},    {"nobody", "✗", kRed},
    {"failing", "✖", kRed},       {"not_configured", "○", kDim},
    {"gathered", "●", kDim},      {"acknowledged", "●", kBlue},
    {"planned", "○", kBlue},      {"over", "‖", kDim},
});

}  // namespace

std::size_t columns_of(std::string_view utf8) {
  const InUtf8 scope;
  std::size_t columns = 0;
  while (!utf8.empty()) {
    const auto character = first_of(utf8);
    columns += character.columns;
    utf8.remove_prefix(character.bytes);
  }
  return columns;
}

std::string fitted(std::string_view utf8, std::size_t columns_max) {
  if (columns_of(utf8) <= columns_max) return std::string(utf8);
  const InUtf8 scope;
  std::size_t columns = 1;  // of the ellipsis
  std::size_t end = 0;
  while (end < utf8.size()) {
    const auto character = first_of(utf8.substr(end));
    if (columns + character.columns > columns_max) break;
    columns += character.columns;
    end += character.bytes;
  }
  return std::string(utf8.substr(0, end)) + std::string(kEllipsis);
}

std::string marked(std::string_view word, const Manner& manner) {
  for (const auto& mark : kMarks) {
    if (mark.word != word) continue;
    const auto text = fmt::format("{} {}", mark.shape, mark.said.empty() ? word : mark.said);
    return manner.has_colour ? fmt::format("{}{}{}", mark.colour, text, kPlain) : text;
  }
  return std::string(word);
}

std::string relative(Instant at, Instant now) {
  const auto passed = now - at;
  const auto words = [](Duration duration) {
    auto text = to_words(duration);
    // "3 min 20 s" is more than anybody wants to know of an age: the first unit will do.
    const auto second = text.find(' ', text.find(' ') + 1);
    return second == std::string::npos ? text : text.substr(0, second);
  };
  if (passed < std::chrono::seconds(1) && passed > -std::chrono::seconds(1)) return "now";
  return passed > Duration::zero() ? words(passed) + " ago" : "in " + words(-passed);
}

std::string absolute(Instant at, bool is_utc) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  if (is_utc) return to_iso(whole);
  const std::time_t seconds = whole.time_since_epoch().count();
  std::tm local{};
  localtime_r(&seconds, &local);
  std::array<char, 64> text{};
  const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S%z", &local);
  auto iso = std::string(text.data(), size);
  if (iso.size() > 2) iso.insert(iso.size() - 2, ":");  // +0100 as +01:00
  return iso;
}

std::optional<std::size_t> terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const char* columns = std::getenv("COLUMNS");
  if (columns == nullptr) return std::nullopt;
  const std::string_view text(columns);
  std::size_t width = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), width);
  if (parsed.ec != std::errc{} || width == 0) return std::nullopt;
  return width;
}

}  // namespace vaultbell::ctl
