#include "aggregator/notify/sms_channel.hpp"

#include <utility>

#include "aggregator/notify/http_answer.hpp"
#include "aggregator/notify/http_transfer.hpp"
#include "aggregator/notify/sms_request.hpp"
#include "shared/base/check.hpp"
#include "shared/domain/mobile_number.hpp"

namespace vaultbell::notify {

SmsChannel::SmsChannel(SmsSettings settings, std::function<bool()> should_abort)
    : settings_(std::move(settings)), should_abort_(std::move(should_abort)) {}

SmsChannel::~SmsChannel() = default;

Outcome SmsChannel::send(const Sms& sms) {
  check(!settings_.url.empty(), "nothing is sent where no gateway is configured");
  if (const auto ok = check_mobile_number(sms.to); !ok) {
    return {core::AttemptResult::permanent_failure, ok.error().message};
  }
  if (!transfer_) open();
  return outcome_of(transfer_->send(request_for(sms, settings_)), settings_);
}

void SmsChannel::open() {
  transfer_ = std::make_unique<HttpTransfer>(should_abort_);
  auto& options = transfer_->options();
  options.limit_time(settings_.timeout);
  options.verify_tls(settings_.ca_file);
  if (settings_.user.empty()) return;
  options.set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
  options.set(CURLOPT_USERNAME, settings_.user.c_str());
  options.set(CURLOPT_PASSWORD, settings_.password.c_str());
}

}  // namespace vaultbell::notify
