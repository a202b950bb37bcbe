#include "aggregator/ctl/api.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include <curl/curl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "shared/base/check.hpp"
#include "shared/base/duration.hpp"

namespace vaultbell::ctl {

namespace {

constexpr std::size_t kAnswerBytesMax = 64UL << 20U;  // a page of 500 items has some hundred KB
constexpr std::size_t kPageItems = 500;               // the API's limit
constexpr int kApiVersion = 1;

std::string encoded(std::string_view text) {
  static constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string result;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      result += c;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return result;
}

std::string with_query(std::string target, const Query& query) {
  char separator = '?';
  for (const auto& [name, value] : query) {
    target += fmt::format("{}{}={}", std::exchange(separator, '&'), encoded(name), encoded(value));
  }
  return target;
}

std::size_t take_bytes(const char* bytes, std::size_t, std::size_t size, std::string* answer) {
  if (answer->size() + size > kAnswerBytesMax) return 0;  // ends the transfer
  answer->append(bytes, size);
  return size;
}

ExitCode exit_of(long status) {
  switch (status) {
    case 400:
    case 405:
    case 413:
    case 431:
      return ExitCode::usage;
    case 401:
    case 403:
      return ExitCode::not_authorised;
    case 404:
      return ExitCode::not_found;
    case 409:
      return ExitCode::refused;
    case 422:
      return ExitCode::invalid_configuration;
    case 429:
    case 503:
      return ExitCode::try_later;
    default:
      return ExitCode::failed;
  }
}

Failure failure_of(long status, const Json& answer) {
  Failure failure{.exit = exit_of(status),
                  .code = text_at(answer, "error.code"),
                  .message = text_at(answer, "error.message"),
                  .hint = text_at(answer, "error.hint")};
  for (const auto& detail : at(answer, "error.details")) {
    if (detail.is_string()) failure.details.push_back(detail.get<std::string>());
  }
  return failure;
}

std::string reason_of(CURLcode code, Duration timeout) {
  if (code == CURLE_OPERATION_TIMEDOUT) return "no answer within " + to_text(timeout);
  return curl_easy_strerror(code);
}

}  // namespace

std::string path_of(std::initializer_list<std::string_view> segments) {
  std::string path = "/api/v1";
  for (const auto segment : segments) path += "/" + encoded(segment);
  return path;
}

struct Api::Handle {
  CURL* curl = curl_easy_init();
  curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");

  Handle() { check(curl != nullptr && headers != nullptr, "libcurl starts"); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
  }
};

Api::Api(std::filesystem::path socket, Duration timeout)
    : socket_(std::move(socket)), timeout_(timeout), handle_(std::make_unique<Handle>()) {}

Api::~Api() = default;

Expected<Json> Api::get(const std::string& path, const Query& query) {
  return ask("GET", with_query(path, query), {}, Purpose::look);
}

Expected<Json> Api::change(std::string_view method, const std::string& path, const Json& body,
                           bool is_dry_run) {
  const auto target = is_dry_run ? with_query(path, {{"dry_run", "true"}}) : path;
  return ask(method, target, body.empty() ? std::string() : body.dump(),
             is_dry_run ? Purpose::look : Purpose::change);
}

Expected<std::vector<Json>> Api::list(const std::string& path, Query query, std::size_t count_max) {
  std::vector<Json> items;
  query.emplace_back("limit", std::to_string(std::min(count_max, kPageItems)));
  std::string cursor;
  while (true) {
    auto asked = query;
    if (!cursor.empty()) asked.emplace_back("cursor", cursor);
    auto page = get(path, asked);
    if (!page) return tl::unexpected<Failure>(page.error());
    for (auto& item : (*page)["items"]) {
      if (items.size() < count_max) items.push_back(std::move(item));
    }
    cursor = text_at(*page, "next");
    if (cursor.empty() || items.size() >= count_max) return items;
  }
}

// Why there was no answer. Who may not open the socket's file is not authorised.
tl::unexpected<Failure> Api::unreachable(const std::string& reason, long system_error) const {
  if (system_error == EACCES || system_error == EPERM) {
    return tl::unexpected<Failure>({.exit = ExitCode::not_authorised,
                                    .code = "not_authorised",
                                    .message = fmt::format("you may not open {}", socket_.string()),
                                    .hint = "use sudo, or become a member of the socket's group"});
  }
  return tl::unexpected<Failure>(
      {.exit = ExitCode::unreachable,
       .code = "unreachable",
       .message = fmt::format("cannot reach the aggregator at {}: {}", socket_.string(), reason),
       .hint = "is it running? systemctl status vaultbell-aggregator"});
}

// What was sent and was to change something may have been done, whatever became of the answer.
tl::unexpected<Failure> Api::unanswered(int code, Purpose purpose) const {
  const auto reason = reason_of(static_cast<CURLcode>(code), timeout_);
  long sent_bytes = 0;
  curl_easy_getinfo(handle_->curl, CURLINFO_REQUEST_SIZE, &sent_bytes);
  if (purpose == Purpose::change && sent_bytes > 0) {
    return tl::unexpected<Failure>(
        {.code = "no_answer",
         .message = fmt::format("the aggregator at {} did not answer the order: {}",
                                socket_.string(), reason),
         .hint = "an order may still be carried out: look before you repeat it"});
  }
  long system_error = 0;
  curl_easy_getinfo(handle_->curl, CURLINFO_OS_ERRNO, &system_error);
  const bool is_system = code == CURLE_COULDNT_CONNECT && system_error != 0;
  return unreachable(is_system ? std::strerror(static_cast<int>(system_error)) : reason,
                     is_system ? system_error : 0);
}

Expected<Json> Api::ask(std::string_view method, const std::string& target, const std::string& body,
                        Purpose purpose) {
  auto* curl = handle_->curl;
  std::string answer;
  const std::string verb(method);
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket_.c_str());
  curl_easy_setopt(curl, CURLOPT_URL, ("http://vaultbell" + target).c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_.count()));
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, verb.c_str());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  if (verb != "GET") {
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, handle_->headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  }
  if (const auto code = curl_easy_perform(curl); code != CURLE_OK) {
    return unanswered(code, purpose);
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  auto json = Json::parse(answer, nullptr, false);
  if (at(json, "error").is_object()) return tl::unexpected<Failure>(failure_of(status, json));
  if (at(json, "api_version") != kApiVersion) {
    return tl::unexpected<Failure>(
        {.code = "failed",
         .message = fmt::format("{} does not answer as an aggregator of this version does",
                                socket_.string()),
         .hint = "install the same version of vaultbell and vaultbell-aggregator"});
  }
  return json;
}

}  // namespace vaultbell::ctl
