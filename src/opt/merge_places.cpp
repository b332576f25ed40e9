// merge_places: `allow read "/a"; allow read "/b";` is `allow read "/a", "/b";`.
// The boxes differ in their places alone, so their union is the box with both lists of places. (Not so for rename and link,
// where two products of pairs are no product.)
#include <iterator>

#include "opt/keys.hpp"

namespace polc::opt {

Parts merge_places(Parts parts) {
  const auto is_file = [](const ir::Box& box) { return std::holds_alternative<ir::FileBox>(box); };
  Parts result = merge_by_key(std::move(parts), Without::places, is_file, [](ir::Box& into, ir::Box&& from) {
    auto& places = std::get<ir::FileBox>(into).places;
    auto& more = std::get<ir::FileBox>(from).places;
    std::move(more.begin(), more.end(), std::back_inserter(places));
  });
  for (eval::Part& part : result)
    if (auto* file = std::get_if<ir::FileBox>(&part.box)) sets::sort_unique(file->places);
  return result;
}

}  // namespace polc::opt
