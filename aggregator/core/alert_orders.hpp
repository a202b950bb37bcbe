// Orders about alerts and their deliveries: what people say to what happened (R4.2, R4.4, R7.4,
// R7.11). Each is carried out whole or refused, having changed nothing.
#pragma once

#include <string>

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr std::size_t kRemarkBytesMax = 1000;  // of a reason or a comment
inline constexpr std::size_t kCommentsMax = 100;      // of one alert

Result<std::string> acknowledge_alert(Draft& draft, const std::string& actor,
                                      const AcknowledgeAlert& order);
Result<std::string> inactivate_alert(Draft& draft, const std::string& actor,
                                     const InactivateAlert& order);
Result<std::string> reactivate_alert(Draft& draft, const std::string& actor,
                                     const ReactivateAlert& order);
Result<std::string> comment_alert(Draft& draft, const std::string& actor,
                                  const CommentAlert& order);
Result<std::string> notify_alert_now(Draft& draft, const NotifyAlertNow& order);
Result<std::string> raise_test(Draft& draft, const std::string& actor, const RaiseTest& order);
Result<std::string> retry_delivery(Draft& draft, const RetryDelivery& order);
Result<std::string> cancel_delivery(Draft& draft, const CancelDelivery& order);
Result<std::string> send_digest_now(Draft& draft, const SendDigestNow& order);

}  // namespace vaultbell::core
