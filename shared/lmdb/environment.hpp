// LMDB behind results and scopes: an environment with its tables, transactions and cursors. The
// only place that includes lmdb.h. Durable as LMDB is by default: a commit that returns has been
// flushed. Several processes may open the same environment.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"

struct MDB_env;
struct MDB_txn;
struct MDB_cursor;

namespace vaultbell::lmdb {

// A table of the environment; valid as long as the environment is open.
struct Table {
  unsigned handle = 0;
};

// What a commit outlasts. Only tests that simulate months may do without the disk: in a program of
// ours what was committed survives a power cut.
enum class Durability : std::uint8_t { power_cut, end_of_program };

struct Options {
  std::filesystem::path folder;          // must exist
  std::size_t map_bytes = 0;             // most the file may grow to; costs only address space
  std::vector<std::string> tables;       // made if missing
  mode_t mode = 0600;                    // of the files, if they are made
  std::optional<std::uint32_t> owner{};  // of files that root makes for a daemon: this user
  Durability durability = Durability::power_cut;
};

struct Usage {
  std::uint64_t used_bytes =
      0;  // of pages with something in them: those that were freed do not count
  std::uint64_t map_bytes = 0;
};

class WriteTransaction;
class ReadTransaction;

// May be used from any thread. Must be open only once in a process.
class Environment {
 public:
  // Errors name the folder, the reason and what would be right. Slots of readers that died are
  // cleared. Blocks on the disk.
  static Result<std::unique_ptr<Environment>> open(const Options& options);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  [[nodiscard]] Table table(std::size_t index) const { return tables_[index]; }  // as in Options
  [[nodiscard]] Result<Usage> usage() const;  // as of the last commit

  // Begins to write; waits while another thread or process writes.
  [[nodiscard]] Result<WriteTransaction> write();
  // A snapshot of what was committed last. Keep it short: what it sees cannot be reused.
  [[nodiscard]] Result<ReadTransaction> read() const;

 private:
  Environment(MDB_env* environment, std::filesystem::path folder)
      : environment_(environment), folder_(std::move(folder)) {}
  Status open_tables(const std::vector<std::string>& names);

  MDB_env* environment_;
  std::filesystem::path folder_;
  std::vector<Table> tables_;
};

struct Entry {
  std::string_view key;
  std::string_view value;
};

// Walks one table in the order of its keys. Ends with its transaction; entries are views into the
// map, valid until the transaction ends or writes.
class Cursor {
 public:
  Cursor(Cursor&& other) noexcept;
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  Cursor& operator=(Cursor&&) = delete;
  ~Cursor();

  std::optional<Entry> at_or_after(std::string_view key);
  std::optional<Entry> before(std::string_view key);  // the last one that is smaller
  std::optional<Entry> first();
  std::optional<Entry> last();
  std::optional<Entry> next();
  std::optional<Entry> previous();

 private:
  friend class ReadTransaction;
  explicit Cursor(MDB_cursor* cursor) : cursor_(cursor) {}
  std::optional<Entry> move(int operation, std::string_view key = {});
  MDB_cursor* cursor_;
};

class ReadTransaction {
 public:
  ReadTransaction(ReadTransaction&& other) noexcept;
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  ReadTransaction& operator=(ReadTransaction&&) = delete;
  ~ReadTransaction();

  // A view into the map, valid until the transaction ends or writes.
  [[nodiscard]] std::optional<std::string_view> get(Table table, std::string_view key) const;
  [[nodiscard]] Cursor cursor(Table table) const;
  [[nodiscard]] std::uint64_t count(Table table) const;

 protected:
  friend class Environment;
  explicit ReadTransaction(MDB_txn* transaction) : transaction_(transaction) {}
  MDB_txn* transaction_;
};

// Writes all or nothing: without commit() it is as if it never was.
class WriteTransaction : public ReadTransaction {
 public:
  // Error `full` when the map or the disk is full.
  Status put(Table table, std::string_view key, std::string_view value);
  // Whether the key was there.
  Result<bool> erase(Table table, std::string_view key);
  // Ends the transaction; durable when it returns without error. Error `full` as above.
  Status commit();

 private:
  friend class Environment;
  using ReadTransaction::ReadTransaction;
};

}  // namespace vaultbell::lmdb
