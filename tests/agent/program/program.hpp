// Program: the real vaultbell-agent as a process of its own, with its streams in our hands.
#pragma once

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "agent/spool/spool.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/file_descriptor.hpp"
#include "shared/base/files.hpp"
#include "tests/agent/support/aggregator.hpp"
#include "tests/agent/support/printing.hpp"
#include "tests/agent/support/reports.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::agent::testing {

using Words = std::vector<std::string>;

struct Pipe {
  Pipe() {
    std::array<int, 2> fds{};
    check(pipe2(fds.data(), O_CLOEXEC) == 0, "a pipe can be made");
    from = FileDescriptor(fds[0]);
    to = FileDescriptor(fds[1]);
  }
  FileDescriptor from;
  FileDescriptor to;
};

struct Finished {
  int exit_code = -1;  // 128 + N where signal N killed it
  std::string out;
  std::string err;
};

class Program {
 public:
  struct Setting {
    std::string input{};                        // for standard input, which then ends
    std::function<void()> before_exec = [] {};  // in the child
  };

  explicit Program(const Words& words) : Program(words, Setting()) {}
  Program(const Words& words, const Setting& setting) {
    const Pipe in;
    Pipe out;
    Pipe err;
    std::vector<char*> arguments{const_cast<char*>(VAULTBELL_AGENT)};
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_ = fork();
    check(pid_ >= 0, "a test can fork");
    if (pid_ == 0) {
      dup2(in.from.get(), STDIN_FILENO);
      dup2(out.to.get(), STDOUT_FILENO);
      dup2(err.to.get(), STDERR_FILENO);
      setting.before_exec();
      execv(VAULTBELL_AGENT, arguments.data());
      _exit(99);
    }
    check(write(in.to.get(), setting.input.data(), setting.input.size()) ==
              static_cast<ssize_t>(setting.input.size()),
          "a small input fits a pipe");
    out_ = std::move(out.from);
    err_ = std::move(err.from);
  }
  ~Program() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void kill(int number) const { ::kill(pid_, number); }
  void close_output() { out_.reset(); }
  // Reads what it has printed by now, so that it does not wait for us.
  void take_output() { read_some(); }

  // All that it has printed and we have read.
  [[nodiscard]] std::string printed() const { return finished_.out + finished_.err; }

  // Reads on until that has been printed (on either stream); `meanwhile` runs besides.
  bool prints(
      std::string_view text, const std::function<void()>& meanwhile = [] {}) {
    return reads_until(
        [&] {
          return finished_.out.find(text) != std::string::npos ||
                 finished_.err.find(text) != std::string::npos;
        },
        meanwhile);
  }

  // Waits for its end.
  Finished wait(const std::function<void()>& meanwhile = [] {}) {
    const bool has_ended =
        reads_until([&] { return !out_.is_open() && !err_.is_open(); }, meanwhile);
    EXPECT_TRUE(has_ended) << "still running; printed: " << finished_.out << finished_.err;
    if (!has_ended) kill(SIGKILL);
    int status = 0;
    check(waitpid(std::exchange(pid_, 0), &status, 0) > 0, "a child can be waited for");
    finished_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return finished_;
  }

 private:
  bool reads_until(const std::function<bool()>& condition, const std::function<void()>& meanwhile) {
    const SystemClock clock;
    const auto end = clock.steady() + kPatience;
    while (!condition()) {
      if (clock.steady() >= end) return false;
      if (!out_.is_open() && !err_.is_open()) return false;
      read_some();
      meanwhile();
    }
    return true;
  }
  void read_some() {
    pollfd waiting[2] = {{out_.get(), POLLIN, 0}, {err_.get(), POLLIN, 0}};
    poll(waiting, 2, static_cast<int>(kLook.count()));
    if (waiting[0].revents != 0) take(out_, finished_.out);
    if (waiting[1].revents != 0) take(err_, finished_.err);
  }
  static void take(FileDescriptor& from, std::string& text) {
    char buffer[65536];
    const auto got = read(from.get(), buffer, sizeof buffer);
    if (got <= 0) return from.reset();
    text.append(buffer, static_cast<std::size_t>(got));
  }

  pid_t pid_ = 0;
  FileDescriptor out_;
  FileDescriptor err_;
  Finished finished_;
};

// Runs it to its end.
inline Finished finish(const Words& words, const Program::Setting& setting = {}) {
  return Program(words, setting).wait();
}

inline Words operator+(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// A state folder, and what is in its spool.
class State {
 public:
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] Words options() const { return {"--state-dir", path().string()}; }

  [[nodiscard]] spool::Spool open_spool() const {
    auto spool = spool::Spool::open({.folder = folder_ / "spool", .boot = *read_boot_id()});
    check(spool.has_value(), "the spool opens");
    return std::move(*spool);
  }
  [[nodiscard]] std::vector<RunReport> reports() const {
    const auto spool = open_spool();
    const auto ranges = *spool.ranges();
    std::vector<RunReport> reports;
    for (const auto& range : ranges) {
      const auto kept = *spool.read({range.spool, range.first - 1}, 100'000);
      for (const auto& one : kept) reports.push_back(one.report);
    }
    return reports;
  }
  // Leaves no room for even the smallest report.
  void fill() const {
    auto spool = *spool::Spool::open(
        {.folder = folder_ / "spool", .max_bytes = kSmallest, .boot = *read_boot_id()});
    while (spool.append(the_largest_report())) continue;
    while (spool.append(a_report("filler"))) continue;
  }
  // With the smallest spool that may be configured; --config of every command.
  [[nodiscard]] Words small_spool() const {
    write("agent.toml", "state_dir = \"" + path().string() + "\"\n[spool]\nmax_size = \"1MiB\"\n");
    return {"--config", (folder_ / "agent.toml").string()};
  }
  void write(const std::string& name, std::string_view content) const {
    check(write_file(folder_ / name, content, 0600).has_value(), "a file can be written");
  }

 private:
  static constexpr std::uint64_t kSmallest = 1U << 20U;
  support::TemporaryFolder folder_;
};

}  // namespace vaultbell::agent::testing
