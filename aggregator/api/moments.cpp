#include "aggregator/api/moments.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "aggregator/api/in_json.hpp"
#include "aggregator/api/views.hpp"
#include "aggregator/core/shown_address.hpp"
#include "aggregator/wording/sentences.hpp"

namespace vaultbell::api {

namespace {

// `what` in one word, for a symbol beside it: of a list that its kind has.
struct Told {
  std::string what;
  std::string sentence;
  AlertId alert;  // that it is about
};

std::string_view how_it_ended(Outcome outcome) {
  switch (outcome) {
    case Outcome::running:
      return "is running";
    case Outcome::succeeded:
      return "succeeded";
    case Outcome::warning:
      return "ended with a warning";
    case Outcome::failed:
      return "failed";
    case Outcome::cancelled:
      return "was cancelled";
  }
  return {};
}

std::string with_words(std::string sentence, const std::string& words) {
  return words.empty() ? sentence : std::move(sentence) + ": " + words;
}

Told told(const core::Run& run) {
  const auto& report = run.report;
  auto sentence = fmt::format("{} of \"{}\" {}", to_text(report.operation), report.job,
                              how_it_ended(report.outcome));
  return {std::string(to_text(report.outcome)), with_words(std::move(sentence), report.message),
          run.alert};
}

Told told(const core::Alert& alert, AlertMoment moment, Rows& rows) {
  const auto number = alert.id.value;
  Told told{std::string(to_text(moment)), {}, alert.id};
  switch (moment) {
    case AlertMoment::none:
    case AlertMoment::raised:
      told.sentence = fmt::format("alert {}: {}", number, headline_of(alert, rows));
      break;
    case AlertMoment::acknowledged: {
      const auto remark = alert.acknowledgement.value_or(core::Remark());
      told.sentence = with_words(fmt::format("alert {} was acknowledged by {}", number, remark.who),
                                 remark.text);
      break;
    }
    case AlertMoment::inactivated: {
      const auto how = alert.inactivation.value_or(core::Inactivation());
      const auto who = how.who.empty() ? "" : fmt::format(" ({})", how.who);
      told.sentence = with_words(
          fmt::format("alert {}: {}{}", number, wording::sentence(how.reason), who), how.why);
      break;
    }
  }
  return told;
}

Told told(const core::Notification& delivery) {
  return {std::string(to_text(delivery.state)),
          fmt::format("delivery {} ({} of alert {}) to {} by {}: {}", delivery.id.value,
                      to_text(delivery.event), delivery.alert.value,
                      core::shown_address(delivery.recipient.place()),
                      to_text(delivery.recipient.channel), wording::sentence(delivery.state)),
          delivery.alert};
}

Told told(const core::AuditEntry& entry) {
  auto action = entry.action;
  std::ranges::replace(action, '_', ' ');
  return {entry.action, with_words(fmt::format("{}: {}", entry.actor, action), entry.remark), {}};
}

template <class R>
R row_of(const Scene& scene, std::uint64_t id) {
  auto row = scene.snapshot.get<R>({id});
  return row && *row ? std::move(**row) : R();
}

Told told(const Scene& scene, const MomentPlace& place) {
  switch (place.kind) {
    case MomentKind::run:
      return told(row_of<core::Run>(scene, place.id));
    case MomentKind::alert:
      return told(row_of<core::Alert>(scene, place.id), place.moment, scene.rows);
    case MomentKind::delivery:
      return told(row_of<core::Notification>(scene, place.id));
    case MomentKind::change:
      return told(row_of<core::AuditEntry>(scene, place.id));
  }
  return {};
}

}  // namespace

Json moment_in_json(const Scene& scene, const MomentPlace& place) {
  const auto moment = told(scene, place);
  return {
      {"at", in_json(place.at)}, {"kind", in_json(place.kind)}, {"id", place.id},
      {"what", moment.what},     {"sentence", moment.sentence}, {"alert", in_json(moment.alert)}};
}

}  // namespace vaultbell::api
