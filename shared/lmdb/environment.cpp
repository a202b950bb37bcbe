#include "shared/lmdb/environment.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <lmdb.h>

#include "shared/base/check.hpp"

namespace vaultbell::lmdb {

namespace {

constexpr unsigned kReadersMax = 126;  // LMDB's default: threads and processes that read at once

// Tables that every environment has: of the free pages, and of the names of all others.
constexpr MDB_dbi kFreePages = 0;
constexpr MDB_dbi kNames = 1;
constexpr std::uint64_t kMetaPages = 2;

MDB_val to_value(std::string_view bytes) {
  return {bytes.size(), const_cast<char*>(bytes.data())};  // LMDB does not write through it
}

std::string_view to_view(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

tl::unexpected<Error> failure(std::string_view what, int code) {
  const bool is_full = code == MDB_MAP_FULL || code == ENOSPC || code == EDQUOT || code == EFBIG;
  return fail(is_full ? ErrorCode::full : ErrorCode::failed,
              fmt::format("{}: {}", what, mdb_strerror(code)));
}

unsigned flags_of(Durability durability) {
  switch (durability) {
    case Durability::power_cut:
      return 0;
    case Durability::end_of_program:
      return MDB_NOSYNC;
  }
  return 0;
}

// Files that root makes must belong to the daemon that will use them. A link is not followed: the
// daemon's user could make root give away any file.
Status give_to(const std::filesystem::path& folder, std::uint32_t owner) {
  if (geteuid() != 0) return {};
  for (const auto* name : {"data.mdb", "lock.mdb"}) {
    const auto path = folder / name;
    if (lchown(path.c_str(), owner, static_cast<gid_t>(-1)) != 0) {
      return failure(fmt::format("cannot give {} to user {}", path.string(), owner), errno);
    }
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Environment>> Environment::open(const Options& options) {
  MDB_env* raw = nullptr;
  check(mdb_env_create(&raw) == 0, "an LMDB environment can be created");
  std::unique_ptr<Environment> environment(new Environment(raw, options.folder));
  mdb_env_set_mapsize(raw, options.map_bytes);
  mdb_env_set_maxdbs(raw, static_cast<MDB_dbi>(options.tables.size()));
  mdb_env_set_maxreaders(raw, kReadersMax);
  const auto what = fmt::format("cannot open the database in {}", options.folder.string());
  // NOTLS: a snapshot belongs to its object, not to the thread that took it.
  const unsigned flags = MDB_NOTLS | flags_of(options.durability);
  if (const int code = mdb_env_open(raw, options.folder.c_str(), flags, options.mode); code != 0) {
    return failure(what, code);
  }
  int dead = 0;
  mdb_reader_check(raw, &dead);
  if (auto ok = environment->open_tables(options.tables); !ok) {
    return fail_within(what, ok.error());
  }
  if (options.owner) {
    if (auto ok = give_to(options.folder, *options.owner); !ok) return fail(ok.error());
  }
  return environment;
}

Environment::~Environment() {
  mdb_env_close(environment_);
}

Status Environment::open_tables(const std::vector<std::string>& names) {
  MDB_txn* transaction = nullptr;
  if (const int code = mdb_txn_begin(environment_, nullptr, 0, &transaction); code != 0) {
    return failure("cannot begin", code);
  }
  for (const auto& name : names) {
    MDB_dbi handle = 0;
    if (const int code = mdb_dbi_open(transaction, name.c_str(), MDB_CREATE, &handle); code != 0) {
      mdb_txn_abort(transaction);
      return failure(fmt::format("table {}", name), code);
    }
    tables_.push_back({handle});
  }
  if (const int code = mdb_txn_commit(transaction); code != 0) {
    return failure("cannot commit", code);
  }
  return {};
}

Result<Usage> Environment::usage() const {
  const auto transaction = read();
  if (!transaction) return fail(transaction.error());
  MDB_envinfo facts{};
  check(mdb_env_info(environment_, &facts) == 0, "an environment says how large it is");
  std::uint64_t page_bytes = 0;
  std::uint64_t pages = kMetaPages;
  const auto count = [&](MDB_dbi table) {
    MDB_stat stat{};
    check(mdb_stat(transaction->transaction_, table, &stat) == 0, "a table says how large it is");
    page_bytes = stat.ms_psize;
    pages += stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
  };
  count(kFreePages);
  count(kNames);
  for (const auto& table : tables_) count(table.handle);
  return Usage{.used_bytes = pages * page_bytes, .map_bytes = facts.me_mapsize};
}

Result<WriteTransaction> Environment::write() {
  MDB_txn* transaction = nullptr;
  if (const int code = mdb_txn_begin(environment_, nullptr, 0, &transaction); code != 0) {
    return failure(fmt::format("cannot write to the database in {}", folder_.string()), code);
  }
  return WriteTransaction(transaction);
}

Result<ReadTransaction> Environment::read() const {
  MDB_txn* transaction = nullptr;
  if (const int code = mdb_txn_begin(environment_, nullptr, MDB_RDONLY, &transaction); code != 0) {
    return failure(fmt::format("cannot read the database in {}", folder_.string()), code);
  }
  return ReadTransaction(transaction);
}

Cursor::Cursor(Cursor&& other) noexcept : cursor_(std::exchange(other.cursor_, nullptr)) {}

Cursor::~Cursor() {
  if (cursor_ != nullptr) mdb_cursor_close(cursor_);
}

std::optional<Entry> Cursor::move(int operation, std::string_view wanted) {
  MDB_val key = to_value(wanted);
  MDB_val value{};
  const int code = mdb_cursor_get(cursor_, &key, &value, static_cast<MDB_cursor_op>(operation));
  if (code == MDB_NOTFOUND) return std::nullopt;
  check(code == 0, "a cursor moves inside its table");
  return Entry{to_view(key), to_view(value)};
}

std::optional<Entry> Cursor::at_or_after(std::string_view key) {
  if (key.empty()) return first();
  return move(MDB_SET_RANGE, key);
}

std::optional<Entry> Cursor::before(std::string_view key) {
  return at_or_after(key) ? previous() : last();
}

std::optional<Entry> Cursor::first() {
  return move(MDB_FIRST);
}
std::optional<Entry> Cursor::last() {
  return move(MDB_LAST);
}
std::optional<Entry> Cursor::next() {
  return move(MDB_NEXT);
}
std::optional<Entry> Cursor::previous() {
  return move(MDB_PREV);
}

ReadTransaction::ReadTransaction(ReadTransaction&& other) noexcept
    : transaction_(std::exchange(other.transaction_, nullptr)) {}

ReadTransaction::~ReadTransaction() {
  if (transaction_ != nullptr) mdb_txn_abort(transaction_);
}

std::optional<std::string_view> ReadTransaction::get(Table table, std::string_view key) const {
  MDB_val wanted = to_value(key);
  MDB_val value{};
  const int code = mdb_get(transaction_, table.handle, &wanted, &value);
  if (code == MDB_NOTFOUND) return std::nullopt;
  check(code == 0, "a row can be read");
  return to_view(value);
}

Cursor ReadTransaction::cursor(Table table) const {
  MDB_cursor* cursor = nullptr;
  check(mdb_cursor_open(transaction_, table.handle, &cursor) == 0, "a cursor can be opened");
  return Cursor(cursor);
}

std::uint64_t ReadTransaction::count(Table table) const {
  MDB_stat facts{};
  check(mdb_stat(transaction_, table.handle, &facts) == 0, "a table can be counted");
  return facts.ms_entries;
}

Status WriteTransaction::put(Table table, std::string_view key, std::string_view value) {
  MDB_val k = to_value(key);
  MDB_val v = to_value(value);
  if (const int code = mdb_put(transaction_, table.handle, &k, &v, 0); code != 0) {
    return failure("cannot write a row", code);
  }
  return {};
}

Result<bool> WriteTransaction::erase(Table table, std::string_view key) {
  MDB_val k = to_value(key);
  const int code = mdb_del(transaction_, table.handle, &k, nullptr);
  if (code == MDB_NOTFOUND) return false;
  if (code != 0) return failure("cannot erase a row", code);
  return true;
}

Status WriteTransaction::commit() {
  const int code = mdb_txn_commit(std::exchange(transaction_, nullptr));
  if (code != 0) return failure("cannot commit", code);
  return {};
}

}  // namespace vaultbell::lmdb
