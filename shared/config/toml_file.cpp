#include "shared/config/toml_file.hpp"

#include <algorithm>
#include <map>

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

}  // namespace

// A toml::table, or nothing where the file has none.
struct Section::Node {
  const toml::table* table = nullptr;
  std::string title;                 // "[job]"; "" for the keys above the first section
  Node* parent = nullptr;            // the table that it is in
  std::vector<std::string> known;    // keys that were read
  std::vector<std::string> refused;  // keys that were complained of; "" for the table itself
  bool has_mistake = false;          // here or in a table of this one

  // `key in [job]`
  [[nodiscard]] std::string named(std::string_view key) const {
    return title.empty() ? std::string(key) : fmt::format("{} in {}", key, title);
  }
  void refuse(std::string_view key) {
    refused.emplace_back(key);
    for (auto* node = this; node != nullptr; node = node->parent) node->has_mistake = true;
  }
  // Makes the key known and returns its value, if the table has it.
  const toml::node* find(std::string_view key) {
    known.emplace_back(key);
    if (table == nullptr) return nullptr;
    const auto found = table->find(key);
    return found == table->end() ? nullptr : &found->second;
  }
};

struct TomlFile::Parsed {
  toml::table root;
  std::vector<std::unique_ptr<Section::Node>> nodes;
  std::map<const toml::table*, Section::Node*> by_table;  // a section may be asked for twice

  Section::Node* add(const toml::table* table, std::string title, Section::Node* parent = nullptr) {
    const auto known = by_table.find(table);
    if (table != nullptr && known != by_table.end()) return known->second;
    auto node = std::make_unique<Section::Node>();
    node->table = table;
    node->title = std::move(title);
    node->parent = parent;
    nodes.push_back(std::move(node));
    return by_table[table] = nodes.back().get();
  }
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

Section::Section(TomlFile& file, Node* node) : file_(file), node_(node) {}

Place Section::place() const {
  return node_->table == nullptr ? Place{} : place_of(*node_->table);
}

bool Section::has(std::string_view key) const {
  return node_->table != nullptr && node_->table->contains(key);
}

std::optional<Section> Section::table(std::string_view key) {
  const auto* node = node_->find(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_table()) {
    complain(key, fmt::format("not a table (example: {} = {{ }})", key));
    return std::nullopt;
  }
  const auto title =
      node_->title.empty() ? fmt::format("[{}]", key) : fmt::format("{} of {}", key, node_->title);
  return Section(file_, file_.parsed_->add(node->as_table(), title, node_));
}

std::vector<Section> Section::tables(std::string_view key) {
  const auto* node = node_->find(key);
  if (node == nullptr) return {};
  if (!node->is_array_of_tables()) {
    complain(key, fmt::format("not a list of tables (write [[{}]] above each)", key));
    return {};
  }
  std::vector<Section> sections;
  for (const auto& entry : *node->as_array()) {
    auto* one = file_.parsed_->add(entry.as_table(), fmt::format("[[{}]]", key), node_);
    sections.push_back(Section(file_, one));
  }
  return sections;
}

std::vector<std::string> Section::keys() {
  std::vector<std::string> keys;
  if (node_->table == nullptr) return keys;
  for (const auto& [key, value] : *node_->table) keys.emplace_back(key.str());
  node_->known.insert(node_->known.end(), keys.begin(), keys.end());
  return keys;
}

bool Section::is_good() const {
  return !node_->has_mistake;
}

bool Section::is_good(std::string_view key) const {
  return std::ranges::find(node_->refused, key) == node_->refused.end();
}

void Section::complain(std::string_view key, std::string_view what) {
  node_->refuse(key);
  const auto name = key.empty() ? node_->title : node_->named(key);
  file_.complain(place_in(node_->table, key), fmt::format("{}: {}", name, what));
}

void Section::read(std::string_view key, std::string& value, const Check& check) {
  const auto* node = node_->find(key);
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
  const auto* node = node_->find(key);
  if (node == nullptr) return;
  const auto* list = node->as_array();
  if (list == nullptr) return complain(key, "not a list (example: [\"a\", \"b\"])");
  std::vector<std::string> found;
  for (const auto& entry : *list) {
    const auto text = entry.value_exact<std::string>();
    if (!text) return complain(key, "a list of texts is wanted (each in quotes)");
    if (check_each) {
      if (const auto ok = check_each(*text); !ok) {
        node_->refuse(key);
        file_.complain(place_of(entry),
                       fmt::format("{}: {}", node_->named(key), ok.error().message));
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
  const auto* node = node_->find(key);
  if (node == nullptr) return;
  const auto found = node->value_exact<bool>();
  if (!found) return complain(key, "neither true nor false");
  value = *found;
}

void Section::read(std::string_view key, std::int64_t& value, std::int64_t least,
                   std::int64_t most) {
  const auto* node = node_->find(key);
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
  auto* root = parsed_->add(&parsed_->root, {});
  if (name.empty()) return Section(*this, root);
  const auto* node = root->find(name);
  const auto* table = node == nullptr ? nullptr : node->as_table();
  if (node != nullptr && table == nullptr) {
    complain(place_of(*node), fmt::format("{}: not a section ([{}])", name, name));
  }
  return Section(*this, parsed_->add(table, fmt::format("[{}]", name), root));
}

void TomlFile::complain(Place place, std::string what) {
  mistakes_.emplace_back(place, std::move(what));
}

void TomlFile::complain_of_unknown(const Section::Node& node) {
  const bool is_root = node.title.empty();
  const std::vector<std::string_view> known(node.known.begin(), node.known.end());
  for (const auto& [key, value] : *node.table) {
    if (std::ranges::find(known, key.str()) != known.end()) continue;
    const bool is_section = is_root && (value.is_table() || value.is_array_of_tables());
    const auto in = is_root ? std::string() : fmt::format(" in {}", node.title);
    complain(place_of(key), fmt::format("unknown {} \"{}\"{}{}", is_section ? "section" : "key",
                                        key.str(), in, did_you_mean(key.str(), known)));
  }
}

std::vector<std::string> TomlFile::mistakes() {
  parsed_->add(&parsed_->root, {});
  for (const auto& node : parsed_->nodes) {
    if (node->table != nullptr) complain_of_unknown(*node);
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
