// Tables: how one table of a file says what an object is. The keys are the fields of the API.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "aggregator/declared/declaration.hpp"
#include "shared/config/toml_file.hpp"

namespace vaultbell::declared {

// What is declared so far, by kind and name: each may be declared once.
using DeclaredNames = std::map<std::pair<std::string, std::string>, Origin>;

// Adds the objects of one file. Mistakes are complained of in it.
void read_tables(config::TomlFile& file, const std::string& path, DeclaredNames& names,
                 Declaration& declaration);

}  // namespace vaultbell::declared
