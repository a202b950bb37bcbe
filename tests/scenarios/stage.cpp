#include "tests/scenarios/stage.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "shared/base/nearest.hpp"
#include "tests/scenarios/statements.hpp"

namespace vaultbell::scenarios {

namespace {

constexpr Duration kStep = std::chrono::seconds(1);

tl::unexpected<Error> not_understood(const std::vector<Word>& words) {
  std::string line;
  std::string hint;
  std::set<std::string> known;
  for (const auto& statement : Stage::statements()) {
    for (auto& keyword : statement.pattern.keywords()) known.insert(std::move(keyword));
  }
  const std::vector<std::string_view> keywords(known.begin(), known.end());
  for (const auto& word : words) {
    line += (line.empty() ? "" : " ") + (word.is_quoted ? '"' + word.text + '"' : word.text);
    if (hint.empty() && !word.is_quoted && !known.contains(word.text)) {
      hint = did_you_mean(word.text, keywords);
    }
  }
  std::string allowed;
  for (const auto& statement : Stage::statements()) {
    allowed += "\n  " + statement.pattern.form();
  }
  return fail(fmt::format("\"{}\" is no statement{}\nallowed are:{}", line, hint, allowed));
}

}  // namespace

Result<Instant> parse_time(std::string_view date, std::string_view time) {
  const auto instant =
      parse_iso(fmt::format("2026-{}T{}{}Z", date, time, time.size() == 5 ? ":00" : ""));
  if (!instant) {
    return fail(fmt::format("\"{} {}\" is not a time (example: 03-01 02:20)", date, time));
  }
  return *instant;
}

Result<Instant> Stage::time_of(const Match& match) const {
  const auto date = match.find("DATE");
  if (date != match.end()) return parse_time(date->second, match.at("TIME"));
  const auto today = to_iso(now()).substr(5, 5);
  auto time = parse_time(today, match.at("TIME"));
  if (time && *time <= now()) *time += std::chrono::hours(24);
  return time;
}

Status Stage::check_unexpected() {
  for (auto& mail : world_.take_mails()) mails_.push_back(std::move(mail));
  if (auto faults = world_.take_faults(); !faults.empty()) return fail(std::move(faults.front()));
  return {};
}

Status Stage::step(Duration duration) {
  if (auto ok = check_unexpected(); !ok) return ok;
  if (!mails_.empty()) return fail(line_of(mails_.front()) + ", which no line expects");
  world_.pass(duration);
  return check_unexpected();
}

void Stage::perform_planned() {
  while (!planned_.empty() && planned_.begin()->first <= now()) {
    const auto what = planned_.extract(planned_.begin());
    what.mapped()();
  }
}

Status Stage::advance(Instant until) {
  if (until < now()) return fail(fmt::format("{} is in the past", to_iso(until)));
  while (now() < until) {
    perform_planned();
    const auto next = planned_.empty() ? until : std::min(until, planned_.begin()->first);
    if (auto ok = step(std::min<Duration>(kStep, next - now())); !ok) return ok;
  }
  perform_planned();
  return check_unexpected();
}

Status Stage::play(const std::vector<Word>& words) {
  for (const auto& statement : statements()) {
    if (const auto match = statement.pattern.match(words)) {
      if (auto ok = statement.carry_out(*this, *match); !ok) return ok;
      return check_unexpected();
    }
  }
  return not_understood(words);
}

const std::vector<Stage::Statement>& Stage::statements() {
  static const std::vector<Statement> all = [] {
    std::vector<Statement> statements;
    for (const auto& some :
         {settings(), people(), hosts(), aggregator_and_mail(), orders(), expectations()}) {
      statements.insert(statements.end(), some.begin(), some.end());
    }
    return statements;
  }();
  return all;
}

}  // namespace vaultbell::scenarios
