// Client keys: a client that stays who it is, with its history, while its key changes.
#pragma once

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// Puts the host's key in the place of the client's old one, which lets nobody in any more: its disk
// is gone, and it has enrolled anew with a token made for this client. What the old host still
// kept is not waited for; what was booked of it stays booked. The client is not retired. Returns
// it as it is now.
Client replace_key(Draft& draft, Client client, const Enrolment& host, Instant expected_until);

}  // namespace vaultbell::core
