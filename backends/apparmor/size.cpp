// How large will the parser's automaton get? Names are matched by all rules at once. A pattern with one `**` in its
// middle costs little, for the first way to match is as good as any; with two, every rule that is half matched must be
// remembered together with every other one, and the sizes multiply. Measured with apparmor_parser 3.0.8, rules
// `/**/aN/**/bN/f`: 4 rules 8 KB, 6 rules 33 KB, 8 rules 147 KB and 0.3 s, 10 rules 678 KB and 13 s.
#include "apparmor/size.hpp"

#include <algorithm>
#include <set>

#include "apparmor/grants.hpp"
#include "apparmor/overlap.hpp"

namespace polc::apparmor {
namespace {

using sets::Component;
using sets::PathPattern;

std::size_t inner_anys(const PathPattern& place) {
  return static_cast<std::size_t>(std::count_if(place.components.begin(), place.components.end(),
                                                [](const Component& c) { return c.kind == Component::Kind::any; }));
}

}  // namespace

std::optional<Blowup> find_blowup(const ir::Policy& policy) {
  std::set<PathPattern> deep;
  for_each_grant(policy, [&](const Grant& grant) {
    if (inner_anys(grant.place) >= 2) deep.insert(grant.place);
    return true;
  });
  for (const PathPattern& place : deep) {
    Blowup blowup{place, 0, 1};
    for (const PathPattern& other : deep) {
      if (!may_overlap(place, other)) continue;
      ++blowup.patterns;
      blowup.factor = std::min(blowup.factor * inner_anys(other), largest_factor);
    }
    if (blowup.factor >= warned_factor) return blowup;
  }
  return std::nullopt;
}

}  // namespace polc::apparmor
