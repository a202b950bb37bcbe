// The store: all or nothing, opened again, walked in both directions, and honest about damage.
#include "aggregator/storage/store.hpp"

#include <gtest/gtest.h>

#include "shared/lmdb/key.hpp"
#include "tests/aggregator/storage/sample_rows.hpp"
#include "tests/support/builders.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vaultbell::storage {
namespace {

using core::Put;
using core::WriteSet;
using support::at;
using support::uuid;

constexpr std::size_t kMapBytes = 16UL << 20;

class Stores : public testing::Test {
 protected:
  support::TemporaryFolder folder;
  std::unique_ptr<Store> store = open();

  std::unique_ptr<Store> open() {
    auto opened = Store::open(folder.path(), kMapBytes);
    EXPECT_TRUE(opened.has_value()) << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
  }
  void reopen() {
    store.reset();
    store = open();
  }
  void commit(const WriteSet& changes) {
    const auto committed = store->commit(changes);
    ASSERT_TRUE(committed.has_value()) << committed.error().message;
    EXPECT_EQ(*committed, core::Committed::durable);
  }
  [[nodiscard]] Snapshot snapshot() const { return *Snapshot::take(store->environment()); }
  [[nodiscard]] std::uint64_t count(TableNumber table) const { return snapshot().count(table); }

  // Writes bytes that no Store would write.
  void scribble(TableNumber table, std::string_view key, std::string_view value) {
    store.reset();
    auto environment = lmdb::Environment::open(
        {.folder = folder.path(), .map_bytes = kMapBytes, .tables = table_names()});
    auto transaction = (*environment)->write();
    const auto handle = (*environment)->table(static_cast<std::size_t>(table));
    ASSERT_TRUE(transaction->put(handle, key, value).has_value());
    ASSERT_TRUE(transaction->commit().has_value());
  }

  template <class R>
  [[nodiscard]] std::vector<std::uint64_t> numbers(Order order, std::optional<std::uint64_t> after,
                                                   std::size_t most = 100) const {
    std::vector<std::uint64_t> found;
    std::optional<typename R::Key> key;
    if (after) key = typename R::Key{*after};
    const auto status = snapshot().each<R>(order, key, [&](const R& row) {
      found.push_back(row.id.value);
      return found.size() < most;
    });
    EXPECT_TRUE(status.has_value());
    return found;
  }
};

using Numbers = std::vector<std::uint64_t>;

core::Alert alert(std::uint64_t id, core::AlertState state = core::AlertState::active) {
  return {.id = {id}, .vault = {1}, .client = {1}, .job = {id}, .state = state};
}
core::Run run(std::uint64_t id, std::uint64_t client = 1, std::uint64_t job = 1) {
  return {.id = {id}, .client = {client}, .job = {job}, .received_at = {}, .report = {}};
}

// ---- opening

TEST_F(Stores, AreMadeWithAnIdentityThatStays) {
  const auto identity = [&] { return snapshot().get<core::Counters>({})->value().installation; };
  const auto made = identity();
  EXPECT_TRUE(made.is_set());
  reopen();
  EXPECT_EQ(identity(), made);
}

TEST_F(Stores, OfANewerSchemaAreRefused) {
  scribble(TableNumber::meta, "schema_version", lmdb::number_key(2));
  EXPECT_EQ(Store::open(folder.path(), kMapBytes).error(),
            (Error{ErrorCode::refused,
                   folder.path().string() +
                       ": the store has schema 2, this program knows schema 1; it was written by a "
                       "newer Vaultbell: install that version again"}));
}

TEST_F(Stores, WithoutAProperSchemaVersionAreDamaged) {
  scribble(TableNumber::meta, "schema_version", "one");
  EXPECT_EQ(Store::open(folder.path(), kMapBytes).error().message,
            folder.path().string() +
                ": damaged row in table meta, key 736368656d615f76657273696f6e: not a schema "
                "version");
}

TEST_F(Stores, InAFolderThatIsMissingAreAnError) {
  const auto missing = folder.path() / "missing";
  EXPECT_EQ(Store::open(missing).error().message,
            "cannot open the database in " + missing.string() + ": No such file or directory");
}

// ---- committing

TEST_F(Stores, KeepARowOfEveryTypeAsItWas) {
  WriteSet all;
  for (const auto& sample : sample_rows()) all.emplace_back(Put{sample.row});
  commit(all);
  reopen();

  for (const auto& sample : sample_rows()) {
    const auto check = [&](const auto& row) {
      using R = std::decay_t<decltype(row)>;
      EXPECT_EQ(**snapshot().get<R>(row.key()), row) << sample.name;
    };
    std::visit(check, sample.row);
  }
}

TEST_F(Stores, EraseWhatEndsByDisappearing) {
  const core::SpoolMark mark{{2}, uuid(2), 7, at("03-01 02:20")};
  const core::OpenRun open_run{.client = {2}, .run = uuid(4), .id = {5}, .job = {3}};
  const core::Enrolment enrolment{.id = {6}};
  const core::ClockShift shift{.number = 8};
  commit({Put{mark}, Put{open_run}, Put{enrolment}, Put{shift}});
  commit({core::Erase{mark.key()}, core::Erase{open_run.key()}, core::Erase{enrolment.key()},
          core::Erase{shift.key()}});

  for (const auto table : {TableNumber::spool_marks, TableNumber::open_runs,
                           TableNumber::enrolments, TableNumber::clock_shifts}) {
    EXPECT_EQ(count(table), 0U);
  }
}

TEST_F(Stores, SkipWhatIsOnlyRemembered) {
  commit({core::Remember{core::Settings{}}, core::Remember{core::ListeningSince{}}});
  EXPECT_EQ(count(TableNumber::counters), 1U);
}

TEST_F(Stores, ThatAreFullCommitNothing) {
  store.reset();
  auto small = Store::open(folder.path(), 512UL * 1024);
  ASSERT_TRUE(small.has_value());
  store = std::move(*small);
  WriteSet much;
  for (std::uint64_t i = 1; i <= 300; ++i) {
    auto big = run(i);
    big.report.output = std::string(8000, 'x');
    much.emplace_back(Put{big});
  }
  const auto committed = store->commit(much);
  EXPECT_EQ(committed.error().code, ErrorCode::full);
  EXPECT_EQ(count(TableNumber::runs), 0U);
}

TEST_F(Stores, KnowWhenClientsWereLastHeardAsOfTheLastCheckpoint) {
  EXPECT_EQ(snapshot().last_heard({7}), std::nullopt);
  ASSERT_TRUE(store->checkpoint({{{7}, at("03-01 02:20")}, {{8}, at("03-01 02:21")}}).has_value());
  ASSERT_TRUE(store->checkpoint({{{7}, at("03-01 02:25")}}).has_value());
  EXPECT_EQ(snapshot().last_heard({7}), at("03-01 02:25"));
  EXPECT_EQ(snapshot().last_heard({8}), at("03-01 02:21"));
}

// ---- loading

TEST_F(Stores, LoadOnlyWhatStillMatters) {
  core::Notification delivered{.id = {1}, .alert = {1}};
  delivered.state = core::NotificationState::delivered;
  const core::Notification waiting{.id = {2}, .alert = {2}};
  commit({Put{core::Vault{.id = {1}, .name = "prod"}},
          Put{core::Client{.id = {1}, .vault = {1}, .name = "web1"}},
          Put{alert(1, core::AlertState::inactive)}, Put{alert(2)}, Put{delivered}, Put{waiting},
          Put{run(1)}});
  const auto state = store->load({}, at("03-01 02:20"));
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->alerts.size(), 1U);
  EXPECT_EQ(state->notifications.size(), 1U);
  EXPECT_TRUE(state->alerts.contains({2}));
  EXPECT_TRUE(state->notifications.contains({2}));
  EXPECT_EQ(state->listening_since, at("03-01 02:20"));
}

// ---- indexes

TEST_F(Stores, HaveIndexesThatFollowTheirRows) {
  const core::Vault vault{.id = {1}, .name = "prod"};
  const core::Client client{.id = {2}, .vault = {1}, .name = "web1"};
  const core::Job job{.id = {3}, .client = {2}, .name = "db"};
  commit({Put{vault}, Put{client}, Put{job}});
  EXPECT_EQ(snapshot().vault_by_name("prod"), VaultId{1});
  EXPECT_EQ(snapshot().client_by_name("web1"), ClientId{2});
  EXPECT_EQ(snapshot().job_by_name({2}, "db"), JobId{3});

  auto renamed = vault;
  renamed.name = "production";
  auto retired = client;
  retired.state = core::ClientState::retired;
  commit({Put{renamed}, Put{retired}, Put{core::Client{.id = {4}, .vault = {1}, .name = "web1"}}});

  EXPECT_EQ(snapshot().vault_by_name("prod"), std::nullopt);
  EXPECT_EQ(snapshot().vault_by_name("production"), VaultId{1});
  EXPECT_EQ(snapshot().client_by_name("web1"), ClientId{4});
}

TEST_F(Stores, FindNobodyByANameThatCannotBeOne) {
  for (const auto& name : {std::string(), std::string(600, 'x'), std::string("missing")}) {
    EXPECT_EQ(snapshot().vault_by_name(name), std::nullopt);
    EXPECT_EQ(snapshot().client_by_name(name), std::nullopt);
    EXPECT_EQ(snapshot().job_by_name({1}, name), std::nullopt);
  }
}

TEST_F(Stores, ListAlertsAndNotificationsAsOpenOnlyWhileTheyAre) {
  core::Notification notification{.id = {5}, .alert = {1}};
  commit({Put{alert(1)}, Put{notification}});
  EXPECT_EQ(count(TableNumber::active_alerts), 1U);
  EXPECT_EQ(count(TableNumber::open_notifications), 1U);

  notification.state = core::NotificationState::delivered;
  commit({Put{alert(1, core::AlertState::inactive)}, Put{notification}});
  EXPECT_EQ(count(TableNumber::active_alerts), 0U);
  EXPECT_EQ(count(TableNumber::open_notifications), 0U);
  EXPECT_EQ(count(TableNumber::alert_by_client), 1U);
  EXPECT_EQ(count(TableNumber::notification_by_alert), 1U);

  notification.state = core::NotificationState::pending;  // sent again by hand
  commit({Put{notification}});
  EXPECT_EQ(count(TableNumber::open_notifications), 1U);
}

TEST_F(Stores, FindTheLastRetiredClientOfAName) {
  const auto retired = [](std::uint64_t id, const char* name) {
    return Put{core::Client{.id = {id}, .name = name, .state = core::ClientState::retired}};
  };
  commit({retired(2, "web"), retired(3, "web"), retired(4, "web1"), retired(5, "we")});
  EXPECT_EQ(snapshot().retired_by_name("web"), ClientId{3});
  EXPECT_EQ(snapshot().retired_by_name("we"), ClientId{5});
  EXPECT_EQ(snapshot().retired_by_name("w"), std::nullopt);
  EXPECT_EQ(snapshot().retired_by_name(""), std::nullopt);
  EXPECT_EQ(snapshot().retired_by_name(std::string(600, 'x')), std::nullopt);
  EXPECT_EQ(snapshot().client_by_name("web"), std::nullopt);
}

TEST_F(Stores, HaveTheClientsInTheWorstStateFirstAndThoseThatAreInItForLongest) {
  using core::ClientState;
  const auto since = [](int hours) { return Instant(std::chrono::hours(hours)); };
  const auto client = [&](std::uint64_t id, std::uint64_t vault, ClientState state, int hours) {
    return Put{core::Client{.id = {id},
                            .vault = {vault},
                            .name = "c" + std::to_string(id),
                            .state = state,
                            .state_since = since(hours)}};
  };
  commit({client(1, 1, ClientState::online, 1), client(2, 1, ClientState::disconnected, 9),
          client(3, 2, ClientState::disconnected, 7), client(4, 1, ClientState::offline, 2),
          client(5, 1, ClientState::retired, 1), client(6, 2, ClientState::invited, 1)});
  commit({client(6, 2, ClientState::disconnected, 8)});
  const auto names = [&](std::optional<VaultId> vault, const std::optional<ClientPlace>& after) {
    std::string found;
    const auto seen =
        snapshot().each_place(vault, after, [&](const ClientPlace&, std::string_view name) {
          found += name;
          return true;
        });
    EXPECT_TRUE(seen);
    return found;
  };
  EXPECT_EQ(names(std::nullopt, std::nullopt), "c3c6c2c4c1c5");
  EXPECT_EQ(names(VaultId{2}, std::nullopt), "c3c6");
  EXPECT_EQ(names(VaultId{1}, ClientPlace{0, since(9), {2}}), "c4c1c5");
  EXPECT_EQ(snapshot().count_in(TableNumber::client_by_vault, key_bytes(VaultId{1})), 4U);
}

TEST_F(Stores, FromBeforeAnIndexHaveItBuiltWhenTheyAreOpened) {
  auto failed = run(7);
  failed.report.outcome = Outcome::failed;
  scribble(TableNumber::runs, key_bytes(failed.id), pack::encode(failed));
  scribble(TableNumber::meta, "index_generation", lmdb::number_key(0));
  reopen();
  EXPECT_EQ(count(TableNumber::run_by_outcome), 1U);
  EXPECT_EQ(count(TableNumber::run_by_client_time), 1U);
}

TEST_F(Stores, KnowTheAuditedChangesOfAClient) {
  core::AuditEntry entry{.id = {1}, .changes = {core::AuditedChange{}}};
  entry.changes[0].before = core::AuditedRow{.client = core::Client{.id = {3}}};
  entry.changes[0].after = core::AuditedRow{.client = core::Client{.id = {3}}};
  entry.changes.push_back({.after = core::AuditedRow{.job = core::Job{.id = {1}, .client = {4}}}});
  entry.changes.push_back({.after = core::AuditedRow{.vault = core::Vault{.id = {3}}}});
  commit({Put{entry}});
  EXPECT_EQ(snapshot().count_in(TableNumber::audit_by_client, key_bytes(ClientId{3})), 1U);
  EXPECT_EQ(snapshot().count_in(TableNumber::audit_by_client, key_bytes(ClientId{4})), 1U);
  EXPECT_EQ(count(TableNumber::audit_by_client), 2U);
}

// ---- walking

TEST_F(Stores, AreWalkedInBothDirectionsFromAnywhere) {
  commit({Put{run(1)}, Put{run(2)}, Put{run(300)}});
  EXPECT_EQ(numbers<core::Run>(Order::ascending, {}), (Numbers{1, 2, 300}));
  EXPECT_EQ(numbers<core::Run>(Order::descending, {}), (Numbers{300, 2, 1}));
  EXPECT_EQ(numbers<core::Run>(Order::ascending, 1), (Numbers{2, 300}));
  EXPECT_EQ(numbers<core::Run>(Order::descending, 300), (Numbers{2, 1}));
  EXPECT_EQ(numbers<core::Run>(Order::ascending, 299), Numbers{300});
  EXPECT_EQ(numbers<core::Run>(Order::descending, 1), Numbers{});
  EXPECT_EQ(numbers<core::Run>(Order::ascending, {}, 2), (Numbers{1, 2}));
  EXPECT_EQ(numbers<core::Job>(Order::descending, {}), Numbers{});
}

TEST_F(Stores, AreWalkedThroughAnIndexWithinItsPrefix) {
  commit({Put{run(1, 1, 1)}, Put{run(2, 2, 2)}, Put{run(3, 1, 3)}, Put{run(4, 3, 1)},
          Put{run(5, 1, 1)}});
  const auto of_client = [&](std::uint64_t client, Order order, std::optional<RunId> after = {}) {
    Numbers found;
    const auto status = snapshot().each_in<core::Run>(TableNumber::run_by_client, key_bytes(client),
                                                      order, after, [&](const core::Run& row) {
                                                        found.push_back(row.id.value);
                                                        return true;
                                                      });
    EXPECT_TRUE(status.has_value());
    return found;
  };
  EXPECT_EQ(of_client(1, Order::ascending), (Numbers{1, 3, 5}));
  EXPECT_EQ(of_client(1, Order::descending), (Numbers{5, 3, 1}));
  EXPECT_EQ(of_client(1, Order::ascending, RunId{1}), (Numbers{3, 5}));
  EXPECT_EQ(of_client(1, Order::descending, RunId{5}), (Numbers{3, 1}));
  EXPECT_EQ(of_client(2, Order::descending), Numbers{2});
  EXPECT_EQ(of_client(9, Order::ascending), Numbers{});
  EXPECT_EQ(of_client(9, Order::descending), Numbers{});
}

TEST_F(Stores, AreWalkedUnderANumber) {
  commit({Put{core::Attempt{.notification = {1}, .number = 1}},
          Put{core::Attempt{.notification = {2}, .number = 1}},
          Put{core::Attempt{.notification = {2}, .number = 2}},
          Put{core::Attempt{.notification = {3}, .number = 1}}});
  Numbers found;
  const auto status = snapshot().each_under<core::Attempt>(2, [&](const core::Attempt& row) {
    found.push_back(row.number);
    return true;
  });
  EXPECT_TRUE(status.has_value());
  EXPECT_EQ(found, (Numbers{1, 2}));
}

TEST_F(Stores, ShowASnapshotAsItWas) {
  commit({Put{run(1)}});
  const auto before = snapshot();
  commit({Put{run(2)}});
  EXPECT_EQ(before.count(TableNumber::runs), 1U);
  EXPECT_EQ(before.get<core::Run>({2})->has_value(), false);
}

// ---- damage

TEST_F(Stores, NameTheTableAndTheKeyOfADamagedRow) {
  commit({Put{alert(7)}});
  scribble(TableNumber::alerts, key_bytes(AlertId{7}), "\x81\x02\x63");
  store = open();
  const std::string expected =
      "damaged row in table alerts, key 0000000000000007: field 2: not a known value";

  EXPECT_EQ(snapshot().get<core::Alert>({7}).error().message, expected);
  EXPECT_EQ(store->load({}, {}).error().message, expected);
  EXPECT_EQ(store->commit({Put{alert(7)}}).error().message, expected);
  const auto walked =
      snapshot().each<core::Alert>(Order::ascending, {}, [](const auto&) { return true; });
  EXPECT_EQ(walked.error().message, expected);
}

TEST_F(Stores, NameTheIndexThatNamesARowInVain) {
  scribble(TableNumber::active_alerts, key_bytes(AlertId{7}), "");
  store = open();
  EXPECT_EQ(store->load({}, {}).error().message,
            "damaged row in table active_alerts, key 0000000000000007: the row that it names is "
            "missing");
}

TEST_F(Stores, NameTheIndexWhoseKeyIsTooShort) {
  scribble(TableNumber::open_notifications, "abc", "");
  store = open();
  EXPECT_EQ(
      store->load({}, {}).error().message,
      "damaged row in table open_notifications, key 616263: the row that it names is missing");
}

}  // namespace
}  // namespace vaultbell::storage
