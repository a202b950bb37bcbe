// Changing: orders to the aggregator, and what is said of what they changed.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "aggregator/ctl/body.hpp"
#include "aggregator/ctl/session.hpp"

namespace vaultbell::ctl {

struct Change {
  std::string_view method;
  std::string path;
  Json body;
};

// One order: prints what changed, or in a dry run would change. Returns the answer.
Expected<Json> order(Session& session, const Change& change);

// The same, with its exit code: `differences` where a dry run is asked for by exit code and
// something would change.
Expected<ExitCode> change(Session& session, const Change& change);

// One order that makes something whose secret the answer shows once: `show` prints it, for people
// and where it was really made.
Expected<ExitCode> make_secret(Session& session, const Change& change,
                               const std::function<void(const Json& answer)>& show);

// The failure of an edit without any flag.
tl::unexpected<Failure> nothing_given(const Session& session);

// PATCH with the fields of the flags that were given. Failure: there are none.
Expected<ExitCode> edit(Session& session, const std::string& path,
                        std::span<const BodyField> fields);

// The same order for every argument, one after the other; `what` is the kind of thing that the
// arguments number. Done if all are, partly done if some are, else the first one's failure.
Expected<ExitCode> change_each(Session& session, std::string_view what,
                               const std::function<Change(const std::string&)>& change_of);

// The fields that a change moves, as "policy: default -> off"; those of objects as "timing.x: ...",
// also where the whole object is new or gone.
std::vector<std::string> differences_of(const Json& change, const Manner& manner);

// What an answer says was changed, for people.
void print_changes(const Session& session, const Json& answer);

// What the exit code says of a change that was made.
ExitCode exit_of(const Session& session, const Json& answer);

}  // namespace vaultbell::ctl
