// StateFolder: the files in state_dir: key, enrolment.toml, alone, spool/. Root acts as the
// folder's owner here: what it makes belongs to the daemon's user, and that user cannot lead it
// astray with links.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "agent/spool/spool.hpp"
#include "shared/base/instance_lock.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/crypto/keys.hpp"

namespace vaultbell::agent {

// What an aggregator gave this host when it let it in.
struct Enrolment {
  std::string client;
  std::string vault;
  std::string endpoint;  // "tcp://vaultbell.example.org:8481"
  PublicKey server_key;
  Instant enrolled_at;
};

class StateFolder {
 public:
  // Makes the folder if it is missing. The error says whose it must be.
  static Result<StateFolder> open(const std::filesystem::path& path);
  // Makes nothing: a folder that nobody made may be a name mistyped. Error not_found: it is
  // missing. Of another user's folder the error says how to get in all the same.
  static Result<StateFolder> find(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path enrolment_file() const { return path_ / "enrolment.toml"; }

  // For the daemon. Error `refused` when another one works here.
  [[nodiscard]] Result<InstanceLock> lock() const;

  // Errors: not_found where there is none.
  [[nodiscard]] Result<crypto::KeyPair> load_key() const;
  [[nodiscard]] Result<crypto::KeyPair> load_or_make_key() const;
  [[nodiscard]] Result<Enrolment> load_enrolment() const;
  // The key that is to take the place of `key`, while the aggregator may know either of them. Error
  // not_found: no change is under way.
  [[nodiscard]] Result<crypto::KeyPair> load_next_key() const;
  // For the one who changes or removes the key, so that what is offered is what is on disk. Error
  // `refused` where another process is at it.
  [[nodiscard]] Result<InstanceLock> lock_next_key() const;
  [[nodiscard]] Result<crypto::KeyPair> load_or_make_next_key() const;
  // The aggregator knows it: from now on it is `key`, durable. Does nothing where it is already, or
  // where the next key is another one by now. The caller holds the lock of the next key.
  [[nodiscard]] Status adopt_next_key(const PublicKey& known) const;
  [[nodiscard]] Status save_enrolment(const Enrolment& enrolment) const;
  // The aggregator need not be told any more that this host leaves, durable: the host is enrolled
  // no more, and what is left is to remove its files.
  [[nodiscard]] Status mark_left() const;
  // What was marked so, until forget_enrolment() is through. Error not_found: nothing was.
  [[nodiscard]] Result<Enrolment> load_left() const;
  // Removes the key, what was kept of being alone, and the enrolment behind them: where that is
  // left, this can be done again.
  [[nodiscard]] Status forget_enrolment() const;

  // What the daemon keeps of being alone, as bytes. Error not_found: nothing was kept.
  [[nodiscard]] Result<std::string> load_alone() const;
  [[nodiscard]] Status save_alone(std::string_view bytes) const;

  // Whether open_spool would find one; it makes one where there is none.
  [[nodiscard]] Result<bool> has_spool() const;
  // With all that it holds. No process may have it open.
  [[nodiscard]] Status remove_spool() const;
  // Must be open only once in a process.
  [[nodiscard]] Result<spool::Spool> open_spool(std::uint64_t max_bytes) const;

 private:
  [[nodiscard]] Result<Enrolment> load_enrolment(const std::filesystem::path& file) const;
  explicit StateFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace vaultbell::agent
