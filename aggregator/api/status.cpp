#include <fmt/format.h>

#include "aggregator/api/answers.hpp"
#include "aggregator/api/figures.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/system.hpp"

namespace vaultbell::api {

namespace {

template <class E>
std::uint64_t count_in(const std::map<E, std::uint64_t>& counts, E value) {
  const auto found = counts.find(value);
  return found == counts.end() ? 0 : found->second;
}

// {"online":211,"offline":0,...}: every word, also those that nothing is counted under.
template <HasText E>
Json by_word(const std::map<E, std::uint64_t>& counts) {
  Json json = Json::object();
  for (const auto& entry : kEnumText<E>)
    json[std::string(entry.text)] = count_in(counts, entry.value);
  return json;
}

template <class E>
std::uint64_t sum_of(const std::map<E, std::uint64_t>& counts) {
  std::uint64_t sum = 0;
  for (const auto& [value, count] : counts) sum += count;
  return sum;
}

std::string alerts_in_words(const Figures& figures) {
  std::string words;
  for (const auto severity :
       {core::Severity::critical, core::Severity::warning, core::Severity::informational}) {
    const auto count = count_in(figures.active_alerts, severity);
    if (count == 0) continue;
    words += fmt::format("{}{} {} {}", words.empty() ? "" : ", ", count, to_text(severity),
                         count == 1 ? "alert" : "alerts");
  }
  return words.empty() ? "no active alerts" : words;
}

std::string clients_in_words(const Figures& figures) {
  const auto all = figures.clients_in_service;
  const auto online = count_in(figures.clients, core::ClientState::online);
  if (all == 0) return "no clients yet";
  if (figures.disconnected.count > 0) {
    return fmt::format("{} of {} clients disconnected", figures.disconnected.count, all);
  }
  if (online == all)
    return fmt::format("{}{} online", all > 1 ? "all " : "", counted(all, "client", "clients"));
  return fmt::format("{} of {} clients online", online, all);
}

std::string runs_in_words(const Figures& figures) {
  const auto all = sum_of(figures.runs) - count_in(figures.runs, Outcome::running);
  if (all == 0) return "no run ended in the last 24 h";
  const auto good =
      count_in(figures.runs, Outcome::succeeded) + count_in(figures.runs, Outcome::warning);
  return fmt::format("{} of {} runs ended well in the last 24 h", good, all);
}

std::string headline_of(const Figures& figures) {
  auto words = fmt::format("{}; {}; {}", alerts_in_words(figures), clients_in_words(figures),
                           runs_in_words(figures));
  if (figures.given_up > 0) {
    words += "; " + counted(figures.given_up, "delivery", "deliveries") + " given up";
  }
  if (figures.requests_waiting > 0) {
    words += "; " + counted(figures.requests_waiting, "host waits", "hosts wait") + " for approval";
  }
  return words;
}

Json outbox_of(const Scene& scene, const Figures& figures) {
  const auto oldest = figures.oldest_delivery_at;
  return {{"pending", figures.pending},
          {"sending", figures.sending},
          {"oldest_at", in_json(oldest)},
          {"oldest_age", oldest ? in_json(Duration(scene.now - *oldest)) : Json()},
          {"given_up_24h", figures.given_up},
          {"is_complete", figures.are_deliveries_complete}};
}

}  // namespace

Result<Answer> status(const Scene& scene, Asked&) {
  const auto figures = count_all(scene);
  if (!figures) return fail(figures.error());
  const auto& settings = scene.facts.settings;
  auto runs = by_word(figures->runs);
  runs["is_complete"] = figures->are_runs_complete;
  Json json = {{"headline", headline_of(*figures)},
               {"active_alerts", by_word(figures->active_alerts)},
               {"clients", by_word(figures->clients)},
               {"vaults", figures->vaults},
               {"jobs", figures->jobs},
               {"runs_24h", std::move(runs)},
               {"outbox", outbox_of(scene, *figures)},
               {"requests_waiting", figures->requests_waiting},
               {"account", settings.account_name},
               {"owners", settings.owners},
               {"is_mail_configured", scene.facts.is_mail_configured},
               {"notify_after", in_json(settings.notify_after)},
               {"web_url", text_or_null(scene.facts.web.url)}};
  json.update(own_facts_of(scene));
  return Answer(std::move(json));
}

}  // namespace vaultbell::api
