#include "tests/support/child_server.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shared/base/file_descriptor.hpp"

namespace vaultbell::support {

namespace {

constexpr std::string_view kPython = "/usr/bin/python3";  // Debian's, which has aiosmtpd
constexpr int kStartPatienceMs = 20'000;                  // Python on a busy machine

// Makes an authority and, signed by it, a certificate for 127.0.0.1 and localhost.
void make_certificates(const std::filesystem::path& folder) {
  const auto command =
      "cd " + folder.string() +
      " && exec >openssl.log 2>&1"
      " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
      " -subj '/CN=Test authority' -keyout ca.key -out ca.pem"
      " && openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
      " -subj '/CN=server.test' -addext 'subjectAltName=IP:127.0.0.1,DNS:localhost'"
      " -keyout server.key -out server.csr"
      " && openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2"
      " -copy_extensions copy -out server.pem";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("openssl: see " + command);
}

// In the child, after fork: only what is safe there.
[[noreturn]] void become_server(const std::vector<char*>& arguments, int output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that crashes leaves no server behind
  dup2(output, STDOUT_FILENO);
  execv(arguments.front(), arguments.data());
  _exit(127);
}

// The first line that the server prints.
std::string read_line(int fd) {
  std::string line;
  for (;;) {
    pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
    if (poll(&wanted, 1, kStartPatienceMs) <= 0) throw std::runtime_error("no answer in time");
    char c = 0;
    if (read(fd, &c, 1) != 1) throw std::runtime_error("it ended at once");
    if (c == '\n') return line;
    line += c;
  }
}

}  // namespace

ChildServer::ChildServer(const Setting& setting) {
  std::vector<std::string> arguments = {std::string(kPython), setting.script, "--out",
                                        folder_.path() / "records"};
  if (setting.has_certificate) {
    make_certificates(folder_.path());
    arguments.insert(arguments.end(), {"--cert", folder_.path() / "server.pem", "--key",
                                       folder_.path() / "server.key"});
  }
  arguments.insert(arguments.end(), setting.arguments.begin(), setting.arguments.end());
  start(arguments);
}

void ChildServer::start(const std::vector<std::string>& arguments) {
  std::vector<char*> raw;
  raw.reserve(arguments.size() + 1);
  for (const auto& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
  raw.push_back(nullptr);
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const FileDescriptor output(ends[0]);
  FileDescriptor input(ends[1]);
  pid_ = fork();
  if (pid_ == 0) become_server(raw, input.get());
  if (pid_ < 0) throw std::runtime_error("no child");
  input.reset();
  port_ = nlohmann::json::parse(read_line(output.get())).at("port").get<int>();
}

ChildServer::~ChildServer() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

std::vector<nlohmann::json> ChildServer::records() const {
  std::vector<nlohmann::json> records;
  std::ifstream file(folder_.path() / "records");
  // A line without its end is still being written.
  for (std::string line; std::getline(file, line) && !file.eof();) {
    records.push_back(nlohmann::json::parse(line));
  }
  return records;
}

}  // namespace vaultbell::support
