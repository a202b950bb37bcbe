// What the templates of messages may show: the names they use and the texts behind them.
#pragma once

#include "aggregator/notify/delivery.hpp"
#include "aggregator/notify/template.hpp"

namespace vaultbell::notify {

inline constexpr std::size_t kOutputLinesMax = 20;  // of the tool's output: one screen

// Has the same names for every delivery. Every text is one line. docs/mail.md lists them.
View view_of(const Delivery& delivery);

// The same for a letter. The delivery must have one.
View letter_view_of(const Delivery& delivery);

}  // namespace vaultbell::notify
