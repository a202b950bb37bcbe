#include "aggregator/wording/letter.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace vaultbell::wording {

namespace {

constexpr std::size_t kNamesMax = 20;  // of vaults or clients: one paragraph

std::string who_sends(const std::string& account) {
  return account.empty() ? "Vaultbell" : "Vaultbell for " + account;
}

// "vaults prod, test and 3 more"
std::string listed(std::string_view one, std::string_view many,
                   const std::vector<std::string>& names) {
  const auto shown = std::min(names.size(), kNamesMax);
  auto text = fmt::format("{} {}", names.size() == 1 ? one : many,
                          fmt::join(names.begin(), names.begin() + static_cast<long>(shown), ", "));
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

std::string what_of(const Welcome& welcome) {
  if (welcome.is_owner) {
    return "You are an owner of this account: you hear of every vault whose policy is the default, "
           "of deleted backup data, and of trouble with the alerting itself.";
  }
  std::string what;
  if (!welcome.vaults.empty()) what = listed("vault", "vaults", welcome.vaults);
  if (!welcome.clients.empty()) {
    what += (what.empty() ? "" : " and of ") + listed("client", "clients", welcome.clients);
  }
  return what.empty() ? "You will hear of alerts as soon as a policy says so."
                      : "You will hear of the alerts of " + what + ".";
}

bool is_over(const DigestEntry& entry) {
  return entry.event == core::NotificationEvent::recovered ||
         entry.facts.alert.state == core::AlertState::inactive;
}

// "critical: backup of "nightly" on db-1 failed, since 2026-03-01T02:20:00Z (3 times)"
std::string line_of(const DigestEntry& entry) {
  const auto& alert = entry.facts.alert;
  const std::string word(is_over(entry) ? "over" : to_text(alert.severity));
  auto line = fmt::format("{}: {}, since {}", word, headline(entry.facts), to_iso(alert.first_at));
  if (alert.occurrences > 1) line += fmt::format(" ({} times)", alert.occurrences);
  if (!alert.message.empty() && !is_over(entry)) line += ": " + alert.message;
  return line;
}

// Failing before what is over, the most severe first, then the oldest.
bool comes_before(const DigestEntry& a, const DigestEntry& b) {
  if (is_over(a) != is_over(b)) return !is_over(a);
  if (a.facts.alert.severity != b.facts.alert.severity) {
    return a.facts.alert.severity > b.facts.alert.severity;
  }
  return a.facts.alert.id < b.facts.alert.id;
}

std::string counts_of(const Digest& digest) {
  std::size_t failing = 0;
  for (const auto& entry : digest.entries) failing += is_over(entry) ? 0U : 1U;
  const auto over = digest.entries.size() - failing;
  if (over == 0) return fmt::format("{} active", failing + digest.more);
  if (failing == 0 && digest.more == 0) return fmt::format("{} over", over);
  return fmt::format("{} active, {} over", failing + digest.more, over);
}

}  // namespace

Letter code_letter(const std::string& account, const std::string& code, Instant expires_at) {
  return {.subject = code + " is your Vaultbell code",
          .paragraphs = {"Your code: " + code,
                         fmt::format("{} wants to send alerts about backups to this address. Tell "
                                     "the code to whoever set it up, or type: vaultbell contact "
                                     "confirm NAME {}",
                                     who_sends(account), code),
                         "It is good until " + to_iso(expires_at) + ".",
                         "If you do not know what this is about, ignore it: without the code "
                         "nothing else will be sent."},
          .in_short = fmt::format("{}: code {} (until {})", who_sends(account), code,
                                  to_iso(expires_at).substr(11, 5) + " UTC")};
}

Letter welcome_letter(const Welcome& welcome) {
  const auto what = what_of(welcome);
  const auto from = welcome.from.empty()
                        ? std::string()
                        : "Messages come from " + welcome.from + ": let it through your filters.";
  Letter letter{.subject = "You will get alerts from " + who_sends(welcome.account),
                .paragraphs = {fmt::format("{} watches backups, and {} is now told when something "
                                           "is wrong with them.",
                                           who_sends(welcome.account), welcome.name),
                               what},
                .closing =
                    "Silence means that all is well. vaultbell explain client NAME says who "
                    "is told of what, and why.",
                .in_short = who_sends(welcome.account) + " will send alerts to this number"};
  if (!from.empty()) letter.paragraphs.push_back(from);
  return letter;
}

Letter test_letter(const std::string& account, const std::string& name) {
  return {.subject = "Test message from " + who_sends(account),
          .paragraphs = {fmt::format("This is a test: messages of {} to {} arrive here.",
                                     who_sends(account), name),
                         "Nothing is wrong, and nothing needs to be done."},
          .in_short = "Test message from " + who_sends(account) + ": nothing is wrong"};
}

Letter digest_letter(const Digest& digest) {
  auto entries = digest.entries;
  std::ranges::stable_sort(entries, comes_before);
  Letter letter{.subject = fmt::format("[DIGEST] {} alerts: {}", entries.size() + digest.more,
                                       counts_of(digest)),
                .paragraphs = {"What happened since the last digest:"},
                .closing =
                    "Everything about one of them: vaultbell alert list, then vaultbell alert "
                    "show ID"};
  for (const auto& entry : entries) letter.items.push_back(line_of(entry));
  if (digest.more > 0) letter.items.push_back(fmt::format("and {} more", digest.more));
  letter.in_short = fmt::format("{}: {}", who_sends(digest.account), counts_of(digest));
  if (!entries.empty()) letter.in_short += "; " + headline(entries.front().facts);
  return letter;
}

}  // namespace vaultbell::wording
