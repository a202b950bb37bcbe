// vaultbell: the administrator's command. See docs/cli.md.

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <unistd.h>
#include <vector>

#include <curl/curl.h>

#include "aggregator/ctl/run.hpp"

int main(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);  // whoever stops reading has seen enough: the write fails
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::vector<std::string> typed(arguments + 1, arguments + count);
  const vaultbell::ctl::Streams streams{.in = std::cin,
                                        .out = std::cout,
                                        .err = std::cerr,
                                        .is_in_terminal = isatty(STDIN_FILENO) != 0,
                                        .is_out_terminal = isatty(STDOUT_FILENO) != 0};
  const auto exit = vaultbell::ctl::run(typed, streams);
  curl_global_cleanup();
  return static_cast<int>(exit);
}
