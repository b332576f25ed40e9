#include "diff/common.hpp"

#include <functional>
#include <string_view>
#include <unordered_map>

#include "support/overloaded.hpp"

namespace polc::diff {
namespace {

constexpr std::size_t most_changed = 128;

/// Tells most parts apart; equal parts have equal keys.
class Key {
 public:
  explicit Key(const eval::Part& part) {
    add(part.box.index() * 4 + (part.effect == ir::Effect::deny ? 2 : 0) + (part.implied ? 1 : 0));
    std::visit(Overloaded{
                   [&](const ir::FileBox& box) {
                     add(box.verbs.bits());
                     add(box.types.bits());
                     add(box.places);
                   },
                   [&](const ir::PairBox& box) {
                     add(box.verbs.bits());
                     add(box.from);
                     add(box.to);
                   },
                   [&](const ir::NetBox& box) {
                     add(box.verbs.bits() * 8 + static_cast<std::size_t>(box.family));
                     add_ends(box.ports);
                     add_ends(box.ip4);
                     add_ends(box.ip6);
                     add(box.paths);
                   },
                   [&](const ir::CallBox& box) {
                     for (const CallId call : box.calls) add(call.value);
                   },
                   [](const auto&) {},
               },
               part.box);
  }
  std::size_t value() const { return hash_; }

 private:
  void add(std::size_t number) { hash_ = (hash_ ^ number) * 0x9e37'79b9'7f4a'7c15u; }
  void add(const std::vector<sets::PathPattern>& places) {
    for (const sets::PathPattern& place : places)
      for (const sets::Component& component : place.components)
        add(std::hash<std::string_view>()(component.text) + static_cast<std::size_t>(component.kind));
  }
  template <class Number>
  void add_ends(const sets::IntervalSet<Number>& set) {
    for (const auto& interval : set.intervals()) add(static_cast<std::size_t>(interval.low) * 31 + static_cast<std::size_t>(interval.high));
  }

  std::size_t hash_ = 0;
};

bool is_same(const eval::Part& a, const eval::Part& b) {
  return a.effect == b.effect && a.implied == b.implied && a.rank == b.rank && a.plane == b.plane && a.box == b.box;
}

}  // namespace

std::optional<std::vector<ir::Box>> changed_boxes(const eval::Meaning& before, const eval::Meaning& now) {
  if (before.order().formulas() != now.order().formulas()) return std::nullopt;
  std::unordered_multimap<std::size_t, const eval::Part*> old_parts;
  for (const eval::Part& part : before.parts()) old_parts.emplace(Key(part).value(), &part);
  std::vector<ir::Box> boxes;
  for (const eval::Part& part : now.parts()) {
    auto [at, end] = old_parts.equal_range(Key(part).value());
    while (at != end && !is_same(*at->second, part)) ++at;
    if (at != end) old_parts.erase(at);
    else boxes.push_back(part.box);
    if (boxes.size() > most_changed) return std::nullopt;
  }
  if (boxes.size() + old_parts.size() > most_changed) return std::nullopt;
  for (const eval::Part& part : before.parts())
    for (auto [at, end] = old_parts.equal_range(Key(part).value()); at != end; ++at)
      if (at->second == &part) boxes.push_back(part.box);
  return boxes;
}

}  // namespace polc::diff
