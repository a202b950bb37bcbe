// Declaring: keeps in the store what the files of conf.d declare (R9.2): reads them, plans, and
// carries out the plan through the loop, whole or not at all. Of the main thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "aggregator/api/facts.hpp"
#include "aggregator/core/settings.hpp"
#include "aggregator/declared/comparison.hpp"
#include "aggregator/loop.hpp"
#include "shared/crypto/keys.hpp"

namespace vaultbell::aggregator {

class Declaring {
 public:
  Declaring(Loop& loop, const crypto::SecretKey& code_key) : loop_(loop), code_key_(code_key) {}

  struct Wish {
    declared::Options options = {};
    std::string actor = "configuration file";
    // A configuration that was read again: it counts from the same moment on, or not either.
    const core::Settings* settings = nullptr;
  };

  // Carries out what the files declare. With a mistake or a refusal nothing is changed, and the
  // comparison says why; so do the log and the facts. The error is that of a commit: the process
  // ends.
  Result<declared::Comparison> apply(declared::Loaded loaded, const Wish& wish);

  // Says that the files were not applied, and why.
  declared::Comparison refuse(std::vector<std::string> mistakes);

  // After a client was let in: what is declared of it counts from now on.
  Status go_on();

  [[nodiscard]] const api::DeclaredFacts& facts() const { return facts_; }
  void set_folder(const std::filesystem::path& folder) { facts_.folder = folder.string(); }

 private:
  std::vector<core::Command> commands_for(const core::State& state, Instant now, const Wish& wish,
                                          const declared::Declaration& declaration);
  void report();

  Loop& loop_;
  crypto::SecretKey code_key_;
  declared::Comparison comparison_;    // the last one
  declared::Declaration declaration_;  // that was applied last
  bool does_wait_ = false;             // for clients that it names
  api::DeclaredFacts facts_;
};

}  // namespace vaultbell::aggregator
