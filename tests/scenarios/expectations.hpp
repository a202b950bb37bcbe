// How a scenario finds the alerts and notifications that it names.
#pragma once

#include <string>

#include "tests/scenarios/stage.hpp"

namespace vaultbell::scenarios {

// By its words, as `alerts:` lists them. Error: there is none.
Result<AlertId> active_alert(Stage& stage, const std::string& words);

// The newest alert of these words, active or not. Error: there is none.
Result<core::Alert> last_alert(Stage& stage, const std::string& words);

// The newest notification with this text to this person. Error: there is none.
Result<core::Notification> last_notification(Stage& stage, const std::string& person,
                                             const std::string& text);

}  // namespace vaultbell::scenarios
