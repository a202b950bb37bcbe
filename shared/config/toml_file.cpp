#include "shared/config/toml_file.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "shared/base/duration.hpp"
#include "shared/base/files.hpp"
#include "shared/base/nearest.hpp"

namespace vaultbell::config {

namespace {

constexpr std::size_t kFileBytesMax = 4UL << 20U;  // a configuration, not a database

Place place_of(const toml::node& node) {
  return {node.source().begin.line, node.source().begin.column};
}

Place place_of(const toml::key& key) {
  return {key.source().begin.line, key.source().begin.column};
}

std::string in_section(std::string_view section) {
  return section.empty() ? std::string() : fmt::format(" in [{}]", section);
}

}  // namespace

// A section is a toml::table, or nothing where the file has none.
struct Section::Node {
  const toml::table* table = nullptr;
};

struct TomlFile::Parsed {
  toml::table root;
  std::vector<std::unique_ptr<Section::Node>> nodes;
};

namespace {

// Where a value stands, or (if it does not) where its section begins.
Place place_in(const toml::table* table, std::string_view key) {
  if (table == nullptr) return {};
  const auto found = table->find(key);
  if (found == table->end()) return place_of(*table);
  return place_of(found->second);
}

}  // namespace

Section::Section(TomlFile& file, std::string name, const Node* node)
    : file_(file), name_(std::move(name)), node_(node), mistakes_before_(file.mistakes_.size()) {}

bool Section::is_good() const {
  return file_.mistakes_.size() == mistakes_before_;
}

void Section::complain(std::string_view key, std::string_view what) {
  const auto text = key.empty() ? fmt::format("[{}]: {}", name_, what)
                                : fmt::format("{}{}: {}", key, in_section(name_), what);
  file_.complain(place_in(node_->table, key), text);
}

namespace {

// Records the key as known and returns its value, if the file has it.
const toml::node* find(std::vector<std::string>& known_keys, std::string_view section,
                       const toml::table* table, std::string_view key) {
  known_keys.push_back(section.empty() ? std::string(key) : fmt::format("{}.{}", section, key));
  if (table == nullptr) return nullptr;
  const auto found = table->find(key);
  return found == table->end() ? nullptr : &found->second;
}

}  // namespace

void Section::read(std::string_view key, std::string& value, const Check& check) {
  const auto* node = find(file_.known_keys_, name_, node_->table, key);
  if (node == nullptr) return;
  const auto text = node->value_exact<std::string>();
  if (!text) return complain(key, "not a text (write it in quotes)");
  if (check) {
    if (const auto ok = check(*text); !ok) return complain(key, ok.error().message);
  }
  value = *text;
}

void Section::read(std::string_view key, std::vector<std::string>& values,
                   const Check& check_each) {
  const auto* node = find(file_.known_keys_, name_, node_->table, key);
  if (node == nullptr) return;
  const auto* list = node->as_array();
  if (list == nullptr) return complain(key, "not a list (example: [\"a\", \"b\"])");
  std::vector<std::string> found;
  for (const auto& entry : *list) {
    const auto text = entry.value_exact<std::string>();
    if (!text) return complain(key, "a list of texts is wanted (each in quotes)");
    if (check_each) {
      if (const auto ok = check_each(*text); !ok) {
        file_.complain(place_of(entry),
                       fmt::format("{}{}: {}", key, in_section(name_), ok.error().message));
        return;
      }
    }
    found.push_back(*text);
  }
  values = std::move(found);
}

void Section::read(std::string_view key, Duration& value, Duration least, Duration most) {
  std::string text;
  Duration found = value;
  read(key, text, [&](std::string_view given) -> Status {
    const auto parsed = parse_duration(given);
    if (!parsed) return fail(parsed.error());
    if (*parsed < least || *parsed > most) {
      return fail(fmt::format("\"{}\" is outside {} to {}", given, to_text(least), to_text(most)));
    }
    found = *parsed;
    return {};
  });
  value = found;
}

void Section::read(std::string_view key, bool& value) {
  const auto* node = find(file_.known_keys_, name_, node_->table, key);
  if (node == nullptr) return;
  const auto found = node->value_exact<bool>();
  if (!found) return complain(key, "neither true nor false");
  value = *found;
}

void Section::read(std::string_view key, std::int64_t& value, std::int64_t least,
                   std::int64_t most) {
  const auto* node = find(file_.known_keys_, name_, node_->table, key);
  if (node == nullptr) return;
  const auto found = node->value_exact<std::int64_t>();
  if (!found) return complain(key, "not a whole number");
  if (*found < least || *found > most) {
    return complain(key, fmt::format("{} is outside {} to {}", *found, least, most));
  }
  value = *found;
}

void Section::read_size(std::string_view key, std::uint64_t& value_bytes, std::uint64_t least,
                        std::uint64_t most) {
  std::string text;
  auto found = value_bytes;
  read(key, text, [&](std::string_view given) -> Status {
    const auto parsed = parse_size(given);
    if (!parsed) return fail(parsed.error());
    if (*parsed < least || *parsed > most) {
      return fail(fmt::format("\"{}\" is outside {} to {}", given, size_in_words(least),
                              size_in_words(most)));
    }
    found = *parsed;
    return {};
  });
  value_bytes = found;
}

void Section::read(std::string_view key, std::filesystem::path& value) {
  std::string text = value.string();
  read(key, text, [](std::string_view given) -> Status {
    if (given.empty()) return fail("an empty path");
    return {};
  });
  value = text;
}

TomlFile::TomlFile(std::filesystem::path path)
    : path_(std::move(path)), parsed_(std::make_unique<Parsed>()) {}
TomlFile::TomlFile(TomlFile&&) noexcept = default;
TomlFile& TomlFile::operator=(TomlFile&&) noexcept = default;
TomlFile::~TomlFile() = default;

TomlFile TomlFile::open(const std::filesystem::path& path) {
  const auto text = read_file(path, kFileBytesMax);
  if (text) return parse(path, *text);
  TomlFile file(path);
  file.complain({}, text.error().message);
  return file;
}

TomlFile TomlFile::parse(const std::filesystem::path& path, std::string_view text) {
  TomlFile file(path);
  try {
    file.parsed_->root = toml::parse(text, path.string());
  } catch (const toml::parse_error& error) {
    file.complain({error.source().begin.line, error.source().begin.column},
                  std::string(error.description()));
  }
  return file;
}

Section TomlFile::section(std::string_view name) {
  auto node = std::make_unique<Section::Node>();
  if (name.empty()) {
    node->table = &parsed_->root;
  } else {
    known_sections_.emplace_back(name);
    const auto found = parsed_->root.find(name);
    if (found != parsed_->root.end()) {
      node->table = found->second.as_table();
      if (node->table == nullptr) {
        complain(place_of(found->second), fmt::format("{}: not a section ([{}])", name, name));
      }
    }
  }
  parsed_->nodes.push_back(std::move(node));
  return Section(*this, std::string(name), parsed_->nodes.back().get());
}

void TomlFile::complain(Place place, std::string what) {
  mistakes_.emplace_back(place, std::move(what));
}

std::vector<std::string> TomlFile::mistakes() {
  const auto keys_of = [&](std::string_view section) {
    std::vector<std::string_view> keys;
    for (const auto& known : known_keys_) {
      const auto dot = known.find('.');
      const auto owner = dot == std::string::npos ? "" : std::string_view(known).substr(0, dot);
      if (owner == section)
        keys.push_back(std::string_view(known).substr(dot == std::string::npos ? 0 : dot + 1));
    }
    return keys;
  };
  const auto look_at = [&](std::string_view section, const toml::table& table) {
    auto known = keys_of(section);
    if (section.empty()) known.insert(known.end(), known_sections_.begin(), known_sections_.end());
    for (const auto& [key, node] : table) {
      if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
      complain(place_of(key),
               fmt::format("unknown {} \"{}\"{}{}",
                           section.empty() && node.is_table() ? "section" : "key", key.str(),
                           in_section(section), did_you_mean(key.str(), known)));
    }
  };
  look_at("", parsed_->root);
  for (const auto& name : known_sections_) {
    const auto found = parsed_->root.find(name);
    if (found != parsed_->root.end() && found->second.is_table()) {
      look_at(name, *found->second.as_table());
    }
  }
  std::stable_sort(mistakes_.begin(), mistakes_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> lines;
  for (const auto& [place, what] : mistakes_) {
    lines.push_back(place.line == 0 ? fmt::format("{}: {}", path_.string(), what)
                                    : fmt::format("{}:{}:{}: {}", path_.string(), place.line,
                                                  place.column, what));
  }
  return lines;
}

std::string count_of(const std::vector<std::string>& mistakes) {
  return fmt::format("{} error{}, nothing was changed", mistakes.size(),
                     mistakes.size() == 1 ? "" : "s");
}

}  // namespace vaultbell::config
