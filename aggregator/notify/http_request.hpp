// HttpRequest: what is to be sent by HTTP. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/enum_text.hpp"

namespace vaultbell::notify {

enum class HttpMethod : std::uint8_t { post = 1, get = 2, put = 3 };

struct HttpRequest {
  std::string url;
  std::vector<std::string> headers;  // "Name: value"
  std::string body;
  HttpMethod method = HttpMethod::post;

  bool operator==(const HttpRequest&) const = default;
};

}  // namespace vaultbell::notify

namespace vaultbell {

template <>
inline constexpr auto kEnumText<notify::HttpMethod> = std::to_array<EnumText<notify::HttpMethod>>({
    {notify::HttpMethod::post, "POST"},
    {notify::HttpMethod::get, "GET"},
    {notify::HttpMethod::put, "PUT"},
});

}  // namespace vaultbell
