// Facts: what the daemon tells the API of itself. Replaced as a whole after a reload.
#pragma once

#include <functional>
#include <string>

#include "aggregator/core/settings.hpp"
#include "aggregator/storage/snapshot.hpp"
#include "shared/base/time.hpp"
#include "shared/crypto/keys.hpp"
#include "shared/domain/public_key.hpp"

namespace vaultbell::api {

// What became of the declared objects (R9.2).
struct DeclaredFacts {
  std::string folder;       // conf.d
  std::size_t objects = 0;  // that the files declared when they were last applied
  std::string problem;      // why they were not applied as they are now; empty: they were

  bool operator==(const DeclaredFacts&) const = default;
};

// What became of [web] listen.
struct WebFacts {
  std::string address;  // where it is listened; empty: nowhere
  std::string problem;  // why nowhere, although it should be; empty: there is none
  std::string url;      // at which browsers see it; empty: nowhere

  bool operator==(const WebFacts&) const = default;
};

// A message as it is, or would be, sent. A text message has neither subject nor html nor source.
struct ShownMessage {
  std::string subject;
  std::string text;
  std::string html;
  std::string source;  // headers and parts, before they are packed for the way
};

// Whoever sends messages knows how they look; codes are not shown. The error says why it can no
// longer be known. Must be callable from any thread.
using ShowMessage =
    std::function<Result<ShownMessage>(const storage::Snapshot&, NotificationId, Instant now)>;

struct Facts {
  std::string version;
  Instant started_at;
  std::string state_dir;
  std::string agents_endpoint;     // where agents connect, as they are told
  std::string enrolment_endpoint;  // what join tokens name; empty: nobody can enrol
  std::string control_socket;
  PublicKey server_key;        // what join tokens pin
  crypto::SecretKey code_key;  // that verification codes follow from
  core::Settings settings;     // with the account's name and owners
  bool is_mail_configured = false;
  DeclaredFacts declared;
  WebFacts web;
  ShowMessage show_message;  // absent: nothing is known of how messages look
};

}  // namespace vaultbell::api
