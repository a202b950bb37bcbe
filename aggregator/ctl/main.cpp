// vaultbell: the administrator's command. See docs/cli.md.

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <poll.h>
#include <string>
#include <unistd.h>
#include <vector>

#include <curl/curl.h>

#include "aggregator/ctl/run.hpp"

namespace {

// A pipe without a reader is in the state of error, whatever was written to it so far.
bool has_reader_left() {
  pollfd out{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
  return poll(&out, 1, 0) > 0 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

}  // namespace

int main(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);  // whoever stops reading has seen enough: see run()
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::vector<std::string> typed(arguments + 1, arguments + count);
  const vaultbell::ctl::Streams streams{.in = std::cin,
                                        .out = std::cout,
                                        .err = std::cerr,
                                        .is_in_terminal = isatty(STDIN_FILENO) != 0,
                                        .is_out_terminal = isatty(STDOUT_FILENO) != 0,
                                        .has_reader_left = has_reader_left};
  const auto exit = vaultbell::ctl::run(typed, streams);
  curl_global_cleanup();
  return static_cast<int>(exit);
}
