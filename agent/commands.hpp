// The program's commands. Each takes the words that followed its name and returns the exit code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/arguments.hpp"
#include "shared/base/enum_text.hpp"

namespace vaultbell::agent {

using Words = std::vector<std::string>;

int serve_command(const Words& words);
int run_command(const Words& words);
int report_command(const Words& words);
int status_command(const Words& words);
int enrol_command(const Words& words);
int rotate_key_command(const Words& words);
int unenrol_command(const Words& words);
int check_config_command(const Words& words);
int adapter_command(const Words& words);
int hook_command(const Words& words);
int poll_command(const Words& words);
int test_command(const Words& words);

// What each of them takes.
const Syntax& serve_syntax();
const Syntax& run_syntax();
const Syntax& report_syntax();
const Syntax& status_syntax();
const Syntax& enrol_syntax();
const Syntax& rotate_key_syntax();
const Syntax& unenrol_syntax();
const Syntax& check_syntax();
const Syntax& adapter_syntax();
const Syntax& hook_syntax();
const Syntax& poll_syntax();
const Syntax& test_syntax();

enum class OutputFormat : std::uint8_t { text, json };  // -o

// "vaultbell-agent: TEXT" on standard error.
void complain(std::string_view text);
// The same for a wrong command line, with where help is; returns kUsage.
int complain_of_usage(const Syntax& syntax, const Error& error);

// What every command begins with: reads its options; prints its help where that is asked for, and
// complains of what is wrong. An absent result has been dealt with: exit with `exit_code`.
struct Opening {
  std::optional<Arguments> arguments;
  int exit_code = 0;
};
Opening open_command(const Syntax& syntax, const Words& words);

}  // namespace vaultbell::agent

namespace vaultbell {

template <>
inline constexpr auto kEnumText<agent::OutputFormat> =
    std::to_array<EnumText<agent::OutputFormat>>({
        {agent::OutputFormat::text, "text"},
        {agent::OutputFormat::json, "json"},
    });

}  // namespace vaultbell
