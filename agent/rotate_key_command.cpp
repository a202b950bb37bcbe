#include <iostream>

#include <fmt/format.h>

#include "agent/commands.hpp"
#include "agent/configuration.hpp"
#include "agent/exchange.hpp"
#include "agent/exit_code.hpp"
#include "agent/local_socket.hpp"
#include "agent/state_folder.hpp"

namespace vaultbell::agent {

const Syntax& rotate_key_syntax() {
  static const Syntax instance{
      .command = "rotate-key",
      .example = "vaultbell-agent rotate-key",
      .usage = "[options]",
      .about =
          "Makes a new key for this host and has it take the place of the old one at the\n"
          "aggregator. It can be interrupted and run again at any moment; no report is lost.",
      .options = with_common({})};
  return instance;
}

namespace {

constexpr Duration kRekeyedWithin = std::chrono::seconds(5);

struct Keys {
  crypto::KeyPair old;
  crypto::KeyPair next;
};

Result<Keys> keys_in(const StateFolder& folder) {
  const auto old = folder.load_key();
  if (!old) return fail(old.error());
  const auto next = folder.load_or_make_next_key();
  if (!next) return fail(next.error());
  return Keys{*old, *next};
}

// Why the aggregator does not know the new key; empty text and kDone: it does, durably.
struct Offered {
  ExitCode exit_code = kDone;
  std::string why_not;
};

// Until the old key is refused, then with the new one: that this comes in is the proof. Both are on
// disk all the time, and the aggregator knows exactly one of them.
Offered offer(const Enrolment& enrolment, const Keys& keys) {
  const protocol::KeyOffer question{keys.next.public_key};
  auto replied = ask_aggregator(enrolment, keys.old, question);
  if (replied.is_key_refused) replied = ask_aggregator(enrolment, keys.next, question);
  if (replied.is_key_refused) {
    return {kRefused, fmt::format("the aggregator knows neither the key of this host nor the new "
                                  "one; to be client \"{0}\" again it needs a token for it: "
                                  "vaultbell enrol token create --for-client {0}",
                                  enrolment.client)};
  }
  if (!replied.body) {
    return {kUnreachable,
            replied.no_answer + "; both keys are kept: run rotate-key again to go on"};
  }
  if (std::holds_alternative<protocol::KeyAccepted>(*replied.body)) return {};
  const auto* refusal = std::get_if<protocol::Refusal>(&*replied.body);
  return {kFailed,
          fmt::format("the aggregator takes no new key: {}",
                      refusal != nullptr ? refusal->message : "its answer makes no sense")};
}

int rotate(const StateFolder& folder, const Enrolment& enrolment,
           const std::filesystem::path& socket) {
  const auto lock = folder.lock_next_key();
  if (!lock) {
    const bool is_busy = lock.error().code == ErrorCode::refused;
    complain(is_busy ? "another process changes or removes the key of this host"
                     : lock.error().message);
    return is_busy ? kRefused : kFailed;
  }
  const auto keys = keys_in(folder);
  if (!keys) {
    complain(keys.error().message);
    return kFailed;
  }
  const auto offered = offer(enrolment, *keys);
  if (offered.exit_code != kDone) {
    complain(offered.why_not);
    return offered.exit_code;
  }
  if (const auto ok = folder.adopt_next_key(keys->next.public_key); !ok) {
    complain(fmt::format("{}; run rotate-key again when that is mended", ok.error().message));
    return kFailed;
  }
  // Without this the daemon would find out with its next heartbeat.
  [[maybe_unused]] const auto rekeyed = ask(socket, "rekey", kRekeyedWithin);
  std::cout << fmt::format("the key of this host is now {}; the old one lets nobody in\n",
                           crypto::fingerprint(keys->next.public_key));
  return kDone;
}

}  // namespace

int rotate_key_command(const Words& words) {
  const auto opening = open_command(rotate_key_syntax(), words);
  if (!opening.arguments) return opening.exit_code;
  const auto loaded = load_configuration(*opening.arguments);
  if (!loaded.mistakes.empty()) {
    std::cerr << lines_of(loaded.mistakes);
    return kWrongConfiguration;
  }
  const auto folder = StateFolder::find(loaded.configuration.state_dir);
  const auto enrolment =
      folder ? folder->load_enrolment() : Result<Enrolment>(fail(folder.error()));
  if (!enrolment) {
    complain(enrolment.error().message);
    return enrolment.error().code == ErrorCode::not_found ? kRefused : kFailed;
  }
  return rotate(*folder, *enrolment, loaded.configuration.socket_path());
}

}  // namespace vaultbell::agent
