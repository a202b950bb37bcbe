#include "agent/child.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "shared/base/clock.hpp"
#include "shared/base/file_descriptor.hpp"
#include "shared/domain/run_report.hpp"

namespace vaultbell::agent {

namespace {

constexpr Duration kKillAfter = std::chrono::seconds(10);   // between SIGTERM and SIGKILL
constexpr Duration kDrainWithin = std::chrono::seconds(1);  // for what the command leaves behind
constexpr std::size_t kReadBytes = 64UL * 1024;             // a pipe's capacity
constexpr std::size_t kWriteBytes = 4096;  // PIPE_BUF: what poll() promises to have room for

struct Pipe {
  FileDescriptor out;
  FileDescriptor in;
};

// Nothing where the system has no more file descriptors to give; errno says so.
std::optional<Pipe> make_pipe() {
  std::array<int, 2> fds{};
  if (pipe2(fds.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{FileDescriptor(fds[0]), FileDescriptor(fds[1])};
}

// One of the command's streams on its way to ours.
struct Stream {
  FileDescriptor from;
  int to = -1;
  classify::Stream kind = classify::Stream::out;
  std::string pending;        // read and not yet written
  std::size_t owed = 0;       // bytes that were in the pipe when the command ended
  bool is_sink_gone = false;  // nobody reads ours

  // `is_late`: only what the command itself has printed is still waited for.
  [[nodiscard]] bool can_read(bool is_late) const {
    return from.is_open() && pending.empty() && (!is_late || owed > 0);
  }
  [[nodiscard]] bool is_settled() const {
    return pending.empty() && (!from.is_open() || owed == 0);
  }
};

// Returns what was read.
std::string_view read_from(Stream& stream) {
  stream.pending.resize(kReadBytes);
  const auto got = read(stream.from.get(), stream.pending.data(), kReadBytes);
  const auto size = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  stream.pending.resize(size);
  stream.owed -= std::min(stream.owed, size);
  if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) stream.from.reset();
  return stream.pending;
}

void write_some(Stream& stream) {
  const auto size = std::min(stream.pending.size(), kWriteBytes);
  const auto wrote = write(stream.to, stream.pending.data(), size);
  if (wrote >= 0) {
    stream.pending.erase(0, static_cast<std::size_t>(wrote));
  } else if (errno != EINTR && errno != EAGAIN) {
    stream.is_sink_gone = true;
    stream.pending.clear();
  }
}

class Watch {
 public:
  // `out` and `err`: the ends to read from.
  Watch(pid_t child, FileDescriptor out, FileDescriptor err, const Listener& listener,
        Passing passing)
      : child_(child), listener_(listener) {
    streams_[0].from = std::move(out);
    streams_[0].to = STDOUT_FILENO;
    streams_[0].is_sink_gone = passing == Passing::errors;
    streams_[1].from = std::move(err);
    streams_[1].to = STDERR_FILENO;
    streams_[1].kind = classify::Stream::err;
  }

  void terminate_after(Duration timeout) { terminate_at_ = clock_.steady() + timeout; }

  Ended until_the_end(const BlockedSignals& signals) {
    while (!is_over()) {
      wait(signals.fd());
      while (const auto signal = signals.next()) take(*signal);
      if (!ended_at_) note_end();
      act_on_time();
    }
    return std::move(ended_);
  }

 private:
  [[nodiscard]] bool is_over() const {
    if (!ended_at_) return false;
    if (is_hurried_) return true;
    const auto is_drained = [](const Stream& s) { return s.pending.empty() && !s.from.is_open(); };
    if (std::all_of(streams_.begin(), streams_.end(), is_drained)) return true;
    return is_late_ && std::all_of(streams_.begin(), streams_.end(),
                                   [](const auto& s) { return s.is_settled(); });
  }

  void wait(int signals) {
    std::array<pollfd, 3> waiting{};
    waiting[0] = {signals, POLLIN, 0};
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      const auto& stream = streams_.at(i);
      auto& one = waiting.at(1 + i);
      one = {stream.can_read(is_late_) ? stream.from.get() : -1, POLLIN, 0};
      if (!stream.pending.empty()) one = {stream.to, POLLOUT, 0};
    }
    if (poll(waiting.data(), waiting.size(), patience()) <= 0) return;
    // One write a poll: both streams may be the same pipe, and the first write may take the room
    // that was promised to the second, which would block. They take turns.
    const auto other = 1 - writer_;
    if (waiting.at(1 + other).revents != 0 && !streams_.at(other).pending.empty()) writer_ = other;
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      const bool may_go_on = streams_.at(i).pending.empty() || i == writer_;
      if (waiting.at(1 + i).revents != 0 && may_go_on) pass_on(streams_.at(i));
    }
  }

  void pass_on(Stream& stream) {
    if (!stream.pending.empty()) return write_some(stream);
    const auto bytes = read_from(stream);
    listener_(stream.kind, bytes);
    ended_.output += bytes;
    if (ended_.output.size() > 2 * kOutputBytesMax) {
      ended_.output.erase(0, ended_.output.size() - kOutputBytesMax);
    }
    if (stream.is_sink_gone) stream.pending.clear();
  }

  // Milliseconds for poll(); -1 where only an event can change anything.
  [[nodiscard]] int patience() const {
    const auto told = kill_at_ ? kill_at_ : terminate_at_;
    const auto next = ended_at_ ? std::optional(*ended_at_ + kDrainWithin) : told;
    if (!next || is_late_) return -1;
    const auto left = *next - clock_.steady();
    return static_cast<int>(std::clamp<Duration::rep>(left.count(), 0, 60'000));
  }

  void take(const signalfd_siginfo& signal) {
    const int number = static_cast<int>(signal.ssi_signo);
    if (number == SIGCHLD) return;
    is_hurried_ = ended_at_.has_value();
    if (is_hurried_) return;
    ended_.interrupted_by = number;
    // SI_KERNEL: from the terminal, which tells the whole group; the command has it already.
    if (signal.ssi_code != SI_KERNEL) send(number);
  }

  // Only before its end was taken note of: until then its number is its own.
  void send(int number) const { kill(child_, number); }

  void note_end() {
    siginfo_t how{};
    const int code = waitid(P_PID, static_cast<id_t>(child_), &how, WEXITED | WNOHANG);
    if (code != 0 || how.si_pid == 0) return;
    if (how.si_code == CLD_EXITED) {
      ended_.exit_code = how.si_status;
    } else {
      ended_.signal = how.si_status;
    }
    ended_at_ = clock_.steady();
    for (auto& stream : streams_) {
      int left = 0;
      if (stream.from.is_open()) ioctl(stream.from.get(), FIONREAD, &left);
      stream.owed = static_cast<std::size_t>(std::max(left, 0));
    }
  }

  void act_on_time() {
    const auto now = clock_.steady();
    is_late_ = ended_at_ && now >= *ended_at_ + kDrainWithin;
    if (ended_at_) return;
    if (kill_at_ && now >= *kill_at_) {
      send(SIGKILL);
      kill_at_ = now + kKillAfter;
    } else if (!kill_at_ && terminate_at_ && now >= *terminate_at_) {
      ended_.has_timed_out = true;
      send(SIGTERM);
      kill_at_ = now + kKillAfter;
    }
  }

  SystemClock clock_;
  pid_t child_;
  const Listener& listener_;
  std::array<Stream, 2> streams_;
  std::optional<Steady> terminate_at_;
  std::optional<Steady> kill_at_;
  std::optional<Steady> ended_at_;
  std::size_t writer_ = 0;   // the stream that wrote last
  bool is_late_ = false;     // kDrainWithin after the end
  bool is_hurried_ = false;  // a signal came after the end: what is left is not waited for
  Ended ended_;
};

// Returns the child's pid, or an errno.
std::pair<pid_t, int> spawn(const std::vector<std::string>& command, int out, int err,
                            const sigset_t& mask) {
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask(&attributes, &mask);
  pid_t pid = 0;
  const int code = posix_spawnp(&pid, words[0], &actions, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return {pid, code};
}

}  // namespace

Ended run_child(const std::vector<std::string>& command, std::optional<Duration> timeout,
                const BlockedSignals& signals, const Listener& listener, Passing passing) {
  auto out = make_pipe();
  auto err = make_pipe();
  if (!out || !err) return {.start_error = errno};
  const auto [pid, code] = spawn(command, out->in.get(), err->in.get(), signals.before());
  if (code != 0) return {.start_error = code};
  out->in.reset();
  err->in.reset();
  Watch watch(pid, std::move(out->out), std::move(err->out), listener, passing);
  if (timeout) watch.terminate_after(*timeout);
  auto ended = watch.until_the_end(signals);
  if (ended.output.size() > kOutputBytesMax) {
    ended.output.erase(0, ended.output.size() - kOutputBytesMax);
  }
  return ended;
}

}  // namespace vaultbell::agent
