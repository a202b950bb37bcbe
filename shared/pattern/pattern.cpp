#include "shared/pattern/pattern.hpp"

#include <algorithm>
#include <re2/re2.h>
#include <re2/set.h>
#include <utility>

#include <fmt/format.h>

#include "shared/base/check.hpp"

namespace vaultbell::pattern {

namespace {

constexpr std::int64_t kMemoryBytesMax = 4L << 20U;  // of one expression, or of one set

// Bytes, not UTF-8: what a tool prints may be neither, and must match all the same.
re2::RE2::Options options() {
  re2::RE2::Options options(re2::RE2::Latin1);
  options.set_log_errors(false);
  options.set_max_mem(kMemoryBytesMax);
  return options;
}

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

Pattern::Pattern(std::shared_ptr<const re2::RE2> compiled) : compiled_(std::move(compiled)) {}

Result<Pattern> Pattern::compile(std::string_view text, int most_groups) {
  auto compiled = std::make_shared<const re2::RE2>(piece(text), options());
  if (!compiled->ok()) {
    return fail(ErrorCode::invalid,
                fmt::format("\"{}\" is no regular expression: {}", text, compiled->error()));
  }
  const int groups = compiled->NumberOfCapturingGroups();
  if (groups > most_groups) {
    return fail(ErrorCode::invalid,
                fmt::format("\"{}\" has {} groups, at most {} can be used (write (?:...) for what "
                            "is only grouped)",
                            text, groups, most_groups));
  }
  return Pattern(std::move(compiled));
}

const std::string& Pattern::text() const {
  return compiled_->pattern();
}

bool Pattern::has_group() const {
  return compiled_->NumberOfCapturingGroups() > 0;
}

std::optional<std::string_view> Pattern::find(std::string_view text) const {
  re2::StringPiece caught[2];
  const int groups = has_group() ? 1 : 0;
  if (!compiled_->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, caught, groups + 1)) {
    return std::nullopt;
  }
  const auto& found = caught[groups];
  return std::string_view(found.data() == nullptr ? text.data() : found.data(), found.size());
}

bool Pattern::is_whole(std::string_view text) const {
  return compiled_->Match(piece(text), 0, text.size(), re2::RE2::ANCHOR_BOTH, nullptr, 0);
}

struct PatternSet::Compiled {
  std::vector<Pattern> patterns;
  re2::RE2::Set set{options(), re2::RE2::UNANCHORED};
  bool is_set_usable = false;  // not where the patterns together need more than kMemoryBytesMax
};

PatternSet::PatternSet(const std::vector<Pattern>& patterns)
    : compiled_(std::make_unique<Compiled>()) {
  compiled_->patterns = patterns;
  for (const auto& one : patterns) {
    check(compiled_->set.Add(one.text(), nullptr) >= 0, "a pattern that was compiled is one");
  }
  compiled_->is_set_usable = compiled_->set.Compile();
}

PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;
PatternSet::~PatternSet() = default;

std::vector<std::size_t> PatternSet::matching(std::string_view text) const {
  std::vector<std::size_t> places;
  if (compiled_->patterns.empty()) return places;
  std::vector<int> found;
  re2::RE2::Set::ErrorInfo error{re2::RE2::Set::kNotCompiled};
  if (compiled_->is_set_usable && compiled_->set.Match(piece(text), &found, &error)) {
    places.assign(found.begin(), found.end());
    std::sort(places.begin(), places.end());
    return places;
  }
  if (error.kind == re2::RE2::Set::kNoError) return places;
  // No memory for all at once: one after the other, then.
  for (std::size_t i = 0; i < compiled_->patterns.size(); ++i) {
    if (compiled_->patterns[i].find(text)) places.push_back(i);
  }
  return places;
}

}  // namespace vaultbell::pattern
