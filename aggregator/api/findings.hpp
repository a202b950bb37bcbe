// Findings: whether silence can be trusted (R8.3), each in a sentence, and in a number that other
// monitors can draw.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/api/figures.hpp"
#include "aggregator/api/scene.hpp"
#include "shared/base/enum_text.hpp"

namespace vaultbell::api {

// In the order of their weight.
enum class FindingState : std::uint8_t { ok, warning, critical };

}  // namespace vaultbell::api

namespace vaultbell {

template <>
inline constexpr auto kEnumText<api::FindingState> = std::to_array<EnumText<api::FindingState>>({
    {api::FindingState::ok, "ok"},
    {api::FindingState::warning, "warning"},
    {api::FindingState::critical, "critical"},
});

}  // namespace vaultbell

namespace vaultbell::api {

// From which value on a finding is a warning, or critical.
struct Limits {
  std::optional<double> warning;
  std::optional<double> critical;
};

struct Finding {
  std::string name;
  FindingState state = FindingState::ok;
  std::string sentence;
  double value = 0;
  std::string unit;  // "s", "%" or none
  Limits limits;
};

std::vector<Finding> findings_of(const Scene& scene, const Figures& figures);

}  // namespace vaultbell::api
