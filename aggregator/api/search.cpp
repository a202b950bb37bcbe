#include <algorithm>
#include <vector>

#include "aggregator/api/answers.hpp"
#include "aggregator/api/in_json.hpp"
#include "aggregator/api/name_part.hpp"

// What has a name, by a part of it.

namespace vaultbell::api {

namespace {

using storage::TableNumber;

constexpr std::size_t kFoundMax = 20;  // of each kind: who sees so many types one letter more
constexpr std::size_t kNamesLookedAtMax = 500'000;  // of each kind: some 50 ms

struct Found {
  std::string name;
  ClientId client;  // of a job
};

// What was found of one kind: those that begin so before the others.
class FoundNames {
 public:
  explicit FoundNames(const NamePart& part) : part_(part) {}

  [[nodiscard]] bool wants(std::string_view name) const {
    return part_.begins(name) || (others_.size() < kFoundMax && part_.is_in(name));
  }
  void add(std::string_view name, ClientId client = {}) {
    (part_.begins(name) ? begin_ : others_).push_back({std::string(name), client});
  }
  // To be asked after each name; false: there is no use in looking further.
  bool goes_on() { return begin_.size() < kFoundMax && ++looked_at_ < kNamesLookedAtMax; }

  [[nodiscard]] std::vector<Found> take() && {
    begin_.insert(begin_.end(), others_.begin(), others_.end());
    begin_.resize(std::min(begin_.size(), kFoundMax));
    return std::move(begin_);
  }

 private:
  const NamePart& part_;
  std::vector<Found> begin_;
  std::vector<Found> others_;
  std::size_t looked_at_ = 0;
};

void find_names(const Scene& scene, const NamePart& part, std::string_view what, TableNumber index,
                Json& items) {
  FoundNames found(part);
  scene.snapshot.each_name(index, std::nullopt, [&](std::string_view name, std::uint64_t) {
    if (found.wants(name)) found.add(name);
    return found.goes_on();
  });
  for (const auto& one : std::move(found).take()) {
    items.push_back({{"what", what}, {"name", one.name}, {"client", Json()}});
  }
}

bool is_in_service(const core::Client* client) {
  return client != nullptr && client->state != core::ClientState::retired;
}

// Those of clients in service.
void find_jobs(const Scene& scene, const NamePart& part, Json& items) {
  FoundNames found(part);
  scene.snapshot.each_job_name([&](ClientId client, std::string_view name) {
    if (found.wants(name) && is_in_service(scene.rows.find<core::Client>(client))) {
      found.add(name, client);
    }
    return found.goes_on();
  });
  for (const auto& one : std::move(found).take()) {
    items.push_back(
        {{"what", "job"}, {"name", one.name}, {"client", scene.rows.name_of(one.client)}});
  }
}

}  // namespace

Result<Answer> search_names(const Scene& scene, Asked& asked) {
  asked.query.required_text("q");
  const auto part = name_part_in(asked.query);
  if (auto ok = asked.query.finish(); !ok) return fail(ok.error());
  Json items = Json::array();
  find_names(scene, *part, "client", TableNumber::client_by_name, items);
  find_names(scene, *part, "vault", TableNumber::vault_by_name, items);
  find_names(scene, *part, "contact", TableNumber::contact_by_name, items);
  find_names(scene, *part, "group", TableNumber::group_by_name, items);
  find_jobs(scene, *part, items);
  return Answer(Json{{"items", std::move(items)}, {"next", Json()}});
}

}  // namespace vaultbell::api
