// The HTTP request that hands one SMS to the gateway. Pure; whoever sends it adds the
// basic authentication.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aggregator/notify/http_request.hpp"
#include "aggregator/notify/sms.hpp"
#include "aggregator/notify/sms_settings.hpp"
#include "aggregator/notify/template.hpp"

namespace vaultbell::notify {

// `settings` have passed their checks. Values are percent-encoded in the url and escaped in the
// body as its encoding says; in a header they stand as they are, one line without control
// characters each. Where no header says otherwise, Content-Type follows from the encoding, and
// Idempotency-Key is the message's id.
HttpRequest request_for(const Sms& sms, const SmsSettings& settings);

// The names that the templates of [sms] may use, each made one line.
View view_of(const Sms& sms, std::string_view secret);

// Of "Name: value".
std::string_view header_name(std::string_view header);

// Letter case counts as no difference.
bool has_header(const std::vector<std::string>& headers, std::string_view name);

}  // namespace vaultbell::notify
