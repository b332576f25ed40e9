// Questions that the tests ask of a space.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sets/path_space.hpp"

namespace polc::sets {

/// Wants everything.
struct Collector : PathQuestion {
  struct Visit {
    PathLabels labels;
    std::vector<std::string> witness;
  };
  std::vector<Visit> visits;
  bool every_hit = true;

  bool may_matter(const Bits&, const Bits&) override { return true; }
  bool needs_every_hit() const override { return every_hit; }
  bool visit(const PathLabels& here, const std::function<std::vector<std::string>()>& witness) override {
    visits.push_back({here, witness()});
    return true;
  }
};

/// Is something in column 0 that is not in column 1? Prunes as a real question does.
struct Inclusion : PathQuestion {
  std::optional<std::string> witness;
  std::size_t asked = 0;

  bool needs_every_hit() const override { return false; }
  bool may_matter(const Bits& lower, const Bits& upper) override {
    ++asked;
    return (upper[0] & 1) != 0 && (lower[0] & 2) == 0;
  }
  bool visit(const PathLabels& here, const std::function<std::vector<std::string>()>& path) override {
    if ((here.bits[0] & 3) != 1) return true;
    witness = path()[0];
    return false;
  }
};

inline std::vector<std::uint32_t> tags_of(const PathLabels& labels) {
  std::vector<std::uint32_t> tags;
  for (const auto& hit : labels.hits) tags.push_back(hit.tag);
  return tags;
}

inline void add(PathSpace& space, const std::string& pattern, std::uint64_t bits, std::uint32_t tag,
                bool tree = false) {
  const auto patterns = parse_path_pattern({pattern, {}}, tree).value();
  for (const auto& plain : patterns) space.insert(plain, {bits}, tag);
}

}  // namespace polc::sets
