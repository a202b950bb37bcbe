// The table of routes: which request is answered by which function. docs/api.md describes each; a
// test compares the two.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "aggregator/api/answers.hpp"
#include "aggregator/api/problem.hpp"

namespace vaultbell::api {

// A route of a change that is not named in routes.cpp among those of operators needs an
// administrator.
struct Route {
  std::string_view method;
  std::string_view path;  // "/api/v1/clients/{name}": a {place} takes one segment
  Result<Answer> (*answer)(const Scene&, Asked&);
};

std::span<const Route> routes();

// Whether something is changed by it; one asks by POST because its question is long.
bool is_changing(const Route& route);

// What somebody must at least be for it (R9.3); absent: nobody known, as to sign in.
std::optional<core::Role> needed_role(const Route& route);

struct Matched {
  const Route* route = nullptr;
  std::vector<std::string> names;  // what stood in the places
};

// Which other methods the path has, when this one is not among them.
struct WrongMethod {
  std::string allowed;  // "GET, POST"
};
struct NoSuchPath {};

std::variant<Matched, WrongMethod, NoSuchPath> match(std::string_view method,
                                                     const std::vector<std::string>& path);

}  // namespace vaultbell::api
