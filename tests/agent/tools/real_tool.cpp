#include "tests/agent/tools/real_tool.hpp"

#include <fstream>
#include <sys/mount.h>
#include <sys/stat.h>

namespace vaultbell::agent::testing {

namespace {

// The one child of the agent.
pid_t child_of(pid_t parent) {
  const auto number = std::to_string(parent);
  std::ifstream children("/proc/" + number + "/task/" + number + "/children");
  pid_t child = 0;
  children >> child;
  return child;
}

bool comes_true(const std::function<bool()>& condition, const std::function<void()>& meanwhile) {
  const SystemClock clock;
  const auto end = clock.steady() + kPatience;
  while (!condition()) {
    if (clock.steady() >= end) return false;
    meanwhile();
    poll(nullptr, 0, static_cast<int>(kLook.count()));
  }
  return true;
}

}  // namespace

RealTool::RealTool() {
  std::filesystem::create_directories(*this / "src/sub");
  write("src/one", std::string(10'000, '1'));
  write("src/two", std::string(9'000, '2'));
  write("src/sub/three", std::string(1'000, '3'));
  check(mkfifo(at("silence").c_str(), 0600) == 0, "a pipe can be made");
  set("HOME", path().string());
  set("LC_ALL", "C.UTF-8");
}

RealTool::~RealTool() {
  for (const auto pid : beside_) {
    ::kill(-pid, SIGKILL);
    waitpid(pid, nullptr, 0);
  }
  for (const auto& folder : mounted_) umount2(folder.c_str(), MNT_DETACH);
}

void RealTool::write_program(const std::string& name, const std::string& script) const {
  write(name, "#!/bin/sh\n" + script + "\n");
  check(chmod(at(name).c_str(), 0755) == 0, "a file can be made a program");
}

// A session of its own: borgmatic sends signals on to its whole group.
void RealTool::prepare_child() const {
  setsid();
  check(chdir(path().c_str()) == 0, "the folder is there");
  for (const auto& [name, value] : environment_) setenv(name.c_str(), value.c_str(), 1);
}

// Open for writing as well: its end never comes.
void RealTool::listen_to_nobody() const {
  dup2(open(at("silence").c_str(), O_RDWR), STDIN_FILENO);
}

pid_t RealTool::spawn(const Words& command, const std::function<void()>& set_streams) const {
  const auto pid = fork();
  check(pid >= 0, "a test can fork");
  if (pid > 0) return pid;
  prepare_child();
  set_streams();
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execvp(words[0], words.data());
  _exit(99);
}

void RealTool::prepare(const Words& command) const {
  const auto pid = spawn(command, [&] {
    dup2(open("/dev/null", O_RDWR), STDIN_FILENO);
    dup2(open(at("prepared.log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), STDOUT_FILENO);
    dup2(STDOUT_FILENO, STDERR_FILENO);
  });
  int status = 0;
  waitpid(pid, &status, 0);
  EXPECT_EQ(status, 0) << command[0] << ": "
                       << read_file(*this / "prepared.log", 1U << 20U).value_or("");
}

Words RealTool::run_words(const Words& command, const Words& options) const {
  return Words{"run"} + this->options() + Words{"--job", "nightly"} + options + Words{"--"} +
         command;
}

RunReport RealTool::run(const Words& command, const Words& options) {
  finished = finish(run_words(command, options), {.before_exec = [this] { prepare_child(); }});
  return reports().back();
}

RunReport RealTool::interrupt(int signal, const Words& command,
                              const std::function<bool()>& is_at_work) {
  Program program(run_words(command, {}), {.before_exec = [this] {
                    prepare_child();
                    listen_to_nobody();
                  }});
  EXPECT_TRUE(comes_true(is_at_work, [&] { program.take_output(); }));
  const auto pid = signal == SIGKILL ? child_of(program.pid()) : program.pid();
  check(pid > 0, "the agent has a child");
  const auto session = program.pid();
  ::kill(pid, signal);
  finished = program.wait();
  ::kill(-session, SIGKILL);  // what the tool left behind
  return reports().back();
}

void RealTool::start(const Words& command, const std::function<bool()>& is_at_work) {
  beside_.push_back(spawn(command, [&] {
    listen_to_nobody();
    dup2(open("/dev/null", O_RDWR), STDOUT_FILENO);
    dup2(STDOUT_FILENO, STDERR_FILENO);
  }));
  EXPECT_TRUE(comes_true(is_at_work, [] {}));
}

bool RealTool::mount_small(const std::string& name, const std::string& size) {
  std::filesystem::create_directory(*this / name);
  const auto options = "size=" + size;
  if (mount("tmpfs", at(name).c_str(), "tmpfs", 0, options.c_str()) != 0) return false;
  mounted_.push_back(at(name));
  return true;
}

}  // namespace vaultbell::agent::testing
