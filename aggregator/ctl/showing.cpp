#include "aggregator/ctl/showing.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace vaultbell::ctl {

Expected<ExitCode> show(Session& session, const std::string& path, const Columns& fields,
                        void (*and_more)(const Session&, const Json&)) {
  const auto object = session.api().get(path);
  if (!object) return tl::unexpected<Failure>(object.error());
  session.print_fields(*object, fields);
  if (and_more != nullptr && !session.manner().is_json()) and_more(session, *object);
  return ExitCode::done;
}

void print_inner(const Session& session, const Json& list, std::string_view title,
                 const Columns& columns) {
  if (!list.is_array() || list.empty()) return;
  session.print(fmt::format("\n{}\n", title));
  const std::vector<Json> items(list.begin(), list.end());
  session.print(table_of(items, columns, session.manner()));
}

}  // namespace vaultbell::ctl
