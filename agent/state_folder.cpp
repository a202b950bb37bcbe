#include "agent/state_folder.hpp"

#include <cerrno>
#include <cstring>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "shared/base/check.hpp"
#include "shared/base/files.hpp"
#include "shared/config/toml_file.hpp"
#include "shared/crypto/key_file.hpp"

namespace vaultbell::agent {

namespace {

constexpr mode_t kKeptPrivate = 0600;
constexpr const char* kNextKey = "key.next";
constexpr const char* kKeyLock = "key.lock";
constexpr const char* kLeft = "enrolment.left";  // enrolment.toml of a host that has left
constexpr std::size_t kAloneBytesMax = 4096;     // a few numbers and one sentence

// While it lives, root has the effective identity of the folder's owner; anybody else their own.
class AsOwner {
 public:
  static Result<AsOwner> of(const std::filesystem::path& folder) {
    struct stat facts {};
    if (stat(folder.c_str(), &facts) != 0) {
      return fail(fmt::format("cannot look at {}: {}", folder.string(), std::strerror(errno)));
    }
    AsOwner owner;
    if (geteuid() != 0 || facts.st_uid == 0) return owner;
    owner.group_ = getegid();
    if (setegid(facts.st_gid) != 0 || seteuid(facts.st_uid) != 0) {
      return fail(fmt::format("cannot act as the owner of {} (user {}): {}", folder.string(),
                              facts.st_uid, std::strerror(errno)));
    }
    return owner;
  }

  AsOwner(AsOwner&& other) noexcept : group_(std::exchange(other.group_, std::nullopt)) {}
  AsOwner(const AsOwner&) = delete;
  AsOwner& operator=(const AsOwner&) = delete;
  AsOwner& operator=(AsOwner&&) = delete;
  ~AsOwner() {
    if (!group_) return;
    check(seteuid(0) == 0 && setegid(*group_) == 0, "root becomes root again");
  }

 private:
  AsOwner() = default;
  std::optional<gid_t> group_;  // root's own, to be restored
};

tl::unexpected<Error> use_sudo(const std::filesystem::path& folder) {
  return fail(
      fmt::format("the state folder {} belongs to another user; use sudo", folder.string()));
}

std::string toml_text(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

// A file, or a folder with what is in it; it need not be there.
Status remove_whole(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) return fail(fmt::format("cannot remove {}: {}", path.string(), error.message()));
  return {};
}

Status check_key(std::string_view text) {
  const auto key = crypto::parse_public_key(text);
  return key ? Status() : Status(fail(key.error()));
}

Status check_time(std::string_view text) {
  const auto instant = parse_iso(text);
  return instant ? Status() : Status(fail(instant.error()));
}

}  // namespace

Result<StateFolder> StateFolder::open(const std::filesystem::path& path) {
  if (auto ok = prepare_folder(path); !ok) return fail(ok.error());
  return StateFolder(path);
}

Result<StateFolder> StateFolder::find(const std::filesystem::path& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) {
    if (errno == EACCES) return use_sudo(path);
    return fail(ErrorCode::not_found,
                fmt::format("there is no state folder {}; vaultbell-agent enrol makes it, and "
                            "--state-dir or --config names another",
                            path.string()));
  }
  const bool is_ours = geteuid() == 0 || geteuid() == facts.st_uid;
  if (!is_ours && access(path.c_str(), W_OK | X_OK) != 0) return use_sudo(path);
  return open(path);
}

Result<InstanceLock> StateFolder::lock() const {
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  return InstanceLock::take(path_);
}

Result<crypto::KeyPair> StateFolder::load_key() const {
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  return crypto::load_key(path_ / "key");
}

Result<crypto::KeyPair> StateFolder::load_or_make_key() const {
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  return crypto::load_or_make_key(path_ / "key");
}

Result<crypto::KeyPair> StateFolder::load_next_key() const {
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  return crypto::load_key(path_ / kNextKey);
}

Result<InstanceLock> StateFolder::lock_next_key() const {
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  return InstanceLock::take(path_, kKeyLock);
}

Result<crypto::KeyPair> StateFolder::load_or_make_next_key() const {
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  return crypto::load_or_make_key(path_ / kNextKey);
}

Status StateFolder::adopt_next_key(const PublicKey& known) const {
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  const auto next = crypto::load_key(path_ / kNextKey);
  if (!next && next.error().code != ErrorCode::not_found) return fail(next.error());
  // The daemon and the command may both do this, and another change may have begun since.
  if (!next || next->public_key != known) return {};
  std::error_code error;
  std::filesystem::rename(path_ / kNextKey, path_ / "key", error);
  if (error) {
    return fail(fmt::format("cannot put {} in the place of the old key: {}",
                            (path_ / kNextKey).string(), error.message()));
  }
  return sync_folder(path_);
}

Result<Enrolment> StateFolder::load_enrolment() const {
  return load_enrolment(enrolment_file());
}

Result<Enrolment> StateFolder::load_left() const {
  return load_enrolment(path_ / kLeft);
}

Result<Enrolment> StateFolder::load_enrolment(const std::filesystem::path& path) const {
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return fail(ErrorCode::not_found, "this host is not enrolled");
  }
  auto file = config::TomlFile::open(path);
  auto top = file.section("");
  Enrolment enrolment;
  std::string key;
  std::string time;
  top.read("client", enrolment.client);
  top.read("vault", enrolment.vault);
  top.read("endpoint", enrolment.endpoint);
  top.read("server_key", key, check_key);
  top.read("enrolled_at", time, check_time);
  const auto mistakes = file.mistakes();
  if (!mistakes.empty()) return fail(ErrorCode::invalid, mistakes.front());
  if (key.empty() || time.empty() || enrolment.endpoint.empty()) {
    return fail(
        ErrorCode::invalid,
        fmt::format("{} is not complete; remove it and enrol this host again", path.string()));
  }
  enrolment.server_key = *crypto::parse_public_key(key);
  enrolment.enrolled_at = *parse_iso(time);
  return enrolment;
}

Status StateFolder::save_enrolment(const Enrolment& enrolment) const {
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  const auto text = fmt::format(
      "# Written by vaultbell-agent enrol. To enrol this host anew, remove this file first.\n"
      "client = {}\nvault = {}\nendpoint = {}\nserver_key = {}\nenrolled_at = {}\n",
      toml_text(enrolment.client), toml_text(enrolment.vault), toml_text(enrolment.endpoint),
      toml_text(crypto::to_text(enrolment.server_key)), toml_text(to_iso(enrolment.enrolled_at)));
  if (auto ok = remove_whole(path_ / kLeft); !ok) return ok;
  return write_file(enrolment_file(), text, kKeptPrivate);
}

Status StateFolder::mark_left() const {
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  std::error_code error;
  std::filesystem::rename(enrolment_file(), path_ / kLeft, error);
  if (error) {
    return fail(fmt::format("cannot rename {}: {}", enrolment_file().string(), error.message()));
  }
  return sync_folder(path_);
}

Status StateFolder::forget_enrolment() const {
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  for (const auto* name : {"alone", kNextKey, "key", "enrolment.toml", kLeft, kKeyLock}) {
    if (auto ok = remove_whole(path_ / name); !ok) return ok;
  }
  return {};
}

Status StateFolder::remove_spool() const {
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  return remove_whole(path_ / "spool");
}

Result<std::string> StateFolder::load_alone() const {
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  return read_file(path_ / "alone", kAloneBytesMax);
}

Status StateFolder::save_alone(std::string_view bytes) const {
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  return write_file(path_ / "alone", bytes, kKeptPrivate);
}

Result<bool> StateFolder::has_spool() const {
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  std::error_code ignored;
  return std::filesystem::exists(path_ / "spool" / "data.mdb", ignored);
}

Result<spool::Spool> StateFolder::open_spool(std::uint64_t max_bytes) const {
  const auto boot = read_boot_id();
  if (!boot) return fail(boot.error());
  const auto owner = AsOwner::of(path_);
  if (!owner) return fail(owner.error());
  return spool::Spool::open({.folder = path_ / "spool", .max_bytes = max_bytes, .boot = *boot});
}

}  // namespace vaultbell::agent
