// What can stand where somebody pressed Tab. The completion scripts of the shells (completion/) ask
// for it with `vaultbell __complete WORD...`, of which the last is the one being typed.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/ctl/session.hpp"

namespace vaultbell::ctl {

inline constexpr std::string_view kCompleteWord = "__complete";

// The words that can be the value of a flag; empty: it takes others, too. `noun` is the first word
// of the command: a client has other states than an alert.
std::string_view choices_of(std::string_view flag, std::string_view noun);

// Prints the candidates, one a line, behind a tab what it is; an empty one stands for the names of
// files. Names come from the aggregator, where it answers at once; else there are none, and nothing
// is said of it: a prompt is no place for errors.
void complete(std::span<const std::string> typed, const Streams& streams);

}  // namespace vaultbell::ctl
