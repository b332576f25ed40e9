// merge_verbs: `allow read P; allow write P;` is `allow read, write P;`.
// A box is a product of its dimensions, so two that differ in one dimension alone are the box with both values of it: the
// union of the accesses is the same. Dimensions that matter to one verb only (a mode, a request, a successor) are equal
// in both, and every other verb ignores them.
#include "opt/keys.hpp"

namespace polc::opt {

Parts merge_verbs(Parts parts) {
  const auto has_verbs = [](const ir::Box& box) {
    return std::holds_alternative<ir::FileBox>(box) || std::holds_alternative<ir::PairBox>(box) ||
           std::holds_alternative<ir::NetBox>(box);
  };
  return merge_by_key(std::move(parts), Without::verbs, has_verbs, [](ir::Box& into, ir::Box&& from) {
    if (auto* file = std::get_if<ir::FileBox>(&into)) file->verbs = file->verbs | std::get<ir::FileBox>(from).verbs;
    if (auto* pair = std::get_if<ir::PairBox>(&into)) pair->verbs = pair->verbs | std::get<ir::PairBox>(from).verbs;
    if (auto* net = std::get_if<ir::NetBox>(&into)) net->verbs = net->verbs | std::get<ir::NetBox>(from).verbs;
  });
}

}  // namespace polc::opt
