#include <fstream>
#include <iostream>
#include <iterator>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/commands.hpp"
#include "agent/configuration.hpp"
#include "agent/enrolling.hpp"
#include "agent/exit_code.hpp"
#include "agent/state_folder.hpp"
#include "agent/uplink/host.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/duration.hpp"
#include "shared/base/files.hpp"
#include "shared/base/text.hpp"
#include "shared/crypto/join_token.hpp"
#include "shared/domain/name.hpp"

namespace vaultbell::agent {

const Syntax& enrol_syntax() {
  static const Syntax instance{
      .command = "enrol",
      .example = "vaultbell-agent enrol --name db-1 < token",
      .usage = "[options]",
      .about =
          "Makes this host a client of an aggregator. The join token, one line that an\n"
          "administrator has made there, is read from standard input. Where an administrator must\n"
          "approve, this asks until it is done; it can be interrupted and run again.",
      .options = with_common({
          {"name", "NAME", "this host's name at the aggregator (default: its host name)"},
          {"token-file", "FILE", "where the join token is; - is standard input (default)"},
          {"wait", "TIME", "for approval, at most so long (\"10m\"; 0: not at all)"},
      }),
      .no_words =
          "the join token is read from standard input or --token-file, never from an argument: "
          "others could see it there"};
  return instance;
}

namespace {

struct Wish {
  std::string name;
  std::optional<Duration> wait;
};

Result<Wish> wish_of(const Arguments& arguments, const uplink::HostFacts& host) {
  Wish wish{.name = arguments.value("name").value_or(host.hostname)};
  if (auto ok = check_name("client name", wish.name); !ok) return fail(ok.error());
  if (const auto text = arguments.value("wait")) {
    const auto wait = parse_duration(*text);
    if (!wait) return fail_within("--wait", wait.error());
    wish.wait = *wait;
  }
  return wish;
}

// Error `invalid`: it was read and is no good.
Result<crypto::JoinToken> read_token(const Arguments& arguments) {
  const auto file = arguments.value("token-file").value_or("-");
  if (file != "-") {
    const auto text = read_file(file, crypto::kTokenTextMax + 2);
    if (!text) return fail(text.error());
    return crypto::parse_join_token(trimmed(*text));
  }
  if (isatty(STDIN_FILENO) == 1) std::cerr << "join token: " << std::flush;
  std::string line;
  std::getline(std::cin, line);
  return crypto::parse_join_token(trimmed(line));
}

int check_not_enrolled(const StateFolder& folder) {
  const auto enrolment = folder.load_enrolment();
  if (enrolment) {
    complain(
        fmt::format("this host is already client \"{}\" of vault \"{}\" since {}; to enrol it "
                    "anew, remove {} first",
                    enrolment->client, enrolment->vault, to_iso(enrolment->enrolled_at),
                    folder.enrolment_file().string()));
    return kRefused;
  }
  if (enrolment.error().code == ErrorCode::not_found) return kDone;
  complain(enrolment.error().message);
  return kFailed;
}

int finish(const StateFolder& folder, const crypto::JoinToken& token,
           const protocol::EnrolAccepted& accepted) {
  const auto saved = folder.save_enrolment({.client = accepted.client,
                                            .vault = accepted.vault,
                                            .endpoint = accepted.endpoint,
                                            .server_key = token.server_key,
                                            .enrolled_at = SystemClock().wall()});
  if (!saved) {
    complain(fmt::format("{}; run enrol again when that is mended", saved.error().message));
    return kFailed;
  }
  std::cout << fmt::format(
      "this host is now client \"{}\" of vault \"{}\"\n"
      "next: systemctl enable --now vaultbell-agent (or: vaultbell-agent serve)\n"
      "then: vaultbell-agent run --job nightly -- COMMAND...\n",
      accepted.client, accepted.vault);
  return kDone;
}

int enrol(const StateFolder& folder, const Wish& wish, const crypto::JoinToken& token,
          const uplink::HostFacts& host) {
  const auto key = folder.load_or_make_key();
  if (!key) {
    complain(key.error().message);
    return kFailed;
  }
  std::cout << "the key of this host is " << crypto::fingerprint(key->public_key) << '\n'
            << "asking " << token.enrolment_endpoint << " for a place in vault \"" << token.vault
            << "\"\n"
            << std::flush;
  const auto decision =
      ask_to_enrol({.token = token, .key = *key, .name = wish.name, .host = host}, wish.wait,
                   [&](const std::string& next_command) {
                     std::cout << fmt::format(
                                      "an administrator must approve this: compare the key, "
                                      "then run there: {}\n"
                                      "waiting (Ctrl-C is safe: run enrol again to go on)\n",
                                      next_command)
                               << std::flush;
                   });
  if (decision.accepted) return finish(folder, token, *decision.accepted);
  complain(decision.why_not);
  return decision.exit_code;
}

}  // namespace

int enrol_command(const Words& words) {
  const auto opening = open_command(enrol_syntax(), words);
  if (!opening.arguments) return opening.exit_code;
  const auto& arguments = *opening.arguments;
  const auto host = uplink::read_host_facts();
  if (!host) {
    complain(host.error().message);
    return kFailed;
  }
  const auto wish = wish_of(arguments, *host);
  if (!wish) return complain_of_usage(enrol_syntax(), wish.error());
  const auto loaded = load_configuration(arguments);
  if (!loaded.mistakes.empty()) {
    std::cerr << lines_of(loaded.mistakes);
    return kWrongConfiguration;
  }
  const auto folder = StateFolder::open(loaded.configuration.state_dir);
  if (!folder) {
    complain(folder.error().message);
    return kFailed;
  }
  if (const int code = check_not_enrolled(*folder); code != kDone) return code;
  const auto token = read_token(arguments);
  if (!token) {
    complain(token.error().message);
    return token.error().code == ErrorCode::invalid ? kNotAuthorised : kFailed;
  }
  return enrol(*folder, *wish, *token, *host);
}

}  // namespace vaultbell::agent
