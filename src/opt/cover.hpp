// When one box holds all of another. Everything here may say no where the truth is yes (an inclusion that would take long
// to decide), never the reverse: a pass that drops what is covered is then right, if not always as thorough.
#pragma once

#include <vector>

#include "opt/passes.hpp"
#include "sets/path_space.hpp"

namespace polc::opt {

/// Every dimension but the places.
bool covers_but_places(const ir::FileBox& outer, const ir::FileBox& inner);

bool covers(const ir::NetBox& outer, const ir::NetBox& inner);
bool covers(const ir::PairBox& outer, const ir::PairBox& inner);
bool covers(const ir::CapabilityBox& outer, const ir::CapabilityBox& inner);
bool covers(const ir::IdentityBox& outer, const ir::IdentityBox& inner);
bool covers(const ir::PeerBox& outer, const ir::PeerBox& inner);

/// The places of many file boxes, found by a path that lies in them.
class PlaceIndex {
 public:
  explicit PlaceIndex(const Parts& parts, ir::Effect effect);
  struct Place {
    std::size_t part;
    std::size_t place;  // in FileBox::places
  };
  /// Places of which `place` may be a part: at most `candidates_at_most`, so that thousands of overlapping trees do not
  /// make the search quadratic. Nothing where the budget ended before a path of `place` was found.
  std::vector<Place> around(const sets::PathPattern& place) const;

 private:
  static constexpr std::size_t candidates_at_most = 64;
  std::vector<Place> places_;
  sets::PathSpace space_{1};
};

}  // namespace polc::opt
