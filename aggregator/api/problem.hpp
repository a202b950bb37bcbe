// Problem: why a request was not answered as asked, in the one shape that every client can read:
// {"error":{"code":"not_found","message":"...","hint":"..."}}, with an HTTP status.
#pragma once

#include <string>
#include <vector>

#include "aggregator/api/http_message.hpp"
#include "aggregator/api/json.hpp"
#include "shared/base/result.hpp"

namespace vaultbell::api {

struct Problem {
  unsigned status = 500;
  std::string code;                       // for programs: a word of docs/api.md
  std::string message;                    // for people: what is wrong
  std::string hint;                       // what would be right; empty where nothing is known
  std::vector<std::string> details = {};  // where several things are wrong: each, in a sentence
};

// Status and code follow from the error's code; a "did you mean" at the end of its message becomes
// the hint.
Problem problem_of(const Error& error);

HttpResponse to_response(const Problem& problem);

// The same with more members, an object: what programs can use besides the code.
HttpResponse to_response(const Problem& problem, const Json& more);

}  // namespace vaultbell::api
