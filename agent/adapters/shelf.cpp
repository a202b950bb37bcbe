#include "agent/adapters/shelf.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <system_error>

#include "shared/base/nearest.hpp"

namespace vaultbell::agent::adapters {

namespace {

namespace fs = std::filesystem;

constexpr const char* kSuffix = ".toml";
constexpr std::size_t kFilesMax = 200;  // in one folder: far more than there are tools

// Tool -> file. A later folder's files take the place of an earlier one's.
void add_folder(const fs::path& folder, std::map<std::string, fs::path>& files) {
  std::error_code error;
  std::size_t count = 0;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() != kSuffix || ++count > kFilesMax) continue;
    files[at->path().stem().string()] = at->path();
  }
}

bool is_file_name(const std::string& name) {
  return !name.empty() && name.find('/') == std::string::npos && name != "." && name != "..";
}

}  // namespace

std::vector<fs::path> Shelf::files() const {
  std::map<std::string, fs::path> by_tool;
  add_folder(shipped, by_tool);
  add_folder(own, by_tool);
  std::vector<fs::path> paths;
  paths.reserve(by_tool.size());
  for (const auto& [tool, path] : by_tool) paths.push_back(path);
  return paths;
}

std::optional<ReadAdapter> Shelf::find(const std::string& name) const {
  if (!is_file_name(name)) return std::nullopt;
  std::error_code ignored;
  for (const auto& folder : {own, shipped}) {
    const auto path = folder / (name + kSuffix);
    if (fs::exists(path, ignored)) return read_adapter(path);
  }
  for (const auto& path : files()) {
    auto read = read_adapter(path);
    const auto& names = read.adapter.names;
    if (std::find(names.begin(), names.end(), name) != names.end()) return read;
  }
  return std::nullopt;
}

std::string Shelf::hint(const std::string& name) const {
  if (find(name)) return {};
  std::set<std::string> names;
  for (const auto& path : files()) {
    names.insert(path.stem().string());
    const auto further = read_adapter(path).adapter.names;
    names.insert(further.begin(), further.end());
  }
  return did_you_mean(name, std::vector<std::string_view>(names.begin(), names.end()));
}

fs::path shipped_folder() {
  std::error_code ignored;
  const auto program = fs::read_symlink("/proc/self/exe", ignored);
  return program.parent_path().parent_path() / "share/vaultbell/adapters";
}

}  // namespace vaultbell::agent::adapters
