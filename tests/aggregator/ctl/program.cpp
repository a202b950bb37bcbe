#include "tests/aggregator/ctl/program.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "shared/base/check.hpp"
#include "shared/base/file_descriptor.hpp"

namespace vaultbell::ctl {

namespace {

struct Pipe {
  FileDescriptor read;
  FileDescriptor write;

  Pipe() {
    std::array<int, 2> ends{};
    check(pipe2(ends.data(), O_CLOEXEC) == 0, "a pipe can be made");
    read = FileDescriptor(ends[0]);
    write = FileDescriptor(ends[1]);
  }
};

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

// What comes out of both pipes until both are closed.
void read_both(const Pipe& out, const Pipe& err, Ran& ran) {
  std::array<pollfd, 2> waits = {pollfd{out.read.get(), POLLIN, 0},
                                 pollfd{err.read.get(), POLLIN, 0}};
  const std::array<std::string*, 2> texts = {&ran.out, &ran.err};
  auto open = std::ranges::count_if(waits, [](const pollfd& wait) { return wait.fd >= 0; });
  while (open > 0) {
    check(poll(waits.data(), waits.size(), -1) > 0, "the pipes can be waited for");
    for (std::size_t i = 0; i < waits.size(); ++i) {
      if (waits[i].fd < 0 || waits[i].revents == 0) continue;
      std::array<char, 4096> buffer{};
      const auto size = read(waits[i].fd, buffer.data(), buffer.size());
      if (size > 0) {
        texts[i]->append(buffer.data(), static_cast<std::size_t>(size));
      } else {
        waits[i].fd = -1;
        --open;
      }
    }
  }
}

}  // namespace

nlohmann::json Ran::json() const {
  auto value = nlohmann::json::parse(out, nullptr, false);
  EXPECT_FALSE(value.is_discarded()) << "not JSON: " << out;
  return value;
}

namespace {

enum class Reader : std::uint8_t { reads, has_left };

Ran run_with(const std::vector<std::string>& words, const std::vector<std::string>& environment,
             const std::string& in, Reader reader) {
  Pipe input;
  Pipe out;
  if (reader == Reader::has_left) out.read.reset();
  Pipe err;
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.read.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.write.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.write.get(), STDERR_FILENO);
  std::vector<std::string> arguments = {VAULTBELL_PROGRAM};
  arguments.insert(arguments.end(), words.begin(), words.end());
  auto variables = environment;
  pid_t child = 0;
  const int spawned = posix_spawn(&child, VAULTBELL_PROGRAM, &actions, nullptr,
                                  pointers_to(arguments).data(), pointers_to(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  check(spawned == 0, "the program can be started");
  check(write(input.write.get(), in.data(), in.size()) >= 0, "its input can be written");
  input.write.reset();
  out.write.reset();
  err.write.reset();
  Ran ran;
  read_both(out, err, ran);
  int status = 0;
  check(waitpid(child, &status, 0) == child, "the program can be waited for");
  ran.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

}  // namespace

Ran run_program(const std::vector<std::string>& words, const std::vector<std::string>& environment,
                const std::string& in) {
  return run_with(words, environment, in, Reader::reads);
}

int run_unread(const std::vector<std::string>& words, const std::vector<std::string>& environment) {
  return run_with(words, environment, {}, Reader::has_left).exit;
}

}  // namespace vaultbell::ctl
