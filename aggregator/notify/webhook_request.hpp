// The HTTP requests that make one delivery to a webhook, and where a redirect may lead. Pure.
#pragma once

#include <string>
#include <vector>

#include "aggregator/notify/delivery.hpp"
#include "aggregator/notify/http_request.hpp"
#include "shared/base/result.hpp"
#include "shared/domain/webhook_address.hpp"

namespace vaultbell::notify {

// Mostly one; PagerDuty takes each alert of a digest by itself. To repeat them all does no harm:
// their Idempotency-Key, or the key of the alert, says what they are.
std::vector<HttpRequest> requests_for(const Delivery& delivery, const WebhookAddress& address,
                                      const std::string& public_url);

// The same request as the receiver's redirect asks for. Only 307 and 308 say that it shall be sent
// again as it is; never from https to http; and another host gets no token. The error says why not,
// and does not repeat what the receiver said.
Result<HttpRequest> redirected(HttpRequest request, int status, const std::string& url);

// Whether the receiver gave back the code that it was sent (R5.2): its answer is the code, or a
// JSON object whose "code" it is.
bool gives_back(std::string_view answer, std::string_view code);

}  // namespace vaultbell::notify
