#include "tests/scenarios/scenario.hpp"

#include <optional>

#include <fmt/format.h>

#include "shared/base/files.hpp"
#include "shared/base/text.hpp"
#include "tests/scenarios/stage.hpp"

namespace vaultbell::scenarios {

namespace {

constexpr std::size_t kFileBytesMax = 64UL * 1024;
constexpr std::string_view kRefused = "# refused: ";

struct Line {
  std::size_t number = 0;
  std::string_view text;
};

std::vector<Line> lines_of(std::string_view content) {
  std::vector<Line> lines;
  for (std::size_t number = 1; !content.empty(); ++number) {
    const auto end = std::min(content.find('\n'), content.size());
    lines.push_back({number, content.substr(0, end)});
    content.remove_prefix(std::min(end + 1, content.size()));
  }
  return lines;
}

bool has_form(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !is_digit : text[i] != form[i]) return false;
  }
  return true;
}

// Takes the date, the time or "end" from the front of a line.
struct When {
  std::string date;
  std::string time;
  bool is_end = false;
};
When take_when(std::vector<Word>& words) {
  When when;
  const auto take = [&] {
    auto text = words.front().text;
    words.erase(words.begin());
    return text;
  };
  const auto next_is = [&](std::string_view form) {
    return !words.empty() && !words.front().is_quoted && has_form(words.front().text, form);
  };
  if (next_is("00-00")) when.date = take();
  if (next_is("00:00") || next_is("00:00:00")) when.time = take();
  if (next_is("end")) {
    when.is_end = true;
    take();
  }
  return when;
}

Status check_title(std::string_view title) {
  const auto rules = title.find("# R");
  if (rules == std::string_view::npos || trimmed(title.substr(0, rules)).empty()) {
    return fail("the first line is a sentence and the rules it is about: A sentence.  # R4.5");
  }
  return {};
}

class Player {
 public:
  // Errors begin with the number of the line.
  Status play(const Line& line) {
    auto words = split(line.text);
    if (!words) return in_line(line.number, fail(words.error()));
    const auto when = take_when(*words);
    const bool has_time = !when.date.empty() || !when.time.empty() || when.is_end;
    if (words->empty() && !has_time) return {};
    if (has_ended_) return in_line(line.number, fail("nothing follows the end"));
    // Statements before the first time are carried out at that time.
    statements_.emplace_back(line.number, std::move(*words));
    if (auto ok = move_to(when); !ok) return in_line(line.number, ok);
    has_ended_ = when.is_end;
    if (!stage_) return {};
    for (const auto& [number, statement] : std::exchange(statements_, {})) {
      if (auto ok = stage_->play(statement); !ok) return in_line(number, ok);
    }
    return {};
  }

  Status finish(std::size_t last_line) {
    if (has_ended_) return {};
    return in_line(last_line, fail("the last line is: end  nothing else was sent"));
  }

  static Status in_line(std::size_t number, const Status& status) {
    return fail(fmt::format("{}: {}", number, status.error().message));
  }

 private:
  Status move_to(const When& when) {
    if (when.is_end && !stage_) return fail("nothing has happened before the end");
    if (when.is_end) return stage_->finish();
    if (when.time.empty()) return when.date.empty() ? Status() : fail("a date without a time");
    if (when.date.empty() && !stage_) return fail("the first time needs a date");
    const auto date = when.date.empty() ? to_iso(stage_->now()).substr(5, 5) : when.date;
    const auto time = parse_time(date, when.time);
    if (!time) return fail(time.error());
    if (stage_) return stage_->advance(*time);
    stage_.emplace(*time);
    return {};
  }

  std::optional<Stage> stage_;
  std::vector<std::pair<std::size_t, std::vector<Word>>> statements_;  // not yet carried out
  bool has_ended_ = false;
};

Status play_lines(const std::vector<Line>& lines) {
  if (lines.empty()) return fail("1: the file is empty");
  if (auto ok = check_title(lines.front().text); !ok) return Player::in_line(1, ok);
  Player player;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (auto ok = player.play(lines[i]); !ok) return ok;
  }
  return player.finish(lines.size());
}

}  // namespace

Status play(const std::filesystem::path& file) {
  const auto content = read_file(file, kFileBytesMax);
  if (!content) return fail(content.error());
  const auto played = play_lines(lines_of(*content));
  if (!played) return fail(fmt::format("{}:{}", file.string(), played.error().message));
  return {};
}

Status play_canary(const std::filesystem::path& file) {
  const auto content = read_file(file, kFileBytesMax);
  if (!content) return fail(content.error());
  const auto lines = lines_of(*content);
  if (lines.size() < 2 || !lines[1].text.starts_with(kRefused)) {
    return fail(fmt::format("{}:2: a canary says how it must be refused", file.string()));
  }
  const auto wanted = lines[1].text.substr(kRefused.size());
  const auto played = play_lines(lines);
  if (played) return fail(fmt::format("{} was not refused", file.string()));
  if (played.error().message.starts_with(wanted)) return {};
  return fail(fmt::format("{} was refused otherwise: {}", file.string(), played.error().message));
}

}  // namespace vaultbell::scenarios
