// SmsSettings: the [sms] section of the configuration file, and the checks its reader makes. Any
// provider that takes a message by HTTP can be described with it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/notify/http_request.hpp"
#include "shared/base/enum_text.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::notify {

// How values are escaped in the body, and what type it has unless a header says otherwise.
enum class BodyEncoding : std::uint8_t {
  json = 1,
  form = 2,  // application/x-www-form-urlencoded
  none = 3,
};

// Both ends included.
struct StatusRange {
  int first = 200;
  int last = 299;

  bool operator==(const StatusRange&) const = default;
};

// `url`, `headers` and `body` are templates (template.hpp) with the names `to`, `text`, `id` and
// `secret`.
struct SmsSettings {
  std::string url;  // empty: no SMS
  HttpMethod method = HttpMethod::post;
  std::vector<std::string> headers;  // "Name: value"
  std::string body;
  BodyEncoding encode = BodyEncoding::json;
  std::vector<StatusRange> expect_status = {{}};
  std::string secret;
  std::string user;  // empty: no basic authentication
  std::string password;
  std::filesystem::path ca_file;  // the only one trusted; empty: the system's
  bool allow_plain_http = false;
  Duration timeout = std::chrono::seconds(30);  // of one attempt

  bool operator==(const SmsSettings&) const = default;
};

// A template of an http:// or https:// URL, with placeholders only behind its host: no recipient
// can choose where the message goes.
Status check_sms_url(std::string_view text);

// A template of "Name: value" that can be one header of a request, and only one.
Status check_sms_header(std::string_view text);

Status check_sms_body(std::string_view text);

// "200" or "200-299", within 200 to 599.
Result<StatusRange> parse_status_range(std::string_view text);

// What no single value can show: that the number and the text are sent at all, that the secret is
// there and used, that nothing is sent in the clear to another machine unless that is allowed, that
// the certificates can be read. Every value has passed its own check. Reads `ca_file`.
Status check_sms_settings(const SmsSettings& settings);

}  // namespace vaultbell::notify

namespace vaultbell {

template <>
inline constexpr auto kEnumText<notify::BodyEncoding> =
    std::to_array<EnumText<notify::BodyEncoding>>({
        {notify::BodyEncoding::json, "json"},
        {notify::BodyEncoding::form, "form"},
        {notify::BodyEncoding::none, "none"},
    });

}  // namespace vaultbell
