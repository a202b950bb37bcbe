// Classifier: what the end of a backup tool means, from its exit code and all that it printed. It
// is fed the output as it comes and asked once at the end.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/classify/adapter.hpp"
#include "agent/classify/sightings.hpp"
#include "shared/domain/run_report.hpp"

namespace vaultbell::agent::classify {

// How the tool ended. One of the first two is set.
struct End {
  std::optional<int> exit_code{};
  std::optional<int> signal{};          // that killed it
  std::optional<int> interrupted_by{};  // a signal that was sent to it
};

struct Verdict {
  Outcome outcome = Outcome::failed;
  std::optional<OutcomeReason> reason{};
  std::optional<Operation> operation{};  // where the output shows that it was another one
  std::string message{};                 // empty: nothing to say
  RunStatistics statistics{};
  std::string snapshot{};
  std::string row{};               // the row's name, or which of the rules that always hold
  std::uint32_t line = 0;          // of the row in its file; 0: such a rule
  std::vector<std::string> why{};  // what fitted, a sentence each
};

class Classifier {
 public:
  // `adapter` must live as long.
  Classifier(const Adapter& adapter, Operation operation);

  // See Sightings.
  void feed(std::optional<Stream> stream, std::string_view bytes) {
    sightings_.feed(stream, bytes);
  }
  void finish() { sightings_.finish(); }

  // After finish(). Whether the verdict depends on the tool's version.
  [[nodiscard]] bool wants_version(const End& end) const;

  // After finish(). Without a version, rows that name one do not fit.
  [[nodiscard]] Verdict judge(const End& end, const std::optional<Version>& version) const;

 private:
  [[nodiscard]] bool fits(std::size_t row, const End& end) const;
  [[nodiscard]] Verdict decide(const End& end, const std::optional<Version>& version) const;
  [[nodiscard]] Verdict judge_by_row(std::size_t row, const End& end) const;
  void add_figures(Verdict& verdict) const;

  const Adapter& adapter_;
  Operation operation_;
  Sightings sightings_;
};

}  // namespace vaultbell::agent::classify
