#include "tests/support/program.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shared/base/check.hpp"
#include "shared/base/clock.hpp"

namespace vaultbell::support {

namespace {

constexpr Duration kLook = std::chrono::milliseconds(20);  // between two looks at a condition

FileDescriptor memory_file() {
  FileDescriptor file(memfd_create("output", MFD_CLOEXEC));
  check(file.is_open(), "a file in memory can be made");
  return file;
}

std::string content(const FileDescriptor& file) {
  std::string text;
  char buffer[65536];
  while (true) {
    const auto got = pread(file.get(), buffer, sizeof buffer, static_cast<off_t>(text.size()));
    if (got <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

[[noreturn]] void become(const Words& words, const Program::Setting& setting) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const auto& [name, value] : setting.environment) setenv(name.c_str(), value.c_str(), 1);
  setting.before_exec();
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments.at(0), arguments.data());
  _exit(127);
}

}  // namespace

Program::Program(const Words& words, const Setting& setting)
    : out_(memory_file()), err_(memory_file()) {
  int life[2];
  check(pipe2(life, O_CLOEXEC) == 0, "a pipe can be made");
  const auto input = memory_file();
  check(write(input.get(), setting.input.data(), setting.input.size()) ==
            static_cast<ssize_t>(setting.input.size()),
        "the input can be written");
  lseek(input.get(), 0, SEEK_SET);
  pid_ = fork();
  check(pid_ >= 0, "a test can fork");
  if (pid_ == 0) {
    dup2(input.get(), STDIN_FILENO);
    dup2(out_.get(), STDOUT_FILENO);
    dup2(err_.get(), STDERR_FILENO);
    fcntl(life[1], F_SETFD, 0);  // stays open as long as the process lives
    become(words, setting);
  }
  close(life[1]);
  life_ = FileDescriptor(life[0]);
}

Program::Program(Program&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      status_(other.status_),
      out_(std::move(other.out_)),
      err_(std::move(other.err_)),
      life_(std::move(other.life_)) {}

Program& Program::operator=(Program&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(status_, other.status_);
  std::swap(out_, other.out_);
  std::swap(err_, other.err_);
  std::swap(life_, other.life_);
  return *this;
}

Program::~Program() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  reap(0);
}

void Program::reap(int options) const {
  if (pid_ > 0 && waitpid(pid_, &status_, options) == pid_) pid_ = 0;
}

bool Program::is_running() const {
  reap(WNOHANG);
  return pid_ > 0;
}

void Program::send(int signal) const {
  if (pid_ > 0) kill(pid_, signal);
}

Finished Program::wait() {
  pollfd end{life_.get(), POLLIN, 0};
  // The end of the pipe may come later than that of the process where a grandchild holds it.
  const SystemClock clock;
  const auto deadline = clock.steady() + kPatience;
  while (is_running()) {
    if (clock.steady() >= deadline) send(SIGKILL);
    poll(&end, 1, static_cast<int>(kLook.count()));
  }
  const int code = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  return {code, content(out_), content(err_)};
}

std::string Program::out() const {
  return content(out_);
}

std::string Program::err() const {
  return content(err_);
}

Finished finish(const Words& words, const Program::Setting& setting) {
  return Program(words, setting).wait();
}

bool until(const std::function<bool()>& condition) {
  const SystemClock clock;
  const auto deadline = clock.steady() + kPatience;
  while (!condition()) {
    if (clock.steady() >= deadline) return false;
    poll(nullptr, 0, static_cast<int>(kLook.count()));
  }
  return true;
}

}  // namespace vaultbell::support
