// Receivers: the mail and telephone servers that messages go to, each with its moods: they refuse,
// greylist, are slow, hang, are away, or take a message and lose the answer.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "aggregator/core/words.hpp"
#include "tests/simulation/messages.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/scene.hpp"

namespace vaultbell::simulation {

class Witness;

enum class Mood : std::uint8_t { fine, refusing, greylisting, slow, hanging, losing_answers };

class Receivers {
 public:
  Receivers(Scene& scene, Witness& witness)
      : scene_(scene), witness_(witness), random_(scene.options.seed, "receivers") {}

  // How one attempt ended, as the aggregator learns it.
  struct Answer {
    core::AttemptResult result = core::AttemptResult::delivered;
    std::string text;
    bool is_about_recipient = false;
  };
  // One attempt. `report` is called when it has ended, unless the sender is gone by then, of which
  // `is_there` tells.
  struct Delivery {
    Message message;
    std::function<bool()> is_there;
    std::function<void(Answer)> report;
  };
  void deliver(Delivery delivery);

  // ---- faults

  void be(const core::AddressKey& place, Mood mood, Duration length);
  void relay_is_down(core::Channel channel, Duration length);
  [[nodiscard]] bool is_fine(const core::AddressKey& place) const;
  [[nodiscard]] const std::map<core::AddressKey, Steady>& refused_until() const {
    return refused_until_;
  }

 private:
  struct Trouble {
    Mood mood = Mood::fine;
    Steady until;
  };

  [[nodiscard]] Mood mood_of(const core::AddressKey& place) const;
  void arrive(const Delivery& delivery);
  void take(const Delivery& delivery, Duration answer_after, core::AttemptResult result);
  void answer(const Delivery& delivery, Duration after, const Answer& answer);

  Scene& scene_;
  Witness& witness_;
  Random random_;
  std::map<core::AddressKey, Trouble> troubles_;
  std::map<core::AddressKey, Steady> refused_until_;
  std::map<core::Channel, Steady> relay_down_until_;
};

}  // namespace vaultbell::simulation
