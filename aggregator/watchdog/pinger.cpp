#include "aggregator/watchdog/pinger.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <curl/curl.h>

#include "shared/base/check.hpp"
#include "shared/base/log.hpp"

namespace vaultbell::watchdog {

namespace {

constexpr Duration kLookAgain = std::chrono::seconds(1);  // at what is not well
constexpr Duration kWaitMax = std::chrono::seconds(1);    // a clock that jumped is noticed by then
constexpr Duration kOverdue = std::chrono::seconds(5);    // a silence that the log tells
constexpr std::size_t kBodyBytesMax = 16U << 10U;         // of an answer that nobody reads

void must(CURLMcode code) {
  check(code == CURLM_OK, "libcurl can transfer");
}

// Taking less than it is offered ends the transfer.
size_t take_body(char* /*bytes*/, size_t /*always 1*/, size_t size, void* taken) {
  auto& total = *static_cast<std::size_t*>(taken);
  total += size;
  return total > kBodyBytesMax ? 0 : size;
}

void write(const LogLine& line) {
  log::write(line.level, line.text);
}

}  // namespace

// One URL with its easy handle, and so at most one connection.
class Pinger::Target {
 public:
  Target(const std::string& url, Duration timeout) : record(shown(url)), curl_(curl_easy_init()) {
    check(curl_ != nullptr, "libcurl can be used");
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_PROXY, "");  // whatever the environment says
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // the end waits for no look-up of a name
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(timeout.count()));
    set(CURLOPT_USERAGENT, "vaultbell/" VAULTBELL_VERSION);
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_WRITEDATA, &body_bytes_);
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_PRIVATE, this);
  }
  ~Target() { curl_easy_cleanup(curl_); }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  // Before each ping.
  CURL* prepare() {
    body_bytes_ = 0;
    error_.front() = '\0';
    is_busy = true;
    return curl_;
  }

  [[nodiscard]] PingEnd end_with(CURLcode code) const {
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    return {.status = status >= 200 ? static_cast<int>(status) : 0,  // 1xx is not the answer yet
            .curl_code = code,
            .detail = error_.front() == '\0' ? curl_easy_strerror(code) : error_.data()};
  }

  [[nodiscard]] CURL* get() const { return curl_; }

  PingRecord record;
  bool is_busy = false;  // its ping is under way

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    check(curl_easy_setopt(curl_, option, value) == CURLE_OK, "libcurl takes what it is given");
  }

  CURL* curl_;
  std::size_t body_bytes_ = 0;
  std::array<char, CURL_ERROR_SIZE> error_{};
};

// All pings that are under way. Of the pinger's thread, except wake().
class Pinger::Transfers {
 public:
  Transfers() : multi_(curl_multi_init()) { check(multi_ != nullptr, "libcurl can be used"); }
  ~Transfers() { curl_multi_cleanup(multi_); }
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  void begin(Target& target) { must(curl_multi_add_handle(multi_, target.prepare())); }

  void abort(Target& target) {
    if (!target.is_busy) return;
    must(curl_multi_remove_handle(multi_, target.get()));
    target.is_busy = false;
  }

  // Does what can be done now, and notes what has ended.
  void proceed(Instant now) {
    int running = 0;
    must(curl_multi_perform(multi_, &running));
    int left = 0;
    while (const auto* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const auto code = message->data.result;  // gone with the next call
      Target* target = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &target);
      abort(*target);
      if (const auto line = target->record.note(target->end_with(code), now)) write(*line);
    }
  }

  // Until something can be done, at most so long.
  void wait(Duration patience) {
    must(curl_multi_poll(multi_, nullptr, 0, static_cast<int>(patience.count()), nullptr));
  }

  void wake() { must(curl_multi_wakeup(multi_)); }

 private:
  CURLM* multi_;
};

Pinger::Pinger(const PingSettings& settings, IsWell is_well, const Clock& clock)
    : every_(settings.every),
      is_well_(std::move(is_well)),
      clock_(clock),
      transfers_(std::make_unique<Transfers>()) {
  for (const auto& url : settings.urls) {
    targets_.push_back(std::make_unique<Target>(url, settings.timeout));
  }
  thread_ = std::jthread([this] { work(); });
}

Pinger::~Pinger() {
  is_stopping_ = true;
  transfers_->wake();
  thread_.join();
  for (const auto& target : targets_) transfers_->abort(*target);
}

std::vector<PingState> Pinger::states() const {
  std::vector<PingState> states;
  states.reserve(targets_.size());
  for (const auto& target : targets_) states.push_back(target->record.state());
  return states;
}

void Pinger::work() {
  auto due = clock_.steady();  // when the next heartbeat should be sent
  auto look = due;             // when to see whether it can be
  while (!is_stopping_) {
    const auto now = clock_.steady();
    if (now >= look) {
      const bool is_sent = ping_if_well(now - due);
      if (is_sent) due = now + every_;
      look = is_sent ? due : now + std::min(every_, kLookAgain);
    }
    transfers_->proceed(clock_.wall());
    transfers_->wait(std::clamp(look - clock_.steady(), Duration::zero(), kWaitMax));
  }
}

bool Pinger::ping_if_well(Duration late) {
  if (!is_well_()) {
    if (!is_silent_ && late >= kOverdue) {
      is_silent_ = true;
      log::warning("no heartbeat is sent: the aggregator is not well");
    }
    return false;
  }
  if (std::exchange(is_silent_, false)) log::info("heartbeats are sent again");
  for (const auto& target : targets_) {
    if (!target->is_busy) transfers_->begin(*target);
  }
  return true;
}

}  // namespace vaultbell::watchdog
