// The commands, as data: what can be typed, what it takes, how it is explained, what carries it
// out. Help, "did you mean" and the documentation's test all read these tables.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/ctl/failure.hpp"

namespace vaultbell::ctl {

class Session;

struct Flag {
  std::string_view name;        // "state": typed as --state
  std::string_view short_name;  // "o": typed as -o; may be empty
  std::string_view value;       // "STATE", what stands behind it; empty: nothing does
  std::string_view help;
  std::string_view alias = {};  // another spelling: --email for --mail
  std::string_view field = {};  // what the API calls it, where that is another word
};

struct Command {
  std::string_view words;      // "enrol token create"
  std::string_view arguments;  // "NAME", "ID..."; for the help
  std::size_t arguments_min = 0;
  std::size_t arguments_max = 0;
  // Names, separated by spaces: besides those that every command takes. A "+" behind a name: it may
  // be given several times.
  std::string_view flags;
  std::string_view help;  // in a few words
  std::string_view example;
  Expected<ExitCode> (*run)(Session&) = nullptr;
};

std::span<const Command> commands();

// The words of a text that are separated by spaces.
std::vector<std::string_view> words_in(std::string_view text);

// Every flag of any command; a name means the same, and takes a value or not, wherever it is taken.
std::span<const Flag> flags();

// The names of those that every command takes.
std::span<const std::string_view> global_flags();

// A flag of one command.
struct TakenFlag {
  std::string_view name;
  bool may_repeat = false;
};
std::vector<TakenFlag> flags_of(const Command& command);

// Whether the command takes this flag, as its own or as every command does.
bool takes(const Command& command, std::string_view flag);

// What was given of one flag.
struct GivenFlag {
  std::vector<std::string> values;  // in their order; none of a flag without a value
  std::string spelling;             // as it was typed: "--email"
  std::size_t count = 0;            // how many times
};

// What was typed, understood.
struct Invocation {
  const Command* command = nullptr;
  std::vector<std::string> arguments;
  std::map<std::string, GivenFlag, std::less<>> flags;  // those given, by their names

  [[nodiscard]] bool has(std::string_view flag) const { return flags.contains(flag); }
  // The first one; "" where it was not given.
  [[nodiscard]] std::string value(std::string_view flag) const;
  [[nodiscard]] std::vector<std::string> values(std::string_view flag) const;
  // "--email" where it was typed so, else "--mail".
  [[nodiscard]] std::string spelling(std::string_view flag) const;
};

// Understands the words behind the program's name. Asking for help in any way is the command
// "help". Failures: usage, with what may have been meant.
Expected<Invocation> understand(const std::vector<std::string>& typed);

// The first word that is neither a flag nor a flag's value, also of what cannot be understood; ""
// where there is none.
std::string first_word(const std::vector<std::string>& typed);

// An error of the API in the words that were typed: its fields as the flags that they came from,
// "disconnect_after: ..." as "--disconnect-after: ...". What stands in quotes stays as it is.
std::string with_flags(std::string_view message, const Invocation& typed);

// Whether failures are to be told as JSON, even those of understanding.
bool wants_json(const std::vector<std::string>& typed);

// ---- what help, understanding and completing share

// The flag that is typed so, "--mail" or "--email"; null where there is none.
const Flag* flag_named(std::string_view typed);

// The flag whose value is the next that was typed: of "--timeout", "-o", "-qo"; null where the next
// is something else.
const Flag* flag_awaiting_value(std::string_view typed);

// The words that can follow `begin` ("" for the first): of "enrol" token, pending, ...
std::vector<std::string_view> next_words(const std::string& begin);

// The words of commands in their usual spelling: "clients" is "client".
std::vector<std::string> usual(std::vector<std::string> words);

// The command that these words begin with, the longest; how many words it has.
std::pair<const Command*, std::size_t> find_command(const std::vector<std::string>& words);

// Why no command begins with these words: which one is wrong, or what is missing.
tl::unexpected<Failure> no_such_command(const std::vector<std::string>& words);

// The help for some words: of a command, of those that begin with them, or (no words) of all.
Expected<std::string> help_for(const std::vector<std::string>& words);

}  // namespace vaultbell::ctl
