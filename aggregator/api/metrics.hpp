// Metrics: figures for Prometheus, in its text format. No name of a host or a person is among them.
#pragma once

#include <string>
#include <string_view>

#include "aggregator/api/scene.hpp"

namespace vaultbell::api {

inline constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

// https://prometheus.io/docs/instrumenting/exposition_formats/; docs/metrics.md describes each.
Result<std::string> metrics_of(const Scene& scene);

}  // namespace vaultbell::api
