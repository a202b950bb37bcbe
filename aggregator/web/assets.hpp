#pragma once

// The dashboard's files, as the program carries them: index.html, and the scripts and styles that
// it names. Made at the build of what is in this folder; serving them is the API's.

#include <span>
#include <string_view>

namespace vaultbell::web {

// One file. Everything lives as long as the program.
struct Asset {
  std::string_view path;  // "/index.html"; below "/assets/" the name changes with the content
  std::string_view type;  // for Content-Type
  std::string_view etag;  // of the gzipped bytes, in quotes, as it is sent
  std::span<const unsigned char> gzip;
};

// All of them, in the order of their paths.
std::span<const Asset> assets();

}  // namespace vaultbell::web
