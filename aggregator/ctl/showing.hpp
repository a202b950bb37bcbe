// Showing one thing: its fields, and for people what belongs under them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aggregator/ctl/session.hpp"

namespace vaultbell::ctl {

using Columns = std::vector<Column>;

// Prints the fields of the object at `path`; `and_more` prints the rest, not in JSON.
Expected<ExitCode> show(Session& session, const std::string& path, const Columns& fields,
                        void (*and_more)(const Session&, const Json&) = nullptr);

// A list inside an object, as a table under a title; nothing where it is empty.
void print_inner(const Session& session, const Json& list, std::string_view title,
                 const Columns& columns);

// A text line by line, each behind the indent: each harmless, none cut.
void print_lines(const Session& session, std::string_view text, std::string_view indent = {});

// Where a contact or a group (of the list `kind`) is used; `none` is said where it is not.
Expected<ExitCode> show_uses(Session& session, std::string_view kind, std::string_view none);

}  // namespace vaultbell::ctl
