#include "agent/alone/telling.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "shared/base/duration.hpp"
#include "shared/base/text.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::agent::alone {

namespace {

constexpr std::size_t kLineMax = 72;           // what a mail can be quoted with
constexpr std::size_t kTroubleBytesMax = 500;  // it came over the wire

std::string wrapped(std::string_view text) {
  std::string lines;
  std::size_t used = 0;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    const bool fits = used == 0 || used + 1 + word.size() <= kLineMax;
    if (used > 0) lines += fits ? ' ' : '\n';
    used = fits && used > 0 ? used + 1 + word.size() : word.size();
    lines += word;
  }
  return lines + "\n";
}

std::string alone_in_words(const Facts& facts) {
  const auto trouble = one_line(first_part(facts.trouble, kTroubleBytesMax));
  return fmt::format(
      "The Vaultbell agent on {} (client \"{}\") has had no contact with its aggregator {} since "
      "{}, for {}.{} Until there is contact nobody hears of a backup that fails on this host. "
      "What is reported meanwhile is kept and sent later. What to do: {}; "
      "vaultbell-agent status tells more.",
      one_line(facts.hostname), one_line(facts.client), one_line(facts.aggregator),
      to_iso(facts.call.since), to_words(facts.call.lasted),
      trouble.empty() ? "" : fmt::format(" It does not let this host in: {}.", trouble),
      trouble.empty() ? "see that the aggregator runs and can be reached from this host"
                      : "see on the aggregator what became of this client");
}

std::string back_in_words(const Facts& facts) {
  return fmt::format(
      "The Vaultbell agent on {} (client \"{}\") has contact with its aggregator {} again. It had "
      "none since {}, for {}. What was reported meanwhile was kept and is being sent.",
      one_line(facts.hostname), one_line(facts.client), one_line(facts.aggregator),
      to_iso(facts.call.since), to_words(facts.call.lasted));
}

}  // namespace

std::vector<std::string> environment_of(const Facts& facts) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(facts.call.lasted).count();
  return {fmt::format("VAULTBELL_EVENT={}", to_text(facts.call.event)),
          fmt::format("VAULTBELL_SINCE={}", to_iso(facts.call.since)),
          fmt::format("VAULTBELL_FOR={}", seconds),
          fmt::format("VAULTBELL_CLIENT={}", one_line(facts.client)),
          fmt::format("VAULTBELL_AGGREGATOR={}", one_line(facts.aggregator))};
}

std::string paragraph_of(const Facts& facts) {
  switch (facts.call.event) {
    case core::AloneEvent::alone:
      return wrapped(alone_in_words(facts));
    case core::AloneEvent::back:
      return wrapped(back_in_words(facts));
  }
  return {};
}

}  // namespace vaultbell::agent::alone
