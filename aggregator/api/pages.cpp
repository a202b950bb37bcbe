#include "aggregator/api/pages.hpp"

#include <algorithm>
#include <string_view>

#include "aggregator/api/problem.hpp"
#include "aggregator/web/assets.hpp"

namespace vaultbell::api {

namespace {

constexpr std::string_view kIndex = "/index.html";
constexpr std::string_view kHashed = "/assets/";  // the names below change with the content

// Nothing is run, shown or asked but what comes from here, and nobody frames it.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' "
    "data:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const web::Asset* asset_at(std::string_view path) {
  const auto all = web::assets();
  const auto found = std::ranges::find(all, path, &web::Asset::path);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

HttpResponse page_of(const HttpRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    auto response = to_response({.status = 405,
                                 .code = "method_not_allowed",
                                 .message = request.method + " is not possible here",
                                 .hint = "possible: GET, HEAD"});
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }
  const auto path = std::string_view(request.target).substr(0, request.target.find('?'));
  const auto* asset = asset_at(path);
  const bool is_hashed = path.starts_with(kHashed);
  if (asset == nullptr && is_hashed) {
    return to_response({.status = 404,
                        .code = "not_found",
                        .message = "there is no such file of the dashboard",
                        .hint = "load the page again: it is of another version"});
  }
  if (asset == nullptr) asset = asset_at(kIndex);
  HttpResponse response{.content_type = std::string(asset->type)};
  response.headers = {
      {"ETag", std::string(asset->etag)},
      {"Cache-Control", is_hashed ? "public, max-age=31536000, immutable" : "no-cache"},
      {"Content-Security-Policy", std::string(kPolicy)},
      {"Referrer-Policy", "no-referrer"},
      {"Content-Encoding", "gzip"}};
  if (request.if_none_match == asset->etag) {
    response.status = 304;
  } else {
    response.body.assign(reinterpret_cast<const char*>(asset->gzip.data()), asset->gzip.size());
  }
  return response;
}

}  // namespace vaultbell::api
