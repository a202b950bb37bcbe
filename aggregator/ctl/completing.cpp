#include "aggregator/ctl/completing.hpp"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/command.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::ctl {

namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kNamesMax = 1000;  // more is no help to anybody, and takes long to print
constexpr auto kPatience = "1s";         // somebody waits at a prompt

// ---- words that are always the same

struct Choices {
  std::string_view flag;
  std::string_view noun;  // of the command; empty: of any
  std::string_view words;
};

constexpr std::string_view kSeverities = "critical warning informational";

constexpr Choices kChoices[] = {
    {"output", "", "table wide json ndjson tsv"},
    {"color", "", "auto always never"},
    {"severity", "", kSeverities},
    {"min-severity", "", kSeverities},
    {"frequency", "", "each hourly daily"},
    {"outcome", "", "running succeeded warning failed cancelled"},
    {"warnings-as", "", "failed succeeded none"},
    {"high-frequency", "", "yes no"},
    {"bands", "", "yes no"},
    {"schedule", "", "none"},
    {"policy", "", "default off"},
    {"state", "client", "invited online offline disconnected retired"},
    {"state", "alert", "active acknowledged inactive all"},
    {"state", "delivery", "pending sending delivered given_up cancelled gathered"},
    {"state", "enrol", "waiting name_taken rejected"},
    {"operation", "",
     "configure backup log_backup restore verify prune delete_backup stop_protection_retain "
     "stop_protection_delete"},
    {"kind", "",
     "backup_failed restore_failed operation_failed backup_warning protection_stopped "
     "backup_data_deleted client_disconnected spool_full vault_outage backup_missed backup_overdue "
     "run_too_long backup_blocked verify_overdue duration_anomaly size_anomaly cloned_client "
     "never_connected delivery_failing self test"},
};

constexpr std::string_view kModes = "default custom off";
constexpr std::string_view kModesOfClients = "default custom off same-as-vault";

// ---- what was typed so far

struct Typed {
  Words words;                                             // neither flags nor their values
  std::map<std::string, std::string, std::less<>> values;  // of the flags, by their names
  std::string current;                                     // the word being typed
  const Flag* awaiting = nullptr;                          // the flag whose value that is
  std::string before;  // what stands in the same word before the value: "--vault="
  bool are_flags_over = false;
};

void take(Typed& typed, const std::string& word) {
  if (typed.awaiting != nullptr) {
    typed.values[std::string(typed.awaiting->name)] = word;
    typed.awaiting = nullptr;
  } else if (typed.are_flags_over || !word.starts_with('-') || word == "-") {
    typed.words.push_back(word);
  } else if (word == "--") {
    typed.are_flags_over = true;
  } else {
    const auto end = std::min(word.find('='), word.size());
    if (end == word.size()) typed.awaiting = flag_awaiting_value(word);
    const auto* flag = flag_named(word.substr(0, end));
    if (flag == nullptr) return;
    typed.values[std::string(flag->name)] = word.substr(std::min(end + 1, word.size()));
  }
}

Typed cut(std::span<const std::string> all) {
  Typed typed;
  if (all.empty()) return typed;
  for (const auto& word : all.first(all.size() - 1)) take(typed, word);
  typed.current = all.back();
  const auto equals = typed.current.find('=');
  const bool is_flag = !typed.are_flags_over && typed.awaiting == nullptr;
  if (is_flag && typed.current.starts_with("--") && equals != std::string::npos) {
    typed.awaiting = flag_awaiting_value(typed.current.substr(0, equals));
    typed.before = typed.current.substr(0, equals + 1);
    typed.current.erase(0, equals + 1);
  }
  return typed;
}

// ---- names that the aggregator knows

struct List {
  std::string_view noun;
  std::string_view path;  // below /api/v1
  std::string_view name;  // its field
  std::string_view what;  // the field that says what it is; may be empty
};

constexpr List kLists[] = {
    {"client", "clients", "name", "state"},
    {"vault", "vaults", "name", ""},
    {"contact", "contacts", "name", ""},
    {"group", "groups", "name", ""},
    {"job", "jobs", "name", "client"},
    {"alert", "alerts", "id", "headline"},
    {"delivery", "deliveries", "id", "subject"},
    {"maintenance", "maintenances", "id", "why"},
    {"token", "enrolment/tokens", "id", "vault"},
    {"run", "runs", "id", "job"},
    {"enrol", "enrolment/requests", "name", "state"},
};

const List* list_of(std::string_view noun) {
  const auto* found = std::ranges::find(kLists, noun, &List::noun);
  return found == std::end(kLists) ? nullptr : found;
}

std::string in_small_letters(std::string_view text) {
  std::string small(text);
  for (auto& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return small;
}

// What there is already and can stand at a place of a command: the second of "CLIENT JOB" is a job;
// NAME and ID are of what the command is about.
const List* list_at(const Command& command, std::size_t index) {
  const auto places = words_in(command.arguments);
  if (places.empty()) return nullptr;
  const bool is_last = index + 1 >= places.size();
  auto place = places[std::min(index, places.size() - 1)];
  if (place.ends_with("...")) place.remove_suffix(3);
  if (place.starts_with('[')) place = place.substr(1, place.size() - 2);
  const auto words = words_in(command.words);
  const bool makes_it = words.back() == "create" || words.back() == "add";
  if (makes_it && is_last && (place == "NAME" || place == "JOB")) return nullptr;
  if (place != "NAME" && place != "ID") return list_of(in_small_letters(place));
  for (auto word = words.rbegin(); word != words.rend(); ++word) {
    if (const auto* list = list_of(*word)) return list;
  }
  return nullptr;
}

// ---- candidates

class Candidates {
 public:
  Candidates(const Typed& typed, const Streams& streams) : typed_(typed), out_(streams.out) {}

  // Only what begins as the word does that is being typed, can be typed, and is no flag.
  void name(std::string_view name, std::string_view what) {
    if (!name.empty() && !name.starts_with('-') && !has_control(name)) put(name, what);
  }

  void flag(const Flag& flag) { put(fmt::format("--{}", flag.name), flag.help); }

  void words(std::string_view all) {
    for (const auto word : words_in(all)) name(word, "");
  }

  void files() { out_ << '\n'; }

 private:
  void put(std::string_view word, std::string_view what) {
    if (!word.starts_with(typed_.current)) return;
    out_ << fmt::format("{}{}\t{}\n", typed_.before, word, one_line(what));
  }

  const Typed& typed_;
  std::ostream& out_;
};

class Completing {
 public:
  Completing(const Typed& typed, const Streams& streams)
      : typed_(typed), streams_(streams), candidates_(typed, streams) {}

  void print() {
    auto words = usual(typed_.words);
    const auto [command, count] = find_command(words);
    if (typed_.awaiting != nullptr) return value_of(*typed_.awaiting, words);
    if (typed_.current.starts_with('-') && !typed_.are_flags_over) return flags_for(command);
    if (command == nullptr) return next_word(words);
    if (command->words == "help") return next_word({words.begin() + 1, words.end()});
    argument(*command,
             {typed_.words.begin() + static_cast<std::ptrdiff_t>(count), typed_.words.end()});
  }

 private:
  void next_word(const Words& words) {
    const auto begin = fmt::format("{}", fmt::join(words, " "));
    for (const auto word : next_words(begin)) {
      auto whole = words;
      whole.emplace_back(word);
      const auto [command, count] = find_command(whole);
      const bool is_whole = command != nullptr && count == whole.size();
      candidates_.name(word, is_whole ? command->help : "");
    }
  }

  void flags_for(const Command* command) {
    if (command != nullptr) {
      for (const auto& own : flags_of(*command)) {
        if (own.may_repeat || !typed_.values.contains(own.name)) one_flag(own.name);
      }
    }
    for (const auto name : global_flags()) {
      if (!typed_.values.contains(name)) one_flag(name);
    }
  }

  void one_flag(std::string_view name) {
    const auto* flag = flag_named(fmt::format("--{}", name));
    if (flag != nullptr) candidates_.flag(*flag);
  }

  void value_of(const Flag& flag, const Words& words) {
    const auto noun = words.empty() ? std::string() : words.front();
    if (const auto choices = choices_of(flag.name, noun); !choices.empty()) {
      candidates_.words(choices);
    } else if (flag.value == "PATH") {
      candidates_.files();
    } else if (flag.value == "ID") {
      names_of(list_of(flag.name), {});
    } else if (flag.name == "recipient") {
      names_of(list_of("contact"), {});
    } else {
      names_of(list_of(in_small_letters(flag.value)), given("client"));
    }
  }

  void argument(const Command& command, const Words& arguments) {
    if (arguments.size() >= command.arguments_max) return;
    const auto places = words_in(command.arguments);
    const auto place = places[std::min(arguments.size(), places.size() - 1)];
    if (place == "MODE") {
      candidates_.words(command.words.ends_with("client") ? kModesOfClients : kModes);
    } else if (place == "[PATH]") {
      candidates_.files();
    } else {
      names_of(list_at(command, arguments.size()), arguments.empty() ? "" : arguments.front());
    }
  }

  // `client`: whose jobs; of anything else it says nothing.
  void names_of(const List* list, const std::string& client) {
    if (list == nullptr) return;
    auto session = Session::open(asking(), streams_);
    if (!session) return;
    Query query;
    if (list->noun == "job" && !client.empty()) query.emplace_back("client", client);
    const auto items = session->api().list(fmt::format("/api/v1/{}", list->path), query, kNamesMax);
    if (!items) return;
    for (const auto& item : *items) {
      const bool is_number = at(item, list->name).is_number();
      candidates_.name(
          is_number ? std::to_string(number_at(item, list->name)) : text_at(item, list->name),
          list->what.empty() ? "" : text_at(item, list->what));
    }
  }

  // What is needed to ask: where the aggregator listens, and how long to wait.
  [[nodiscard]] Invocation asking() const {
    Invocation invocation;
    invocation.flags["timeout"] = {{kPatience}, "--timeout", 1};
    if (const auto socket = given("socket"); !socket.empty()) {
      invocation.flags["socket"] = {{socket}, "--socket", 1};
    }
    return invocation;
  }

  [[nodiscard]] std::string given(std::string_view flag) const {
    const auto found = typed_.values.find(flag);
    return found == typed_.values.end() ? std::string() : found->second;
  }

  const Typed& typed_;
  const Streams& streams_;
  Candidates candidates_;
};

}  // namespace

std::string_view choices_of(std::string_view flag, std::string_view noun) {
  for (const auto& choices : kChoices) {
    if (choices.flag == flag && (choices.noun.empty() || choices.noun == noun)) {
      return choices.words;
    }
  }
  return {};
}

void complete(std::span<const std::string> typed, const Streams& streams) {
  const auto so_far = cut(typed);
  Completing(so_far, streams).print();
}

}  // namespace vaultbell::ctl
