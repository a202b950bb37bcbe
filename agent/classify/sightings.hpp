// Sightings: what of an adapter's patterns and fields was seen in the output, noted while it
// streams by. Its memory is bounded by the adapter, kLineBytesMax and kDocumentBytesMax, however
// much is printed.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "agent/classify/adapter.hpp"
#include "agent/classify/lines.hpp"

namespace vaultbell::agent::classify {

// What was found first, as far as a message shows it. Absent: nothing was.
using Evidence = std::optional<std::string>;

// What a row wants (Wanted), as far as it was seen.
struct RowSeen {
  std::vector<Evidence> lines;  // in the order of Wanted::lines
  Evidence json;
  Evidence document;
};

struct FactSeen {
  Evidence last;  // the value as it was printed
  std::uint64_t count = 0;
};

class Sightings {
 public:
  // `adapter` must live as long.
  explicit Sightings(const Adapter& adapter);

  // `stream` is absent where both are in one file: then every pattern may match.
  void feed(std::optional<Stream> stream, std::string_view bytes);
  // After the last byte of both streams.
  void finish();

  [[nodiscard]] const RowSeen& row(std::size_t place) const { return rows_.at(place); }
  [[nodiscard]] const FactSeen& fact(std::size_t place) const { return facts_.at(place); }

 private:
  // A pattern of a row or of a fact.
  struct Target {
    bool is_fact = false;
    std::size_t place = 0;      // of the row or fact
    std::size_t condition = 0;  // of the row's lines
  };
  // One stream (or both, mixed) on its way.
  struct Side {
    Lines lines;
    std::vector<Pattern> patterns;
    std::vector<Target> targets;  // of the patterns
    pattern::PatternSet set;
  };

  Side make_side(std::optional<Stream> stream) const;
  void take_line(const Side& side, std::string_view line);
  void take_match(const Target& target, const Pattern& pattern, std::string_view line);
  void take_json(const nlohmann::json& json);
  void take_document();
  void take_value(std::size_t fact, const nlohmann::json& json);

  const Adapter& adapter_;
  std::array<std::optional<Side>, 3> sides_;  // out, err, both; made when it begins to speak
  std::vector<RowSeen> rows_;
  std::vector<FactSeen> facts_;
  bool wants_json_ = false;
  bool wants_document_ = false;  // not any more where it is too large
  std::string document_;
};

}  // namespace vaultbell::agent::classify
