// Adapters and verdicts as text for people.
#pragma once

#include <string>
#include <string_view>

#include "agent/classify/classifier.hpp"

namespace vaultbell::agent {

// "SIGTERM"
std::string signal_text(int number);

// That a tool was named for which nothing is known, with the hint of the Shelf.
std::string no_adapter(std::string_view tool, std::string_view hint);

// All rows in their order: what must be so, what it means, what proves it.
std::string text_of(const classify::Adapter& adapter);

// The verdict, and which row of the adapter made it and why.
std::string text_of(const classify::Verdict& verdict, const classify::Adapter& adapter);

}  // namespace vaultbell::agent
