#include "aggregator/declared/declaration.hpp"

#include <set>
#include <string_view>

#include <fmt/format.h>

namespace vaultbell::declared {

namespace {

// The names that are declared, and the sentences about others.
class Names {
 public:
  explicit Names(const Declaration& declaration) {
    for (const auto& vault : declaration.vaults) vaults_.insert(vault.name);
    for (const auto& client : declaration.clients) clients_.insert(client.name);
    for (const auto& contact : declaration.contacts) contacts_.insert(contact.name);
    for (const auto& group : declaration.groups) groups_.insert(group.name);
  }

  void use_vault(const Origin& at, const std::string& name) { use(vaults_, at, "vault", name); }
  void use_client(const Origin& at, const std::string& name) { use(clients_, at, "client", name); }
  void use_contact(const Origin& at, const std::string& name) {
    use(contacts_, at, "contact", name);
  }
  void use(const Origin& at, const Policy& policy) {
    for (const auto* audience : {&policy.audience, &policy.escalation}) {
      for (const auto& name : audience->contacts) use_contact(at, name);
      for (const auto& name : audience->groups) use(groups_, at, "group", name);
    }
  }

  std::vector<std::string> take() { return std::move(sentences_); }

 private:
  using Set = std::set<std::string, std::less<>>;

  void use(const Set& known, const Origin& at, std::string_view what, const std::string& name) {
    if (name.empty() || known.contains(name)) return;
    sentences_.push_back(
        fmt::format("{}: {} \"{}\" is not declared in these files: it must be there already",
                    place_of(at), what, name));
  }

  Set vaults_;
  Set clients_;
  Set contacts_;
  Set groups_;
  std::vector<std::string> sentences_;
};

}  // namespace

std::string place_of(const Origin& origin) {
  return fmt::format("{}:{}", origin.file, origin.line);
}

std::size_t Declaration::size() const {
  return vaults.size() + clients.size() + jobs.size() + contacts.size() + groups.size() +
         maintenances.size();
}

std::vector<std::string> names_from_elsewhere(const Declaration& declaration) {
  Names names(declaration);
  for (const auto& group : declaration.groups) {
    for (const auto& member : group.members) names.use_contact(group.at, member);
  }
  for (const auto& vault : declaration.vaults) names.use(vault.at, vault.policy);
  for (const auto& client : declaration.clients) {
    names.use_vault(client.at, client.vault);
    names.use(client.at, client.policy);
  }
  for (const auto& job : declaration.jobs) names.use_client(job.at, job.client);
  for (const auto& window : declaration.maintenances) {
    names.use_vault(window.at, window.vault);
    names.use_client(window.at, window.client);
  }
  return names.take();
}

}  // namespace vaultbell::declared
