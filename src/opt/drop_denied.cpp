// drop_denied: an allow of `/etc/shadow` beside a deny of `/etc/**` grants nothing.
// [[P]] = C(A - D) - D: whatever D holds is taken from A first, so A may as well not have it. What the allow would have
// implied it did not imply either, for only A - D does. Denies stay as they are.
#include <algorithm>

#include "opt/cover.hpp"
#include "sets/path_inclusion.hpp"

namespace polc::opt {
namespace {

// What of a box no deny covers wholly; false: nothing is left of it.
class Denies {
 public:
  explicit Denies(const Parts& parts) : parts_(parts), index_(parts, ir::Effect::deny) {
    for (const eval::Part& part : parts)
      if (part.effect == ir::Effect::deny && !std::holds_alternative<ir::FileBox>(part.box)) others_.push_back(&part.box);
  }

  bool leave_something(ir::Box& box) const {
    return std::visit([&](auto& one) { return leave(one); }, box);
  }

 private:
  bool leave(ir::FileBox& box) const {
    std::erase_if(box.places, [&](const sets::PathPattern& place) {
      const auto around = index_.around(place);
      return std::any_of(around.begin(), around.end(), [&](const PlaceIndex::Place& at) {
        const auto& deny = std::get<ir::FileBox>(parts_[at.part].box);
        return covers_but_places(deny, box) && sets::includes(deny.places[at.place], place);
      });
    });
    return !box.places.empty();
  }

  bool leave(ir::CallBox& box) const {
    for (const ir::Box* other : others_)
      if (const auto* deny = std::get_if<ir::CallBox>(other); deny != nullptr && deny->where.is_always())
        std::erase_if(box.calls, [&](CallId call) { return std::binary_search(deny->calls.begin(), deny->calls.end(), call); });
    return !box.calls.empty();
  }

  template <class Box>
  bool leave(const Box& box) const {
    return std::none_of(others_.begin(), others_.end(), [&](const ir::Box* other) {
      const auto* deny = std::get_if<Box>(other);
      return deny != nullptr && covers(*deny, box);
    });
  }

  const Parts& parts_;
  PlaceIndex index_;
  std::vector<const ir::Box*> others_;
};

}  // namespace

Parts drop_denied(Parts parts) {
  const bool any_deny = std::any_of(parts.begin(), parts.end(), [](const auto& part) { return part.effect == ir::Effect::deny; });
  if (!any_deny) return parts;
  Parts result;
  const Denies denies(parts);
  for (const eval::Part& part : parts) {
    eval::Part left = part;
    if (part.effect == ir::Effect::deny || denies.leave_something(left.box)) result.push_back(std::move(left));
  }
  return result;
}

}  // namespace polc::opt
