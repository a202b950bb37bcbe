// Client keys: a client that stays who it is, with its history, while its key changes.
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// Puts the host's key in the place of the client's old one, which lets nobody in any more: its disk
// is gone, and it has enrolled anew with a token made for this client. What the old host still
// kept is not waited for; what was booked of it stays booked. The client is not retired. Returns
// it as it is now.
Client replace_key(Draft& draft, Client client, const Enrolment& host, Instant expected_until);

// Puts the key that a client offers in the place of its own, with which it offered it; that one
// lets nobody in any more. Nothing happens where it has another key by now, or where somebody has
// the new one or has asked for enrolment with it. The host is the same: its reports, boots and
// connection stay as they are, except that it must connect anew.
void change_key(Draft& draft, const KeyOffered& offered);

}  // namespace vaultbell::core
