#include "agent/alone/local_command.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "shared/base/clock.hpp"
#include "shared/base/duration.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::agent::alone {

namespace {

constexpr int kReadsPerTurn = 16;                               // of 4 KiB: a pipe's capacity
constexpr Duration kKilledWithin = std::chrono::seconds(1);     // SIGKILL takes no longer
constexpr Duration kLookEvery = std::chrono::milliseconds(50);  // where there is no pidfd

// What systemd tells us is not meant for others.
constexpr std::array<std::string_view, 5> kOursAlone = {
    "NOTIFY_SOCKET=", "WATCHDOG_PID=", "WATCHDOG_USEC=", "LISTEN_FDS=", "LISTEN_PID="};

struct Pipe {
  FileDescriptor out;
  FileDescriptor in;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> fds{};
  if (pipe2(fds.data(), O_CLOEXEC) != 0) {
    return fail(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  return Pipe{FileDescriptor(fds[0]), FileDescriptor(fds[1])};
}

// A pipe that holds the whole input already: nobody has to write while it runs.
Result<FileDescriptor> input_of(std::string_view text) {
  auto pipe = make_pipe();
  if (!pipe) return fail(pipe.error());
  const auto size = std::min(text.size(), kInputBytesMax);
  if (write(pipe->in.get(), text.data(), size) != static_cast<ssize_t>(size)) {
    return fail(fmt::format("cannot write to a pipe: {}", std::strerror(errno)));
  }
  return std::move(pipe->out);
}

std::vector<std::string> environment_with(const std::vector<std::string>& more) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const bool is_ours = std::any_of(kOursAlone.begin(), kOursAlone.end(),
                                     [&](auto name) { return text.starts_with(name); });
    const bool is_replaced = std::any_of(more.begin(), more.end(), [&](const std::string& one) {
      return text.starts_with(std::string_view(one).substr(0, one.find('=') + 1));
    });
    if (!is_ours && !is_replaced) all.emplace_back(text);
  }
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// Returns the child's pid, or an errno.
std::pair<pid_t, int> spawn(const Order& order, int in, int out) {
  const auto environment = environment_with(order.environment);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  pid_t pid = 0;
  const int code = posix_spawn(&pid, order.words.front().c_str(), &actions, &attributes,
                               pointers_to(order.words).data(), pointers_to(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return {pid, code};
}

std::string signal_name(int number) {
  const char* name = sigabbrev_np(number);
  return name == nullptr ? fmt::format("signal {}", number) : fmt::format("SIG{}", name);
}

CommandEnd end_of(const siginfo_t& how) {
  if (how.si_code == CLD_EXITED) {
    return {
        how.si_status, how.si_status == 0 ? "" : fmt::format("exit code {}", how.si_status), {}};
  }
  return {128 + how.si_status, fmt::format("killed by {}", signal_name(how.si_status)), {}};
}

}  // namespace

LocalCommand::~LocalCommand() {
  if (is_running()) end_within(Duration::zero());
}

Status LocalCommand::start(const Order& order, Steady now) {
  ::signal(SIGCHLD, SIG_DFL);  // whoever started us may ignore it, and then nobody can be awaited
  auto input = input_of(order.input);
  if (!input) return fail(input.error());
  auto output = make_pipe();
  if (!output) return fail(output.error());
  fcntl(output->out.get(), F_SETFL, O_NONBLOCK);
  const auto [pid, code] = spawn(order, input->get(), output->in.get());
  if (code != 0) {
    return fail(
        fmt::format("cannot start {}: {}", to_utf8(order.words.front()), std::strerror(code)));
  }
  pid_ = pid;
  // <sys/pidfd.h> of glibc 2.36 cannot be used from C++.
  end_ = FileDescriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  output_ = std::move(output->out);
  printed_.clear();
  limit_ = order.limit;
  act_at_ = now + order.limit;
  has_timed_out_ = false;
  return {};
}

void LocalCommand::add_to(net::Poller& poller) const {
  if (end_.is_open()) poller.add(end_.get());
  if (output_.is_open()) poller.add(output_.get());
}

std::optional<CommandEnd> LocalCommand::turn(Steady now) {
  if (!is_running()) return std::nullopt;
  siginfo_t how{};
  const int code = waitid(P_PID, static_cast<id_t>(pid_), &how, WEXITED | WNOHANG);
  // After the look, so that nothing that it has printed is missed.
  read_output();
  if (code == 0 && how.si_pid == 0) {
    act_on_time(now);
    return std::nullopt;
  }
  auto end = code == 0 ? end_of(how) : CommandEnd{{}, "how it ended cannot be learned", {}};
  if (has_timed_out_) end.failure = fmt::format("still at work after {}", to_words(limit_));
  end.output = std::string(last_part(to_utf8(printed_), kOutputBytesMax));
  pid_ = 0;
  end_.reset();
  output_.reset();
  act_at_.reset();
  return end;
}

std::optional<Steady> LocalCommand::next_deadline() const {
  return act_at_;
}

std::optional<CommandEnd> LocalCommand::end_within(Duration patience) {
  const SystemClock clock;
  const auto kill_at = clock.steady() + patience;
  const auto give_up_at = kill_at + kKilledWithin;
  while (is_running()) {
    const auto now = clock.steady();
    if (auto end = turn(now)) return end;
    if (now >= give_up_at) return std::nullopt;
    if (now >= kill_at) signal(SIGKILL);
    wait(now < kill_at ? kill_at - now : give_up_at - now);
  }
  return std::nullopt;
}

void LocalCommand::read_output() {
  for (int i = 0; i < kReadsPerTurn && output_.is_open(); ++i) {
    std::array<char, 4096> buffer{};
    const auto got = read(output_.get(), buffer.data(), buffer.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return output_.reset();
    printed_.append(buffer.data(), static_cast<std::size_t>(got));
    if (printed_.size() > 2 * kOutputBytesMax) {
      printed_.erase(0, printed_.size() - kOutputBytesMax);
    }
  }
}

void LocalCommand::act_on_time(Steady now) {
  if (!act_at_ || now < *act_at_) return;
  signal(has_timed_out_ ? SIGKILL : SIGTERM);
  has_timed_out_ = true;
  act_at_ = now + kKillAfter;
}

void LocalCommand::wait(Duration patience) const {
  std::array<pollfd, 2> waiting{pollfd{end_.get(), POLLIN, 0}, pollfd{output_.get(), POLLIN, 0}};
  const auto longest = end_.is_open() ? patience : std::min(patience, kLookEvery);
  poll(waiting.data(), waiting.size(), static_cast<int>(longest.count()));
}

// The whole session, so that what a script has started ends with it.
void LocalCommand::signal(int number) const {
  kill(-pid_, number);
}

}  // namespace vaultbell::agent::alone
