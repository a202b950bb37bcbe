// Receivers: the mail servers, the SMS gateway and the webhooks of a test. Each delivery is
// answered as scripted, at once and with "delivered" unless a test says otherwise.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "aggregator/core/rows.hpp"

namespace vaultbell::support {

struct Answer {
  core::AttemptResult result = core::AttemptResult::delivered;
  std::string text = "250 ok";
  bool is_about_recipient = false;
  bool is_proven = false;
};

Answer refusal(std::string text = "550 no such user");
Answer try_later(std::string text = "450 try later");            // of the server
Answer put_off(std::string text = "450 mailbox not available");  // of the recipient

class Receivers {
 public:
  // The next answers for this address; after them it is answered as before.
  void next(const std::string& address, std::deque<Answer> answers);
  // From now on, for this address, for every address of the channel without a rule of its own, or
  // for all that remain.
  void always(const std::string& address, Answer answer) { rules_[address] = std::move(answer); }
  void always(core::Channel channel, Answer answer) { by_channel_[channel] = std::move(answer); }
  void always(Answer answer) { rule_ = std::move(answer); }

  Answer answer(const core::AddressKey& place);

  // Whether deliveries are answered at all; a test that says no answers them itself.
  bool are_answering = true;

 private:
  std::map<std::string, std::deque<Answer>> next_;
  std::map<std::string, Answer> rules_;
  std::map<core::Channel, Answer> by_channel_;
  Answer rule_;
};

}  // namespace vaultbell::support
