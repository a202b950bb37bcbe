// Uses: where contacts and groups are named. Found by one walk over all that can name them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "aggregator/api/json.hpp"
#include "aggregator/api/scene.hpp"

namespace vaultbell::api {

// Group "ops" names it as a member; vault "prod" in its policy, or for its escalation.
struct Use {
  std::string what;  // group, vault or client
  std::string name;
  std::string as;  // member, policy or escalation
};

Json view_of(const Use& use);

class Uses {
 public:
  static Result<Uses> find(const Scene& scene);

  [[nodiscard]] const std::vector<Use>& of(ContactId contact) const;
  [[nodiscard]] const std::vector<Use>& of(GroupId group) const;

 private:
  void add(const core::Group& group);
  void add(const core::Policy& policy, std::string_view what, const std::string& name);
  void add(const core::Audience& audience, const Use& use);

  std::map<ContactId, std::vector<Use>> of_contacts_;
  std::map<GroupId, std::vector<Use>> of_groups_;
};

}  // namespace vaultbell::api
