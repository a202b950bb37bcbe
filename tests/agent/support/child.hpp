// A forked child of a test: for what one process cannot show (crashes, limits, two writers).
#pragma once

#include <csignal>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "shared/base/check.hpp"

namespace vaultbell::agent::testing {

class Child {
 public:
  // Runs `work` in a child, which exits with what it returns.
  explicit Child(const std::function<int()>& work) : pid_(fork()) {
    check(pid_ >= 0, "a test can fork");
    if (pid_ == 0) _exit(work());
  }
  ~Child() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      wait();
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }

  // The wait status, once it has ended.
  int wait() {
    int status = 0;
    check(waitpid(std::exchange(pid_, 0), &status, 0) > 0, "a child can be waited for");
    return status;
  }
  int exit_code() {
    const int status = wait();
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  void kill_at_once() {
    kill(pid_, SIGKILL);
    wait();
  }

 private:
  pid_t pid_;
};

}  // namespace vaultbell::agent::testing
