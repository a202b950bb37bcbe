#include "tests/support/golden.hpp"

#include <cstdint>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "shared/base/check.hpp"
#include "shared/base/files.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::support {

namespace {

constexpr std::size_t kFileBytesMax = 64UL * 1024;
constexpr std::size_t kBytesPerLine = 16;

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

Result<std::string> from_hex(std::string_view text) {
  std::string bytes;
  int high = -1;
  bool is_comment = false;
  for (const char c : text) {
    if (c == '\n') is_comment = false;
    if (c == '#') is_comment = true;
    if (is_comment || c == ' ' || c == '\n') continue;
    if (digit(c) < 0) return fail(fmt::format("\"{}\" is no hexadecimal digit", c));
    if (high < 0) {
      high = digit(c);
    } else {
      bytes += static_cast<char>(high * 16 + digit(c));
      high = -1;
    }
  }
  if (high >= 0) return fail("an odd number of digits");
  return bytes;
}

// Walks over MessagePack bytes that our own Writer wrote; a line each for a value and, in front of
// it, the number of its field.
class Annotator {
 public:
  explicit Annotator(std::string_view bytes) : rest_(bytes) {}

  std::string lines() {
    while (!rest_.empty()) value(0);
    return std::move(lines_);
  }

 private:
  void take(std::size_t size) {
    check(size <= rest_.size(), "golden bytes are whole");
    rest_.remove_prefix(size);
  }

  std::uint64_t take_number(std::size_t size) {
    std::uint64_t number = 0;
    for (const char c : rest_.substr(0, size))
      number = number << 8U | static_cast<unsigned char>(c);
    take(size);
    return number;
  }

  // Everything since the last line, with its meaning.
  void line(const char* begin, std::size_t depth, std::string_view meaning) {
    std::string_view bytes(begin, static_cast<std::size_t>(rest_.data() - begin));
    auto comment = fmt::format("# {:{}}{}", "", 2 * depth, meaning);
    while (!bytes.empty()) {
      std::string hex;
      for (const char c : bytes.substr(0, kBytesPerLine)) {
        hex += fmt::format("{:02x} ", static_cast<unsigned char>(c));
      }
      bytes.remove_prefix(std::min(kBytesPerLine, bytes.size()));
      lines_ += std::string(trimmed(fmt::format("{:<48}{}", hex, comment))) + "\n";
      comment.clear();
    }
  }

  void entries(std::uint64_t count, std::size_t depth, bool has_keys) {
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto* begin = rest_.data();
      if (has_keys) {
        const auto field = take_number(1);
        value(depth + 1, begin, fmt::format("{}: ", field));
      } else {
        value(depth + 1);
      }
    }
  }

  void map(const char* begin, std::uint64_t size, std::size_t depth, const std::string& label) {
    line(begin, depth, fmt::format("{}map of {}", label, size));
    entries(size, depth, true);
  }
  void array(const char* begin, std::uint64_t size, std::size_t depth, const std::string& label) {
    line(begin, depth, fmt::format("{}array of {}", label, size));
    entries(size, depth, false);
  }
  void text(const char* begin, std::uint64_t size, std::size_t depth, const std::string& label) {
    std::string body(rest_.substr(0, size));
    take(size);
    for (auto& c : body) c = c == '\n' ? ' ' : c;
    line(begin, depth, fmt::format("{}\"{}\"", label, body));
  }

  void value(std::size_t depth) { value(depth, rest_.data(), {}); }

  void value(std::size_t depth, const char* begin, const std::string& label) {
    const auto kind = take_number(1);
    if (kind >= 0x80 && kind < 0x90) return map(begin, kind & 0x0FU, depth, label);
    if (kind >= 0x90 && kind < 0xa0) return array(begin, kind & 0x0FU, depth, label);
    if (kind >= 0xa0 && kind < 0xc0) return text(begin, kind & 0x1FU, depth, label);
    if (kind == 0xd9) return text(begin, take_number(1), depth, label);
    if (kind == 0xdc) return array(begin, take_number(2), depth, label);
    if (kind == 0xde) return map(begin, take_number(2), depth, label);
    const auto meaning = scalar(kind);
    line(begin, depth, label + meaning);
  }

  std::string scalar(std::uint64_t kind) {
    if (kind < 0x80) return std::to_string(kind);
    if (kind >= 0xe0) return std::to_string(static_cast<std::int8_t>(kind));
    switch (kind) {
      case 0xc2:
        return "false";
      case 0xc3:
        return "true";
      case 0xc4: {
        const auto size = take_number(1);
        take(size);
        return fmt::format("{} bytes", size);
      }
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return std::to_string(take_number(1UL << (kind - 0xcc)));
      case 0xd0:
        return std::to_string(static_cast<std::int8_t>(take_number(1)));
      case 0xd1:
        return std::to_string(static_cast<std::int16_t>(take_number(2)));
      case 0xd2:
        return std::to_string(static_cast<std::int32_t>(take_number(4)));
      case 0xd3:
        return std::to_string(static_cast<std::int64_t>(take_number(8)));
      default:
        check(false, "golden bytes hold only what our Writer writes");
        return {};
    }
  }

  std::string_view rest_;
  std::string lines_;
};

}  // namespace

std::string annotated(std::string_view bytes) {
  return Annotator(bytes).lines();
}

Result<std::string> golden(std::string_view name, std::string_view words, std::string_view bytes) {
  const auto path = std::filesystem::path(VAULTBELL_GOLDEN_FOLDER) / fmt::format("{}.hex", name);
  if (std::getenv("VAULTBELL_WRITE_GOLDEN") != nullptr && !std::filesystem::exists(path)) {
    const auto content = fmt::format("# {}\n\n{}", words, annotated(bytes));
    if (auto ok = write_file(path, content, 0644); !ok) return fail(ok.error());
  }
  const auto content = read_file(path, kFileBytesMax);
  if (!content) return fail(content.error());
  auto read = from_hex(*content);
  if (!read) return fail_within(path.string(), read.error());
  if (*content != fmt::format("# {}\n\n{}", words, annotated(*read))) {
    return fail(fmt::format("the words in {} are not what its bytes say", path.string()));
  }
  return read;
}

}  // namespace vaultbell::support
