// Listing: a list of the API as the command shows it, and how it gets there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aggregator/ctl/session.hpp"

namespace vaultbell::ctl {

struct Listing {
  std::string path;
  std::vector<std::string_view> filters;  // flags that go into the query under their own names
  std::vector<Column> columns;
  std::string_view none;          // what is said when it is empty, and what to do
  std::string_view none_matches;  // the same where a filter was given
  // Where the worst come first: the field, its words from the worst on, and what counts among
  // equals. Without it, the API's order: the newest first.
  std::string_view ranked_by;
  std::vector<std::string_view> worst_first;
  std::string_view then_by;
};

// Asks for the items and prints them; `query` is asked for besides the filters.
Expected<ExitCode> list(Session& session, const Listing& listing, Query query = {});

}  // namespace vaultbell::ctl
