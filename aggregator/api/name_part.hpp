// NamePart: a part of a name that somebody remembers, in whatever case of letters.
#pragma once

#include <string>
#include <string_view>

#include "aggregator/api/fields.hpp"

namespace vaultbell::api {

class NamePart {
 public:
  // Not empty. Letters beyond ASCII count as they are.
  explicit NamePart(std::string_view text);

  [[nodiscard]] bool is_in(std::string_view name) const;
  [[nodiscard]] bool begins(std::string_view name) const;

 private:
  std::string lower_;
};

// The parameter `q`. An empty one is a mistake: it would mean everything.
std::optional<NamePart> name_part_in(Fields& query);

}  // namespace vaultbell::api
