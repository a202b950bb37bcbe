// Statements: what a line of a scenario may say, by what it is about; and what they have in common.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/duration.hpp"
#include "shared/base/enum_text.hpp"
#include "tests/scenarios/stage.hpp"

namespace vaultbell::scenarios {

using Statements = std::vector<Stage::Statement>;

Statements settings();             // settings.cpp: the configuration, vaults, policies
Statements people();               // people.cpp: contacts, groups, codes
Statements hosts();                // hosts.cpp: clients and what their agents send
Statements aggregator_and_mail();  // aggregator.cpp: its process, its clock, its mail server
Statements orders();               // orders.cpp: what operators do about jobs, alerts and messages
Statements expectations();         // expectations.cpp

// What an order's reply means for the scenario. Error: it was refused.
Status done(const tl::expected<core::OrderDone, Error>& result);

// "ops got "critical: ..." at 2026-03-01T03:20:00Z".
std::string line_of(const support::Mail& mail);

// DURATION of the line.
inline Result<Duration> duration_in(const Match& match) {
  return parse_duration(match.at("DURATION"));
}

// COUNT of the line: 0 to 999.
Result<std::size_t> count_in(const Match& match);

// A word of the line that is one of a closed list.
template <HasText E>
Result<E> word_in(const Match& match, const std::string& slot, std::string_view what) {
  return parse_enum<E>(what, match.at(slot));
}

// The names in "alice, bob and carol" or "alice bob".
std::vector<std::string> names_in(std::string_view text);

// "web3" to "web5" are three names. Error: they do not differ by their number alone.
Result<std::vector<std::string>> names_from(const std::string& first, const std::string& last);

// The address of whoever the scenario calls so: "ops", or "alice.sms" for alice's telephone.
core::AddressKey address_of(Stage& stage, const std::string& person);

}  // namespace vaultbell::scenarios
