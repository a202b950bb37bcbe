// Program: a real program of ours or of others as a child of a test, with its output in our hands.
// Killed with the object, if it still runs.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "shared/base/file_descriptor.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::support {

using Words = std::vector<std::string>;

inline constexpr Duration kPatience = std::chrono::seconds(60);  // for anything on a busy machine

struct Finished {
  int exit_code = -1;  // 128 + N where signal N killed it
  std::string out;
  std::string err;
};

class Program {
 public:
  struct Setting {
    std::string input;  // for standard input, which then ends
    std::vector<std::pair<std::string, std::string>> environment;  // besides the test's own
    std::function<void()> before_exec = [] {};                     // in the child
  };

  // The first word is the program's path, or a name to be found in PATH.
  explicit Program(const Words& words) : Program(words, Setting()) {}
  Program(const Words& words, const Setting& setting);
  ~Program();
  Program(Program&& other) noexcept;
  Program& operator=(Program&& other) noexcept;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] bool is_running() const;
  void send(int signal) const;

  // Waits for its end; a process that does not end within kPatience is killed, and the exit code is
  // that of the kill.
  Finished wait();

  // What it has written so far.
  [[nodiscard]] std::string out() const;
  [[nodiscard]] std::string err() const;

 private:
  void reap(int options) const;

  mutable pid_t pid_ = -1;  // 0: it has ended
  mutable int status_ = 0;
  FileDescriptor out_;
  FileDescriptor err_;
  FileDescriptor life_;  // readable (at its end) when the process has ended
};

// Runs it to its end.
Finished finish(const Words& words, const Program::Setting& setting = {});

// Looks again and again until the condition is true; false if it never was within kPatience.
bool until(const std::function<bool()>& condition);

}  // namespace vaultbell::support
