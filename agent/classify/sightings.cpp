#include "agent/classify/sightings.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/classify/fields.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::agent::classify {

namespace {

constexpr std::size_t kEvidenceBytesMax = 300;  // what a sentence can hold

std::string shown(std::string_view bytes) {
  const auto line = one_line(trimmed(bytes));
  return std::string(first_part(line, kEvidenceBytesMax));
}

bool may_be_json(std::string_view line) {
  const bool is_object = line.front() == '{' && line.back() == '}';
  return is_object || (line.front() == '[' && line.back() == ']');
}

bool is_on(const LineCondition& condition, std::optional<Stream> stream) {
  return !condition.stream || !stream || condition.stream == stream;
}

}  // namespace

Sightings::Sightings(const Adapter& adapter)
    : adapter_(adapter), rows_(adapter.rows.size()), facts_(adapter.facts.size()) {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto& wanted = adapter.rows[i].wanted;
    rows_[i].lines.resize(wanted.lines.size());
    wants_json_ |= !wanted.json.empty();
    wants_document_ |= !wanted.document.empty();
  }
  for (const auto& fact : adapter.facts) {
    if (fact.line) continue;
    (fact.json.empty() ? wants_document_ : wants_json_) = true;
  }
}

Sightings::Side Sightings::make_side(std::optional<Stream> stream) const {
  std::vector<Pattern> patterns;
  std::vector<Target> targets;
  const auto add = [&](const LineCondition& condition, Target target) {
    if (!is_on(condition, stream)) return;
    patterns.push_back(condition.pattern);
    targets.push_back(target);
  };
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto& lines = adapter_.rows[i].wanted.lines;
    for (std::size_t j = 0; j < lines.size(); ++j) add(lines[j], {false, i, j});
  }
  for (std::size_t i = 0; i < facts_.size(); ++i) {
    if (adapter_.facts[i].line) add(*adapter_.facts[i].line, {true, i, 0});
  }
  auto set = pattern::PatternSet(patterns);
  return {{}, std::move(patterns), std::move(targets), std::move(set)};
}

void Sightings::feed(std::optional<Stream> stream, std::string_view bytes) {
  auto& side = sides_.at(stream ? static_cast<std::size_t>(*stream) : sides_.size() - 1);
  if (!side) side = make_side(stream);
  side->lines.feed(bytes, [&](std::string_view line) { take_line(*side, line); });
  if (!wants_document_ || stream == Stream::err) return;
  wants_document_ = document_.size() + bytes.size() <= kDocumentBytesMax;
  wants_document_ ? void(document_ += bytes) : document_.clear();
}

void Sightings::finish() {
  for (auto& side : sides_) {
    if (side) side->lines.finish([&](std::string_view line) { take_line(*side, line); });
  }
  if (wants_document_) take_document();
  document_.clear();
}

void Sightings::take_line(const Side& side, std::string_view line) {
  for (const auto place : side.set.matching(line)) {
    take_match(side.targets[place], side.patterns[place], line);
  }
  if (!wants_json_ || !may_be_json(line)) return;
  if (const auto json = parse_json(line)) take_json(*json);
}

void Sightings::take_match(const Target& target, const Pattern& pattern, std::string_view line) {
  if (target.is_fact) {
    auto& fact = facts_[target.place];
    ++fact.count;
    fact.last = shown(pattern.find(line).value_or(line));
    return;
  }
  auto& evidence = rows_[target.place].lines[target.condition];
  if (evidence) return;
  evidence = shown(pattern.has_group() ? pattern.find(line).value_or(line) : line);
}

void Sightings::take_json(const nlohmann::json& json) {
  std::string evidence;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto& conditions = adapter_.rows[i].wanted.json;
    if (conditions.empty() || rows_[i].json || !holds(json, conditions, evidence)) continue;
    rows_[i].json = shown(evidence);
  }
  for (std::size_t i = 0; i < facts_.size(); ++i) {
    const auto& conditions = adapter_.facts[i].json;
    if (!conditions.empty() && holds(json, conditions, evidence)) take_value(i, json);
  }
}

void Sightings::take_document() {
  const auto json = parse_json(document_);
  if (!json) return;
  std::string evidence;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto& conditions = adapter_.rows[i].wanted.document;
    if (!conditions.empty() && holds(*json, conditions, evidence)) {
      rows_[i].document = shown(evidence);
    }
  }
  for (std::size_t i = 0; i < facts_.size(); ++i) {
    if (!adapter_.facts[i].line && adapter_.facts[i].json.empty()) take_value(i, *json);
  }
}

void Sightings::take_value(std::size_t fact, const nlohmann::json& json) {
  ++facts_[fact].count;
  if (const auto value = field_of(json, adapter_.facts[fact].value)) {
    facts_[fact].last = shown(*value);
  }
}

}  // namespace vaultbell::agent::classify
