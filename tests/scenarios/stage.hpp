// Stage: where a scenario is played. It carries out one statement at a time on a World, and lets
// time pass between them; a mail that no statement expects is a failure. What the statements do is
// in the files that statements.hpp lists.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/scenarios/pattern.hpp"
#include "tests/support/world.hpp"

namespace vaultbell::scenarios {

class Stage {
 public:
  explicit Stage(Instant begin) : world_(support::ordinary_settings(), begin) {}

  // Lets time pass until then. Error: a mail arrived before, or it is in the past.
  Status advance(Instant until);

  // Lets a day pass: whatever is still owed shows.
  Status finish() { return advance(world_.now() + std::chrono::hours(24)); }

  // Carries out a statement. Error: it cannot be understood, or what it expects is not so.
  Status play(const std::vector<Word>& words);

  [[nodiscard]] Instant now() const { return world_.now(); }

  struct Statement;
  static const std::vector<Statement>& statements();

  // ---- for the statements

  support::World& world() { return world_; }
  // The host named CLIENT, or by another word of the line.
  support::Host& host(const Match& match, const std::string& slot = "CLIENT") {
    return world_.host(match.at(slot));
  }
  // TIME the next time that the clock shows it, or on DATE.
  [[nodiscard]] Result<Instant> time_of(const Match& match) const;
  // Something that happens when that much time has passed.
  void plan(Instant when, std::function<void()> what) { planned_.emplace(when, std::move(what)); }
  // Lets time pass in which no mail may come. Error: one came.
  Status step(Duration duration);
  // The mails that no statement has expected yet.
  std::vector<support::Mail>& unexpected() { return mails_; }
  // The runs that were started and have not ended, by client, job and operation.
  std::map<std::string, Uuid>& open_runs() { return open_runs_; }

 private:
  void perform_planned();
  Status check_unexpected();

  support::World world_;
  std::vector<support::Mail> mails_;
  std::multimap<Instant, std::function<void()>> planned_;
  std::map<std::string, Uuid> open_runs_;
};

struct Stage::Statement {
  Pattern pattern;
  std::string_view meaning;
  std::function<Status(Stage&, const Match&)> carry_out;
};

// "MM-DD" "HH:MM" or "HH:MM:SS", of 2026.
Result<Instant> parse_time(std::string_view date, std::string_view time);

}  // namespace vaultbell::scenarios
