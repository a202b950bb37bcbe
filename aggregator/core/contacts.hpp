// Contacts and groups: people, how they are reached, and who stands together (section 5 of
// docs/domain.md). Orders about them; each is carried out whole, or refused having changed nothing.
#pragma once

#include <string>
#include <string_view>

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

inline constexpr std::size_t kContactsMax = 10'000;
inline constexpr std::size_t kGroupsMax = 1'000;
inline constexpr std::size_t kGroupMembersMax = 500;
inline constexpr std::size_t kContactsPerAddressMax = 60;  // one decision about it concerns all

// Whether it can be an address of this channel, by its form alone.
Status check_form(Channel channel, std::string_view address);

Result<std::string> create_contact(Draft& draft, const CreateContact& order);
Result<std::string> edit_contact(Draft& draft, const EditContact& order);
Result<std::string> delete_contact(Draft& draft, const DeleteContact& order);
Result<std::string> test_contact(Draft& draft, const TestContact& order);
Result<std::string> create_group(Draft& draft, const CreateGroup& order);
Result<std::string> edit_group(Draft& draft, const EditGroup& order);
Result<std::string> delete_group(Draft& draft, const DeleteGroup& order);

// `group "ops", the policy of vault "prod"`: every place where it is used; empty: none.
std::string uses_of(const State& state, ContactId contact);
std::string uses_of(const State& state, GroupId group);

}  // namespace vaultbell::core
