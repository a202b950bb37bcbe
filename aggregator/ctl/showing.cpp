#include "aggregator/ctl/showing.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "shared/base/text.hpp"

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

void print_lines(const Session& session, std::string_view text, std::string_view indent) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    session.print(fmt::format("{}{}\n", indent, one_line(text.substr(0, end))));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

Expected<ExitCode> show_uses(Session& session, std::string_view kind, std::string_view none) {
  const auto answer = session.api().get(path_of({kind, session.argument(0), "uses"}));
  if (!answer) return tl::unexpected<Failure>(answer.error());
  const auto& uses = at(*answer, "uses");
  const Columns columns = {{"what", "what"}, {"name", "name"}, {"as", "as"}};
  auto exit = session.print_list({uses.begin(), uses.end()}, columns);
  if (exit && uses.empty()) session.remark(none);
  return exit;
}

}  // namespace vaultbell::ctl
