// Conversation: what was said between us and the mail server during one attempt, and what its end
// means (R7.4). Follows the commands and answers that libcurl shows; knows no socket.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aggregator/notify/outcome.hpp"

namespace vaultbell::notify {

// One thread, one attempt. What looks like the password never gets into an answer.
class Conversation {
 public:
  explicit Conversation(std::string password) : password_(std::move(password)) {}

  void sent(std::string_view command);   // one line of ours
  void received(std::string_view line);  // one line of the server's

  // What came of it. `error` is libcurl's, empty when it found nothing wrong. Delivered: the
  // server said 2xx to the content. Permanent: it said 5xx to the recipient or to the content.
  // Unknown: the content was begun and no answer to it was understood.
  // Everything else may pass, because it is about the server, the network or ourselves.
  [[nodiscard]] Outcome outcome(std::string_view error) const;

 private:
  // What the server's next answer is about.
  enum class Topic : std::uint8_t { connection, session, login, sender, recipient, data, content };

  static Topic topic_of(std::string_view verb);
  static std::string_view place_of(Topic topic);
  void turn_to(Topic topic);
  void keep_secret(std::string_view words);
  [[nodiscard]] bool is_refused_for_good() const;
  [[nodiscard]] bool is_about_mail() const;
  [[nodiscard]] bool has_secret() const;
  [[nodiscard]] std::string answer() const;
  [[nodiscard]] std::string no_answer(std::string_view error) const;

  std::string password_;
  std::vector<std::string> secrets_;  // what was sent to log in
  Topic topic_ = Topic::connection;
  int code_ = 0;      // of a complete answer about the topic; 0: there is none yet
  std::string text_;  // of that answer, its lines joined
  bool is_over_ = false;
};

}  // namespace vaultbell::notify
