// Plan: what is to be done so that the store holds what files declare, and no more is said to be
// declared. A pure comparison; everything is tried before anything is carried out (R9.2).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "aggregator/core/engine.hpp"
#include "aggregator/declared/declaration.hpp"

namespace vaultbell::declared {

struct Options {
  // What is there already, differs, and no file declared so far is taken over. Without it, that is
  // a clash.
  bool does_adopt = false;
  // What no file declares any more is deleted, where nothing uses it. Without it, it stays, and
  // people can change it again.
  bool does_prune = false;
};

// A code for an address: the nonce that it follows from is drawn, which a pure function cannot.
using MakeCode = std::function<core::NewCode(const core::AddressKey& place)>;

struct Wanted {
  const Declaration& declaration;
  Options options;
  std::string actor;  // on whose behalf, for the audit log
  MakeCode make_code;
};

struct Plan {
  std::vector<std::string> refusals;  // each with its place; none: all can be carried out
  std::vector<core::Order> orders;    // in the order in which they can be
  core::OrderDone done;               // what they change together
  std::vector<std::string> remarks;   // what else is to be known
  bool does_wait = false;             // for clients or jobs that are not there yet
};

// `State` must be the one to which the orders will be given, at the same time.
Plan plan(const core::State& state, Instant now, const Wanted& wanted);

}  // namespace vaultbell::declared
