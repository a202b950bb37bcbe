// Listing: a list of the API as the command shows it, and how it gets there.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/ctl/session.hpp"

namespace vaultbell::ctl {

using Rank = std::function<std::size_t(const Json&)>;

// By the words of one field, from the worst on; all others are as good as each other.
Rank by_words(std::string_view path, std::vector<std::string_view> worst_first);

struct Listing {
  std::string path;
  std::vector<std::string_view> filters;  // flags that go into the query under their own names
  std::vector<Column> columns;
  std::string_view none;          // what is said when it is empty, and what to do
  std::string_view none_matches;  // the same where a filter was given
  // Where the worst come first: how bad an item is, 0 the worst, and the field that counts among
  // equals. Without it, the API's order: the newest first.
  Rank rank;
  std::string_view then_by;
  // The items as rows for people and for tsv, where a field of the API is no column; may be null.
  std::vector<Json> (*rows_of)(std::vector<Json> items) = nullptr;
};

// Asks for the items and prints them; `query` is asked for besides the filters.
Expected<ExitCode> list(Session& session, const Listing& listing, Query query = {});

}  // namespace vaultbell::ctl
