#include "tests/simulation/receivers.hpp"

#include <utility>

#include "tests/simulation/witness.hpp"

namespace vaultbell::simulation {

namespace {

using core::AttemptResult;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::uint32_t kGreylistedAttempts = 2;
// Sooner than a program that ended is started again: what it sent comes before what the next sends.
constexpr Duration kArrivesWithin = milliseconds(900);
constexpr Duration kGivesUpWaiting = minutes(5);  // as the delivery workers

}  // namespace

void Receivers::be(const core::AddressKey& place, Mood mood, Duration length) {
  troubles_[place] = {mood, scene_.now() + length};
  if (mood == Mood::refusing) refused_until_[place] = scene_.now() + length;
}

void Receivers::relay_is_down(core::Channel channel, Duration length) {
  relay_down_until_[channel] = scene_.now() + length;
}

Mood Receivers::mood_of(const core::AddressKey& place) const {
  const auto found = troubles_.find(place);
  if (found == troubles_.end() || found->second.until < scene_.now()) return Mood::fine;
  return found->second.mood;
}

bool Receivers::is_fine(const core::AddressKey& place) const {
  const auto relay = relay_down_until_.find(place.channel);
  const bool is_down = relay != relay_down_until_.end() && relay->second >= scene_.now();
  return !is_down && mood_of(place) == Mood::fine;
}

void Receivers::deliver(Delivery delivery) {
  scene_.agenda.in(random_.between(milliseconds(10), kArrivesWithin),
                   [this, delivery = std::move(delivery)] { arrive(delivery); });
}

void Receivers::arrive(const Delivery& delivery) {
  if (!delivery.is_there() && random_.coin()) return;  // it broke off before the end of its message
  const auto place = delivery.message.recipient.place();
  const auto relay = relay_down_until_.find(place.channel);
  if (relay != relay_down_until_.end() && relay->second >= scene_.now()) {
    return answer(delivery, seconds(1), {AttemptResult::temporary_failure, "connection refused"});
  }
  switch (mood_of(place)) {
    case Mood::fine:
      return take(delivery, random_.between(milliseconds(5), milliseconds(500)),
                  AttemptResult::delivered);
    case Mood::refusing:
      return answer(delivery, seconds(1), {AttemptResult::permanent_failure, "550 no such user"});
    case Mood::greylisting:
      if (delivery.message.attempt > kGreylistedAttempts) {
        return take(delivery, seconds(1), AttemptResult::delivered);
      }
      return answer(delivery, seconds(1),
                    {AttemptResult::temporary_failure, "450 try later", true});
    case Mood::slow:
      return take(delivery, random_.between(minutes(1), kGivesUpWaiting - seconds(1)),
                  AttemptResult::delivered);
    case Mood::hanging:
      return answer(delivery, kGivesUpWaiting, {AttemptResult::unknown, "no answer"});
    case Mood::losing_answers:
      return take(delivery, kGivesUpWaiting, AttemptResult::unknown);
  }
}

void Receivers::take(const Delivery& delivery, Duration answer_after, AttemptResult result) {
  witness_.received(delivery.message);
  answer(delivery, answer_after,
         {result, result == AttemptResult::delivered ? "250 ok" : "no answer to the message"});
}

void Receivers::answer(const Delivery& delivery, Duration after, const Answer& answer) {
  scene_.agenda.in(after, [delivery, answer] {
    if (delivery.is_there()) delivery.report(answer);
  });
}

}  // namespace vaultbell::simulation
