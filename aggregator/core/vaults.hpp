// Vaults: what belongs together, with one policy and one timing.
#pragma once

#include <string>

#include "aggregator/core/draft.hpp"

namespace vaultbell::core {

// Lays what is ordered over what is there.
void overlay(TimingOverrides& timing, const TimingEdit& edit);

Result<std::string> create_vault(Draft& draft, const CreateVault& order);
Result<std::string> edit_vault(Draft& draft, const EditVault& order);
Result<std::string> rename_vault(Draft& draft, const RenameVault& order);
// Refused while anything belongs to it; the error names what.
Result<std::string> delete_vault(Draft& draft, const DeleteVault& order);

}  // namespace vaultbell::core
