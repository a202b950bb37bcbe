// Facts: what the daemon tells the API of itself. Replaced as a whole after a reload.
#pragma once

#include <string>

#include "aggregator/core/settings.hpp"
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

// What became of [http] listen.
struct WebFacts {
  std::string address;  // where metrics are shown besides the Unix socket; empty: nowhere
  std::string problem;  // why they are not, although they should be; empty: there is none

  bool operator==(const WebFacts&) const = default;
};

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
};

}  // namespace vaultbell::api
