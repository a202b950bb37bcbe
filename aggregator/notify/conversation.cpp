#include "aggregator/notify/conversation.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "shared/base/text.hpp"

namespace vaultbell::notify {

namespace {

using core::AttemptResult;

constexpr int kClosing = 421;  // RFC 5321, 3.8: the server goes away, whatever it was asked

constexpr std::size_t kSecretBytesMin = 4;  // the shortest text that base64 makes

bool is_success(int code) {
  return code >= 200 && code < 300;
}

bool is_failure(int code) {
  return code >= 400;
}

// RFC 4954, section 6, and RFC 3207: about the login or TLS, at whatever command they come.
bool is_about_access(int code) {
  return code == 530 || code == 534 || code == 535 || code == 538;
}

std::string_view first_word(std::string_view line) {
  return line.substr(0, line.find(' '));
}

}  // namespace

Conversation::Topic Conversation::topic_of(std::string_view verb) {
  if (verb == "AUTH") return Topic::login;
  if (verb == "MAIL") return Topic::sender;
  if (verb == "RCPT") return Topic::recipient;
  if (verb == "DATA") return Topic::data;
  return Topic::session;
}

std::string_view Conversation::place_of(Topic topic) {
  switch (topic) {
    case Topic::connection:
      return "while connecting";
    case Topic::session:
      return "after EHLO or STARTTLS";
    case Topic::login:
      return "while logging in";
    case Topic::sender:
      return "after MAIL FROM";
    case Topic::recipient:
      return "after RCPT TO";
    case Topic::data:
      return "after DATA";
    case Topic::content:
      return "after the content was begun: it may have arrived";
  }
  return {};
}

void Conversation::turn_to(Topic topic) {
  topic_ = topic;
  code_ = 0;
  text_.clear();
}

void Conversation::keep_secret(std::string_view words) {
  while (!words.empty()) {
    const auto word = first_word(words);
    if (word.size() >= kSecretBytesMin) secrets_.emplace_back(word);
    words.remove_prefix(std::min(words.size(), word.size() + 1));
  }
}

void Conversation::sent(std::string_view command) {
  if (is_over_) return;
  const auto line = trimmed(command);
  if (topic_ == Topic::login && code_ == 334) {  // more of the login was asked for
    keep_secret(line);
    return turn_to(Topic::login);
  }
  const auto verb = first_word(line);
  is_over_ = verb == "QUIT";
  if (is_over_) return;
  turn_to(topic_of(verb));
  if (topic_ == Topic::login) {
    const auto arguments = line.substr(std::min(line.size(), verb.size() + 1));
    keep_secret(arguments.substr(first_word(arguments).size()));  // behind the mechanism's name
  }
}

void Conversation::received(std::string_view line) {
  if (is_over_) return;
  if (code_ != 0) turn_to(topic_);
  const auto answer = one_line(trimmed(line));
  int code = 0;
  const auto parsed = std::from_chars(answer.data(), answer.data() + answer.size(), code);
  if (parsed.ptr != answer.data() + 3) return;
  const bool is_continued = answer.size() > 3 && answer[3] == '-';
  if (text_.empty()) {
    text_ = answer;
    if (is_continued) text_[3] = ' ';
  } else if (answer.size() > 4) {
    text_ += answer.substr(3).replace(0, 1, " ");
  }
  text_ = first_part(text_, kAnswerBytesMax);
  if (is_continued) return;
  code_ = code;
  if (topic_ == Topic::data && code_ == 354) turn_to(Topic::content);
}

bool Conversation::is_about_mail() const {
  return (topic_ == Topic::recipient || topic_ == Topic::content) && !is_about_access(code_);
}

bool Conversation::is_refused_for_good() const {
  return is_about_mail() && code_ >= 500;
}

bool Conversation::has_secret() const {
  if (!password_.empty() && text_.find(password_) != std::string::npos) return true;
  return std::ranges::any_of(secrets_, [this](const std::string& secret) {
    return text_.find(secret) != std::string::npos;
  });
}

std::string Conversation::answer() const {
  if (has_secret()) return fmt::format("{} (its text repeats the login and is left out)", code_);
  return text_;
}

std::string Conversation::no_answer(std::string_view error) const {
  const auto why = error.empty() ? "the server's answer was not understood" : error;
  return std::string(
      first_part(fmt::format("{} ({})", one_line(why), place_of(topic_)), kAnswerBytesMax));
}

Outcome Conversation::outcome(std::string_view error) const {
  if (error.empty() && topic_ == Topic::content && is_success(code_)) {
    return {AttemptResult::delivered, answer()};
  }
  if (!is_failure(code_)) {
    const bool may_have_arrived = topic_ == Topic::content;
    return {may_have_arrived ? AttemptResult::unknown : AttemptResult::temporary_failure,
            no_answer(error)};
  }
  if (is_refused_for_good()) return {AttemptResult::permanent_failure, answer()};
  return {AttemptResult::temporary_failure, answer(), is_about_mail() && code_ != kClosing};
}

}  // namespace vaultbell::notify
