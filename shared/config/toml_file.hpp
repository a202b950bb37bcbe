// TomlFile: a configuration file, read key by key. Every mistake in it is collected with its file,
// line and column, so that all are shown at once; nothing takes effect while there is one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/enum_text.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::config {

// Where a mistake is. Line and column count from 1; 0 means the whole file.
struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  auto operator<=>(const Place&) const = default;
};

// Sees a value's text form; refuses it with what would be right.
using Check = std::function<Status(std::string_view)>;

class TomlFile;

// One table of the file: a [section], one of several [[section]]s, or a table in one of these.
// Reading a key makes it known; keys that nobody read are mistakes. A key that is absent leaves the
// value as it is.
class Section {
 public:
  // Where the table begins.
  [[nodiscard]] Place place() const;

  // Whether the table has this key, whatever its value is. Makes it not known.
  [[nodiscard]] bool has(std::string_view key) const;

  // A table in this one, as `policy = { mode = "off" }` or [section.policy]. Absent: there is none,
  // or (then it is complained of) something else in its place.
  std::optional<Section> table(std::string_view key);

  // The tables of a list, as [[vault]], in their order; none where there is no such list, or (then
  // it is complained of) something else in its place.
  std::vector<Section> tables(std::string_view key);

  // All keys of the table, in the order of their bytes, for where keys are values: what they may be
  // is for the caller to say. Makes them known.
  std::vector<std::string> keys();

  void read(std::string_view key, std::string& value, const Check& check = {});
  void read(std::string_view key, std::vector<std::string>& values, const Check& check_each = {});
  void read(std::string_view key, Duration& value, Duration least, Duration most);
  void read(std::string_view key, bool& value);
  void read(std::string_view key, std::int64_t& value, std::int64_t least, std::int64_t most);
  void read_size(std::string_view key, std::uint64_t& value_bytes, std::uint64_t least,
                 std::uint64_t most);
  void read(std::string_view key, std::filesystem::path& value);

  template <HasText E>
  void read_choice(std::string_view key, E& value) {
    std::string text(to_text(value));
    read(key, text, [&](std::string_view found) -> Status {
      auto parsed = parse_enum<E>("value", found);
      if (!parsed) return fail(parsed.error());
      value = *parsed;
      return {};
    });
  }

  // Whether nothing was complained of so far, here and in the tables of this one.
  [[nodiscard]] bool is_good() const;
  // The same of a key of this one.
  [[nodiscard]] bool is_good(std::string_view key) const;

  // A mistake that concerns this key, or (with an empty key) the section.
  void complain(std::string_view key, std::string_view what);

 private:
  friend class TomlFile;
  struct Node;
  Section(TomlFile& file, Node* node);
  TomlFile& file_;
  Node* node_;
};

class TomlFile {
 public:
  // Reads and parses the file. A file that cannot be read or is not TOML is complained of; the
  // sections are empty then.
  static TomlFile open(const std::filesystem::path& path);
  // The same for text that is already at hand; `path` is for the messages.
  static TomlFile parse(const std::filesystem::path& path, std::string_view text);

  TomlFile(TomlFile&&) noexcept;
  TomlFile& operator=(TomlFile&&) noexcept;
  ~TomlFile();

  // The section of that name; the keys above the first section are section "".
  Section section(std::string_view name);

  // After everything was read: complains of unknown keys and sections, and returns all mistakes as
  // lines "FILE:LINE:COLUMN: ...", in the order of the file. Empty: the file is good.
  std::vector<std::string> mistakes();

 private:
  friend class Section;
  struct Parsed;
  explicit TomlFile(std::filesystem::path path);
  void complain(Place place, std::string what);
  void complain_of_unknown(const Section::Node& node);

  std::filesystem::path path_;
  std::unique_ptr<Parsed> parsed_;
  std::vector<std::pair<Place, std::string>> mistakes_;
};

// The last line under the mistakes: "2 errors, nothing was changed".
std::string count_of(const std::vector<std::string>& mistakes);

}  // namespace vaultbell::config
