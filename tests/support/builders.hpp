// Builders: test data that names only what matters to the test; everything else is ordinary.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/core/command.hpp"
#include "aggregator/core/rows.hpp"
#include "aggregator/core/settings.hpp"
#include "shared/domain/run_report.hpp"

namespace vaultbell::support {

// "03-01 02:20" or "03-01 02:20:30": UTC, in 2026. Ends the process where the text is no time.
Instant at(std::string_view text);

// Each number stands for one identity, the same in every test; 0 for none.
Uuid uuid(std::uint64_t number);
PublicKey public_key(std::uint64_t number);
core::TokenHash token_hash(std::uint64_t number);

// The defaults, and one owner: ops@example.org.
core::Settings ordinary_settings();

// A run report: a_report("db").failed("disk full"). A scheduled backup that succeeded, unless said
// otherwise; its run is a new one, unless run() names it.
class ReportBuilder {
 public:
  explicit ReportBuilder(std::string job);

  ReportBuilder& run(std::uint64_t number);
  ReportBuilder& of(Operation operation);
  ReportBuilder& by(Trigger trigger);
  ReportBuilder& started();
  ReportBuilder& succeeded();
  ReportBuilder& warned(std::string message = {});
  ReportBuilder& failed(std::string message = {});
  ReportBuilder& cancelled();
  ReportBuilder& ended(Outcome outcome);
  ReportBuilder& because(OutcomeReason reason);

  // The report itself, for what has no word here.
  RunReport& report() { return report_; }
  operator RunReport() const { return report_; }  // NOLINT(google-explicit-constructor): reads well

 private:
  RunReport report_;
};
ReportBuilder a_report(std::string job);

}  // namespace vaultbell::support
