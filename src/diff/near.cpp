#include "diff/near.hpp"

#include <algorithm>

#include "support/overloaded.hpp"

namespace polc::diff {
namespace {

using Places = std::vector<sets::PathPattern>;

// Against more places than these nobody is held: it would take longer than the question itself.
constexpr std::size_t few_places = 64;

// False only where two literal names differ before any wildcard.
bool may_meet(const sets::PathPattern& a, const sets::PathPattern& b) {
  const std::size_t common = std::min(a.components.size(), b.components.size());
  for (std::size_t i = 0; i < common; ++i) {
    const sets::Component &mine = a.components[i], &other = b.components[i];
    if (mine.kind != sets::Component::Kind::literal || other.kind != sets::Component::Kind::literal) return true;
    if (mine.text != other.text) return false;
  }
  return true;
}

bool may_meet(const Places& a, const Places& b) {
  if (std::min(a.size(), b.size()) > few_places) return true;
  return std::any_of(a.begin(), a.end(), [&](const auto& mine) {
    return std::any_of(b.begin(), b.end(), [&](const auto& other) { return may_meet(mine, other); });
  });
}

bool may_meet(const ir::NetBox& a, const ir::NetBox& b) {
  if (a.family != b.family) return false;
  if (a.family == Family::unix_family)
    return a.any_unix_address || b.any_unix_address || may_meet(a.paths, b.paths) || (!a.abstracts.empty() && !b.abstracts.empty());
  if (a.family != Family::inet && a.family != Family::inet6) return true;
  if ((a.ports & b.ports).empty()) return false;
  return a.family == Family::inet ? !(a.ip4 & b.ip4).empty() : !(a.ip6 & b.ip6).empty();
}

// Binding a socket makes a file.
bool may_meet(const ir::NetBox& net, const ir::FileBox& file) {
  return net.family == Family::unix_family && (net.any_unix_address || may_meet(net.paths, file.places));
}

bool may_bear_on(const ir::Box& part, const ir::Box& box) {
  return std::visit(Overloaded{
                        [](const ir::FileBox& a, const ir::FileBox& b) { return may_meet(a.places, b.places); },
                        [](const ir::PairBox& a, const ir::PairBox& b) { return may_meet(a.from, b.from) && may_meet(a.to, b.to); },
                        [](const ir::NetBox& a, const ir::NetBox& b) { return may_meet(a, b); },
                        [](const ir::NetBox& a, const ir::FileBox& b) { return may_meet(a, b); },
                        [](const ir::FileBox& a, const ir::NetBox& b) { return may_meet(b, a); },
                        [&](const auto&, const auto&) { return part.index() == box.index(); },
                    },
                    part, box);
}

}  // namespace

eval::Meaning near(const eval::Meaning& meaning, std::span<const ir::Box> boxes) {
  std::vector<eval::Part> parts;
  for (const eval::Part& part : meaning.parts())
    if (std::any_of(boxes.begin(), boxes.end(), [&](const ir::Box& box) { return may_bear_on(part.box, box); })) parts.push_back(part);
  return eval::make_meaning(std::move(parts), meaning.os(), meaning.has_implications(), meaning.order().formulas());
}

}  // namespace polc::diff
