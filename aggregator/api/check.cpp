#include <algorithm>

#include "aggregator/api/answers.hpp"
#include "aggregator/api/findings.hpp"
#include "aggregator/api/in_json.hpp"

// What `check` answers: all findings, and the worst of them.

namespace vaultbell::api {

namespace {

Json json_of(const Finding& finding) {
  return {{"name", finding.name},
          {"state", in_json(finding.state)},
          {"sentence", finding.sentence},
          {"value", finding.value},
          {"unit", text_or_null(finding.unit)},
          {"warning_from", in_json(finding.limits.warning)},
          {"critical_from", in_json(finding.limits.critical)}};
}

// The sentences of what is not well, the worst first.
std::string sentence_of(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto state : {FindingState::critical, FindingState::warning}) {
    for (const auto& finding : findings) {
      if (finding.state != state) continue;
      text += (text.empty() ? "" : "; ") + finding.sentence;
    }
  }
  return text.empty() ? "silence can be trusted" : text;
}

}  // namespace

Result<Answer> check_silence(const Scene& scene, Asked&) {
  const auto figures = count_all(scene);
  if (!figures) return fail(figures.error());
  const auto findings = findings_of(scene, *figures);
  auto worst = FindingState::ok;
  Json list = Json::array();
  for (const auto& finding : findings) {
    worst = std::max(worst, finding.state);
    list.push_back(json_of(finding));
  }
  return Answer(Json{{"state", in_json(worst)},
                     {"sentence", sentence_of(findings)},
                     {"findings", std::move(list)}});
}

}  // namespace vaultbell::api
