#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/showing.hpp"

namespace vaultbell::ctl {

Expected<ExitCode> search_names(Session& session) {
  const auto answer = session.api().get(path_of({"search"}), {{"q", session.argument(0)}});
  if (!answer) return tl::unexpected<Failure>(answer.error());
  const auto& items = at(*answer, "items");
  auto exit = session.print_list(
      {items.begin(), items.end()},
      Columns{{"what", "what", Kind::word}, {"name", "name"}, {"client", "client"}});
  if (exit && items.empty()) session.remark("nothing has a name with that in it");
  return exit;
}

}  // namespace vaultbell::ctl
