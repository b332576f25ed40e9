#include "opt/cover.hpp"

#include <algorithm>

#include "sets/path_inclusion.hpp"

namespace polc::opt {
namespace {

using sets::Bits;
using sets::PathPattern;

const Bits one_bit{1};

template <class Value>
bool has_all(const std::vector<Value>& outer, const std::vector<Value>& inner) {
  return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

bool covers(const ir::OwnerSet& outer, const ir::OwnerSet& inner) {
  if (outer.any) return true;
  return !inner.any && (outer.self || !inner.self) && has_all(outer.names, inner.names);
}

bool all_covered(const std::vector<PathPattern>& outer, const std::vector<PathPattern>& inner) {
  return std::all_of(inner.begin(), inner.end(), [&](const PathPattern& one) {
    return std::any_of(outer.begin(), outer.end(), [&](const PathPattern& other) { return sets::includes(other, one); });
  });
}

}  // namespace

bool covers_but_places(const ir::FileBox& outer, const ir::FileBox& inner) {
  if (!outer.verbs.includes(inner.verbs) || !outer.types.includes(inner.types) || !covers(outer.owners, inner.owners)) return false;
  if ((inner.mode & ~outer.mode) != 0 || !outer.requests.includes(inner.requests)) return false;
  return outer.successors.empty() || (!inner.successors.empty() && has_all(outer.successors, inner.successors));
}

bool covers(const ir::NetBox& outer, const ir::NetBox& inner) {
  if (outer.family != inner.family || !outer.verbs.includes(inner.verbs) || !outer.types.includes(inner.types) ||
      !outer.protocols.includes(inner.protocols))
    return false;
  switch (outer.family) {
    case Family::inet: return outer.ip4.includes(inner.ip4) && outer.ports.includes(inner.ports);
    case Family::inet6: return outer.ip6.includes(inner.ip6) && outer.ports.includes(inner.ports);
    case Family::unix_family:
      if (outer.any_unix_address) return true;
      return !inner.any_unix_address && all_covered(outer.paths, inner.paths) && has_all(outer.abstracts, inner.abstracts);
    default: return true;
  }
}

bool covers(const ir::PairBox& outer, const ir::PairBox& inner) {
  return outer.verbs.includes(inner.verbs) && outer.types.includes(inner.types) && covers(outer.owners, inner.owners) &&
         all_covered(outer.from, inner.from) && all_covered(outer.to, inner.to);
}

bool covers(const ir::CapabilityBox& outer, const ir::CapabilityBox& inner) {
  return (inner.capabilities & ~outer.capabilities) == 0;
}

bool covers(const ir::IdentityBox& outer, const ir::IdentityBox& inner) {
  if (outer.kind != inner.kind) return false;
  return outer.ids.is_all() || (outer.ids.includes(inner.ids) && has_all(outer.accounts, inner.accounts));
}

bool covers(const ir::PeerBox& outer, const ir::PeerBox& inner) {
  if (outer.kind != inner.kind || (inner.what & ~outer.what) != 0) return false;
  return outer.any_peer || (!inner.any_peer && has_all(outer.peers, inner.peers));
}

PlaceIndex::PlaceIndex(const Parts& parts, ir::Effect effect) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto* file = std::get_if<ir::FileBox>(&parts[i].box);
    if (file == nullptr || parts[i].effect != effect) continue;
    for (std::size_t k = 0; k < file->places.size(); ++k) {
      space_.insert(file->places[k], one_bit, static_cast<std::uint32_t>(places_.size()));
      places_.push_back({i, k});
    }
  }
}

std::vector<PlaceIndex::Place> PlaceIndex::around(const PathPattern& place) const {
  std::vector<Place> result;
  if (places_.empty()) return result;
  const auto path = sets::path_in(place);
  if (!path) return result;
  sets::PathLabels labels;
  space_.labels_of(*path, labels);
  for (const auto& hit : labels.hits) {
    if (result.size() == candidates_at_most) break;
    result.push_back(places_[hit.tag]);
  }
  return result;
}

}  // namespace polc::opt
