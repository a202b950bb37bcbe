// RealTool: a backup tool from Debian, run by the agent in a folder of its own with a small source.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "tests/agent/program/enrolled.hpp"

namespace vaultbell::agent::testing {

class RealTool : public Enrolled {
 public:
  // In src/ are the files one, two and sub/three, of 20 kB together.
  RealTool();
  ~RealTool();

  // For what is run from now on.
  void set(const std::string& name, const std::string& value) { environment_[name] = value; }
  [[nodiscard]] std::string at(const std::string& name) const { return (*this / name).string(); }
  void write_program(const std::string& name, const std::string& script) const;

  // Runs the tool without the agent; it must succeed.
  void prepare(const Words& command) const;

  // What the agent reports of it. Its exit code is in `finished`.
  RunReport run(const Words& command, const Words& options = {});

  // The same; as soon as `is_at_work` says so it gets the signal: SIGKILL itself, others through
  // the agent. Its standard input says nothing and does not end.
  RunReport interrupt(int signal, const Words& command, const std::function<bool()>& is_at_work);

  // Starts a command beside, which goes on until this test ends.
  void start(const Words& command, const std::function<bool()>& is_at_work);

  // Makes `name` a file system of that size; false where this user may not.
  bool mount_small(const std::string& name, const std::string& size);

  Finished finished;

 private:
  [[nodiscard]] pid_t spawn(const Words& command, const std::function<void()>& set_streams) const;
  void prepare_child() const;
  void listen_to_nobody() const;
  [[nodiscard]] Words run_words(const Words& command, const Words& options) const;

  std::map<std::string, std::string> environment_;
  std::vector<std::string> mounted_;
  std::vector<pid_t> beside_;
};

}  // namespace vaultbell::agent::testing
