// Session: what a command has at hand while it runs: what was typed, the aggregator, and the two
// ways to say something. Data goes to standard output; remarks to standard error.
#pragma once

#include <chrono>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/ctl/api.hpp"
#include "aggregator/ctl/command.hpp"
#include "aggregator/ctl/table.hpp"
#include "aggregator/ctl/terminal.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::ctl {

// Longer than the API's own deadline, so that its answer (504) arrives: only the aggregator can say
// that it took an order and does not know what became of it.
inline constexpr Duration kTimeoutDefault = std::chrono::seconds(15);

// Standard streams, or a test's.
struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool is_in_terminal = false;          // somebody can be asked
  bool is_out_terminal = false;         // somebody reads it
  bool (*has_reader_left)() = nullptr;  // whether whoever read `out` has stopped; may be null
};

class Session {
 public:
  // Errors: a global flag has a value that it cannot have.
  static Expected<Session> open(Invocation invocation, const Streams& streams);

  [[nodiscard]] const Invocation& typed() const { return typed_; }
  [[nodiscard]] const std::string& argument(std::size_t i) const { return typed_.arguments[i]; }
  [[nodiscard]] const Manner& manner() const { return manner_; }
  [[nodiscard]] bool is_dry_run() const { return typed_.has("dry-run"); }
  [[nodiscard]] Duration timeout() const { return timeout_; }
  [[nodiscard]] Api& api() { return *api_; }

  // ---- data

  void print(std::string_view text) const;
  // As the format wants it: indented, in one line.
  void print_json(const Json& json) const;
  // A list: as a table, or an array of the items.
  Expected<ExitCode> print_list(std::vector<Json> items, std::span<const Column> columns) const;
  // One object's fields, one a line; in JSON the object itself. A table leaves out what is not
  // there and shows times both ways.
  void print_fields(const Json& object, std::span<const Column> fields) const;

  // ---- besides

  void remark(
      std::string_view text) const;  // for people: not with --quiet or JSON, nor an empty one
  // Yes only by --yes, or by somebody at a terminal. Error: nobody can be asked.
  Expected<bool> confirm(std::string_view question) const;

  // How many items the user wants at most.
  [[nodiscard]] std::size_t limit_or(std::size_t usual) const;

 private:
  Session(Invocation typed, const Streams& streams) : typed_(std::move(typed)), streams_(streams) {}

  Invocation typed_;
  Streams streams_;
  Manner manner_;
  std::size_t limit_ = 0;
  Duration timeout_{};
  std::unique_ptr<Api> api_;
};

}  // namespace vaultbell::ctl
