#include "aggregator/api/control_socket.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <fmt/format.h>

namespace vaultbell::api {

namespace {

namespace fs = std::filesystem;

constexpr int kBacklog = 64;  // connections that arrive while the server's thread is busy
constexpr mode_t kOwnerAndGroup = 0660;
constexpr std::size_t kUserBytesMax = 16UL * 1024;  // of getpwuid_r's buffer; names are far shorter

tl::unexpected<Error> failure(std::string_view what, const fs::path& path) {
  const int reason = errno;
  return fail(fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(reason)));
}

FileDescriptor make_socket() {
  return FileDescriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);  // as the socket calls want it
}

// Removes what a dead process left at the path; anything else that is there is an error.
Status make_room(const sockaddr_un& address, const fs::path& path) {
  struct stat facts {};
  if (lstat(path.c_str(), &facts) != 0) return {};
  if (!S_ISSOCK(facts.st_mode)) {
    return fail(ErrorCode::refused,
                fmt::format("cannot listen at {}: there is something else; remove it, or set "
                            "[control] socket to another path",
                            path.string()));
  }
  const auto probe = make_socket();
  if (!probe.is_open()) return failure("listen at", path);
  const bool is_dead =
      connect(probe.get(), generic(address), sizeof address) != 0 && errno == ECONNREFUSED;
  if (!is_dead) {
    return fail(ErrorCode::refused,
                fmt::format("cannot listen at {}: another program listens there; stop it first, or "
                            "set [control] socket to another path",
                            path.string()));
  }
  if (unlink(path.c_str()) != 0) return failure("remove the old socket", path);
  return {};
}

}  // namespace

Result<FileDescriptor> listen_at(const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto& text = path.native();
  if (text.size() >= sizeof address.sun_path) {
    return fail(ErrorCode::invalid,
                fmt::format("cannot listen at {}: {} bytes, a socket's path has at most {}", text,
                            text.size(), sizeof address.sun_path - 1));
  }
  std::memcpy(address.sun_path, text.data(), text.size());
  if (auto ok = make_room(address, path); !ok) return fail(ok.error());
  auto listener = make_socket();
  if (!listener.is_open()) return failure("listen at", path);
  if (bind(listener.get(), generic(address), sizeof address) != 0) {
    return failure("listen at", path);
  }
  // Nobody can connect before listen(): the mode is right from the first moment.
  if (chmod(path.c_str(), kOwnerAndGroup) != 0 || listen(listener.get(), kBacklog) != 0) {
    return failure("listen at", path);
  }
  return listener;
}

std::string user_of_peer(int connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return "unknown";
  std::array<char, kUserBytesMax> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const int code = getpwuid_r(peer.uid, &entry, buffer.data(), buffer.size(), &found);
  if (code != 0 || found == nullptr) return fmt::format("uid {}", peer.uid);
  return found->pw_name;
}

}  // namespace vaultbell::api
