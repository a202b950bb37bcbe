#include "aggregator/settings_keys.hpp"

#include <charconv>

#include <fmt/format.h>

#include "shared/base/duration.hpp"
#include "shared/domain/mailbox.hpp"
#include "shared/domain/zone.hpp"

namespace vaultbell::aggregator {

namespace {

constexpr Duration kOneDay = std::chrono::hours(24);

// A message that waits longer for its digest or its limit than this is as good as lost.
constexpr Duration kLimitWindowMax = kOneDay;
constexpr std::size_t kLimitCountMax = 1000;
constexpr std::size_t kLimitsMax = 4;

constexpr Duration kRetentionMin = kOneDay;
constexpr Duration kRetentionMax = 36'500 * kOneDay;

// "60/1h": at most 60 messages in an hour.
Result<core::SendLimit> parse_send_limit(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return fail(ErrorCode::invalid,
                fmt::format("\"{}\" is not a limit: {} (example: \"60/1h\")", text, why));
  };
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return wrong("there is no \"/\"");
  core::SendLimit limit;
  const auto count = text.substr(0, slash);
  const auto read = std::from_chars(count.data(), count.data() + count.size(), limit.count);
  if (read.ec != std::errc() || read.ptr != count.data() + count.size() || limit.count == 0 ||
      limit.count > kLimitCountMax) {
    return wrong(fmt::format("the number of messages is not within 1 to {}", kLimitCountMax));
  }
  const auto window = parse_duration(text.substr(slash + 1));
  if (!window) return wrong(window.error().message);
  if (*window < std::chrono::minutes(1) || *window > kLimitWindowMax) {
    return wrong(fmt::format("the time is outside 1m to {}", to_text(kLimitWindowMax)));
  }
  limit.window = *window;
  return limit;
}

void read_limits(config::Section& section, std::string_view key, core::ChannelSettings& channel) {
  std::vector<std::string> texts;
  for (const auto& limit : channel.limits) {
    texts.push_back(fmt::format("{}/{}", limit.count, to_text(limit.window)));
  }
  section.read(key, texts, [](std::string_view text) -> Status {
    if (const auto limit = parse_send_limit(text); !limit) return fail(limit.error());
    return {};
  });
  if (texts.size() > kLimitsMax) {
    return section.complain(
        key, fmt::format("{} limits, at most {} are allowed", texts.size(), kLimitsMax));
  }
  channel.limits.clear();
  for (const auto& text : texts) channel.limits.push_back(*parse_send_limit(text));
}

void read_alerts(config::TomlFile& file, core::Settings& settings) {
  auto section = file.section("alerts");
  section.read("notify_after", settings.notify_after, Duration::zero(), core::kNotifyAfterMax);
  section.read("off_silences_destructive", settings.off_silences_destructive);
  section.read("anomalies", settings.has_bands);
  section.read("outage_share_percent", settings.outage_share_percent, 1, 100);
  section.read("outage_window", settings.outage_window, std::chrono::seconds(10),
               std::chrono::hours(1));
  section.read("digest_minute", settings.digest_minute, 0, 59);
  auto daily_digest_at = time_of_day_text(settings.daily_digest_at);
  section.read("daily_digest_at", daily_digest_at, [&](std::string_view text) -> Status {
    const auto parsed = parse_minute_of_day(text);
    if (!parsed) return fail(parsed.error());
    settings.daily_digest_at = *parsed;
    return {};
  });
  section.read("daily_digest_zone", settings.daily_digest_zone, check_zone);
}

// The hold of single kinds; each kind is a key.
void read_holds(config::TomlFile& file, core::Settings& settings) {
  auto section = file.section("notify_after");
  for (const auto& [kind, name] : kEnumText<core::AlertKind>) {
    constexpr Duration kAbsent{-1};
    auto hold = kAbsent;
    section.read(name, hold, Duration::zero(), core::kNotifyAfterMax);
    if (hold != kAbsent) settings.notify_after_by_kind.push_back({kind, hold});
  }
  std::ranges::sort(settings.notify_after_by_kind, {}, &core::KindHold::kind);
}

void read_retention(config::TomlFile& file, core::RetentionSettings& retention) {
  auto section = file.section("retention");
  section.read("runs", retention.runs, kRetentionMin, kRetentionMax);
  section.read("alerts", retention.alerts, kRetentionMin, kRetentionMax);
  section.read("notifications", retention.notifications, kRetentionMin, kRetentionMax);
  section.read("audit", retention.audit, kRetentionMin, kRetentionMax);
}

}  // namespace

void read_account(config::TomlFile& file, core::Settings& settings) {
  auto section = file.section("account");
  section.read("name", settings.account_name);
  section.read("owners", settings.owners, check_mail_address);
  if (settings.owners.size() > core::kOwnersMax) {
    section.complain("owners", fmt::format("{} addresses, at most {} are allowed; a list address "
                                           "can stand for more people",
                                           settings.owners.size(), core::kOwnersMax));
  }
}

void read_alerting(config::TomlFile& file, core::Settings& settings) {
  read_alerts(file, settings);
  read_holds(file, settings);
  auto limits = file.section("limits");
  read_limits(limits, "email", settings.email);
  read_limits(limits, "mobile", settings.mobile);
  read_limits(limits, "webhook", settings.webhook);
  read_retention(file, settings.retention);
}

}  // namespace vaultbell::aggregator
