#include "shared/domain/run_report.hpp"

#include <fmt/format.h>

#include "shared/base/text.hpp"
#include "shared/domain/name.hpp"

namespace vaultbell {

namespace {

constexpr std::int32_t kUtcOffsetMinutesMax = 14 * 60;  // Kiritimati, the first to see a day

Status check_text(std::string_view what, std::string_view text, std::size_t size_bytes_max) {
  if (text.size() > size_bytes_max) {
    return fail(ErrorCode::invalid, fmt::format("{}: {} bytes, at most {} are allowed", what,
                                                text.size(), size_bytes_max));
  }
  if (!is_utf8(text)) return fail(ErrorCode::invalid, fmt::format("{}: not UTF-8", what));
  return {};
}

}  // namespace

Status check_report(const RunReport& report) {
  if (!report.run.is_set()) return fail(ErrorCode::invalid, "the run has no identity");
  if (auto name = check_name("job name", report.job); !name) return name;
  const auto offset = report.utc_offset_minutes.value_or(0);
  if (offset > kUtcOffsetMinutesMax || offset < -kUtcOffsetMinutesMax) {
    return fail(ErrorCode::invalid,
                fmt::format("UTC offset of {} minutes: more than 14 hours", offset));
  }
  if (auto ok = check_text("tool", report.tool, kSmallTextBytesMax); !ok) return ok;
  if (auto ok = check_text("snapshot id", report.snapshot, kSmallTextBytesMax); !ok) return ok;
  if (auto ok = check_text("message", report.message, kMessageBytesMax); !ok) return ok;
  return check_text("output", report.output, kOutputBytesMax);
}

void fit_to_limits(RunReport& report) {
  const auto keep_front = [](std::string& text, std::size_t size_bytes_max) {
    text = first_part(to_utf8(text), size_bytes_max);
  };
  keep_front(report.tool, kSmallTextBytesMax);
  keep_front(report.snapshot, kSmallTextBytesMax);
  keep_front(report.message, kMessageBytesMax);
  report.output = last_part(to_utf8(report.output), kOutputBytesMax);
}

}  // namespace vaultbell
