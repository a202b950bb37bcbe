#include "aggregator/auditor/verdict.hpp"

#include <fmt/format.h>

namespace vaultbell::auditor {

namespace {

constexpr std::size_t kGapsTold = 3;  // in one sentence

std::vector<Gap> gaps_of(const Result<Findings>& round) {
  if (!round) return {{"store", "it cannot be read: " + round.error().message}};
  return round->gaps;
}

std::string sentence_of(const std::vector<Gap>& gaps, std::uint64_t count) {
  std::string text;
  for (const auto& gap : gaps) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", gap.about, gap.sentence);
  }
  if (count > gaps.size()) text += fmt::format("; and {} more", count - gaps.size());
  return "the independent auditor does not agree: " + text;
}

}  // namespace

Verdict Judge::judge(const Result<Findings>& round) {
  if (round && !round->is_conclusive) return {};
  const auto gaps = gaps_of(round);
  std::vector<Gap> known;
  std::set<std::string> suspected;
  for (const auto& gap : gaps) {
    if (suspected_.contains(gap.about)) known.push_back(gap);
    suspected.insert(gap.about);
  }
  suspected_ = std::move(suspected);
  if (gaps.empty()) return {Agreement::agrees, {}};
  if (known.empty()) return {};
  // What is not kept of a round with very many gaps is as good as known.
  const auto count = known.size() + (round ? round->gap_count - gaps.size() : 0);
  if (known.size() > kGapsTold) known.resize(kGapsTold);
  return {Agreement::disagrees, sentence_of(known, count)};
}

}  // namespace vaultbell::auditor
