// The reports: which are sent, sent again, discarded and set aside.
#pragma once

#include "agent/core/draft.hpp"

namespace vaultbell::agent::core {

// Takes over what the spool holds now.
void look_at_spool(Draft& draft, const SpoolView& spool);
// Sends what the window has room for, of the oldest incarnation that is not acknowledged whole: the
// start of a run may stand in one and its end in the next, and they must arrive in this order.
void fill_window(Draft& draft);
// Everything that is not acknowledged is to be sent again, with a window of so many.
void rewind(Draft& draft, std::size_t window);
void acknowledge(Draft& draft, const SpoolAck& ack);
void out_of_order(Draft& draft, const OutOfOrder& refusal);
void report_refused(Draft& draft, const ReportRefused& refusal);
// Nobody will ever read this report: if it is the next one to be acknowledged it is set aside, and
// a hello tells the aggregator to pass it by. Any other comes round again.
void give_up_report(Draft& draft, const SpoolAck& position, const std::string& why);
// Gives up the report with that number, if it is the next one to be acknowledged. Reports of one
// incarnation only are in flight, so the number says which one it is.
void not_understood(Draft& draft, const NotUnderstood& refusal);
void tick_sending(Draft& draft);

std::optional<Steady> next_sending_deadline(const Sending& sending);

}  // namespace vaultbell::agent::core
