#include "aggregator/notify/sms_request.hpp"

#include <algorithm>
#include <cctype>

#include "shared/base/text.hpp"

namespace vaultbell::notify {

namespace {

Escaping escaping_of(BodyEncoding encode) {
  switch (encode) {
    case BodyEncoding::json:
      return Escaping::json;
    case BodyEncoding::form:
      return Escaping::percent;
    case BodyEncoding::none:
      return Escaping::none;
  }
  return Escaping::none;
}

std::string_view type_of(BodyEncoding encode) {
  switch (encode) {
    case BodyEncoding::json:
      return "application/json";
    case BodyEncoding::form:
      return "application/x-www-form-urlencoded";
    case BodyEncoding::none:
      return "text/plain; charset=utf-8";
  }
  return {};
}

bool is_same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char left, unsigned char right) {
    return std::tolower(left) == std::tolower(right);
  });
}

}  // namespace

View view_of(const Sms& sms, std::string_view secret) {
  return {.texts = {{"to", one_line(sms.to)},
                    {"text", one_line(sms.text)},
                    {"id", one_line(sms.id)},
                    {"secret", std::string(secret)}},
          .lists = {}};
}

std::string_view header_name(std::string_view header) {
  return header.substr(0, header.find(':'));
}

bool has_header(const std::vector<std::string>& headers, std::string_view name) {
  return std::ranges::any_of(
      headers, [&](const std::string& header) { return is_same_name(header_name(header), name); });
}

HttpRequest request_for(const Sms& sms, const SmsSettings& settings) {
  const auto view = view_of(sms, settings.secret);
  HttpRequest request{.url = render(settings.url, view, Escaping::percent),
                      .headers = {},
                      .body = render(settings.body, view, escaping_of(settings.encode)),
                      .method = settings.method};
  for (const auto& header : settings.headers) {
    request.headers.push_back(render(header, view, Escaping::none));
  }
  const auto add = [&](std::string_view name, std::string_view value) {
    if (has_header(settings.headers, name)) return;
    request.headers.push_back(std::string(name) + ": " + std::string(value));
  };
  if (settings.method != HttpMethod::get) add("Content-Type", type_of(settings.encode));
  add("Idempotency-Key", view.texts.at("id"));
  return request;
}

}  // namespace vaultbell::notify
