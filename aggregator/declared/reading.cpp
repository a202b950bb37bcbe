#include "aggregator/declared/reading.hpp"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "aggregator/declared/tables.hpp"
#include "shared/config/toml_file.hpp"

namespace vaultbell::declared {

namespace {

using config::TomlFile;

class Reading {
 public:
  void read(TomlFile file, const std::filesystem::path& path) {
    read_tables(file, path.string(), names_, loaded_.declaration);
    auto mistakes = file.mistakes();
    std::ranges::move(mistakes, std::back_inserter(loaded_.mistakes));
    ++loaded_.files;
  }
  void complain(std::string mistake) { loaded_.mistakes.push_back(std::move(mistake)); }

  Loaded finish() {
    if (const auto count = loaded_.declaration.size(); count > kObjectsMax) {
      complain(fmt::format("{} objects are declared, at most {} are possible", count, kObjectsMax));
    }
    return std::move(loaded_);
  }

 private:
  Loaded loaded_;
  DeclaredNames names_;
};

bool is_ours(const std::filesystem::directory_entry& entry) {
  const auto name = entry.path().filename().string();
  std::error_code ignored;
  return entry.path().extension() == ".toml" && !name.starts_with('.') &&
         !entry.is_directory(ignored);
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder,
                                            std::error_code& error) {
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_ours(*entry)) files.push_back(entry->path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

Loaded read_folder(const std::filesystem::path& folder) {
  std::error_code error;
  Reading reading;
  const auto files = files_in(folder, error);
  if (error == std::errc::no_such_file_or_directory) return {};
  if (error) reading.complain(fmt::format("{}: {}", folder.string(), error.message()));
  if (files.size() > kFilesMax) {
    reading.complain(fmt::format("{}: {} files, at most {} are possible", folder.string(),
                                 files.size(), kFilesMax));
    return reading.finish();
  }
  for (const auto& path : files) reading.read(TomlFile::open(path), path);
  return reading.finish();
}

Loaded read_path(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return read_folder(path);
  Reading reading;
  reading.read(TomlFile::open(path), path);
  return reading.finish();
}

Loaded read_texts(const std::vector<std::pair<std::filesystem::path, std::string>>& texts) {
  Reading reading;
  for (const auto& [path, text] : texts) reading.read(TomlFile::parse(path, text), path);
  return reading.finish();
}

}  // namespace vaultbell::declared
