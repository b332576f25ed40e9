#include "grsecurity/grants.hpp"

#include <algorithm>

namespace polc::grsecurity {
namespace {

using sets::Component;
using sets::PathPattern;

bool visit_all(const std::vector<PathPattern>& places, Letters letters, const GrantVisitor& visit) {
  return std::all_of(places.begin(), places.end(), [&](const PathPattern& place) { return visit(place, letters); });
}

bool visit_file(const ir::FileBox& box, const GrantVisitor& visit) {
  Letters letters = 0;
  box.verbs.for_each([&](FileVerb verb) { letters |= letters_for(verb); });
  return letters == 0 || visit_all(box.places, letters, visit);
}

bool visit_pair(const ir::PairBox& box, const GrantVisitor& visit) {
  Letters from = 0, to = 0;
  box.verbs.for_each([&](FileVerb verb) {
    from |= verb == FileVerb::link ? letter_seen : letters_for(verb);
    to |= letters_for(verb);
  });
  return visit_all(box.from, from, visit) && visit_all(box.to, to, visit);
}

bool visit_net(const ir::NetBox& box, const GrantVisitor& visit) {
  if (box.family != Family::unix_family || box.any_unix_address) return true;
  Letters letters = 0;
  if (!(box.verbs & NetVerbs{NetVerb::connect, NetVerb::send}).empty()) letters |= letter_r | letter_w | letter_seen;
  if (box.verbs.contains(NetVerb::bind)) letters |= letter_w | letter_c | letter_seen;
  return letters == 0 || visit_all(box.paths, letters, visit);
}

/// The literal directory of a pattern and `path` are related: one covers the other. Allocates nothing: this runs for every
/// pair of rules.
bool is_related(const PathPattern& pattern, std::string_view path) {
  if (path == "/") return true;
  for (const Component& component : pattern.components) {
    if (component.kind != Component::Kind::literal || path.empty()) return true;
    path.remove_prefix(1);
    if (!path.starts_with(component.text)) return false;
    path.remove_prefix(component.text.size());
    if (!path.empty() && path.front() != '/') return false;
  }
  return true;
}

/// Is this object the one that carries the boxes of all pairs? The first, in the order of the rules, that has `letters`.
/// One carrier is enough for the set and keeps its size linear.
bool carries_pairs(const ir::Policy& policy, const std::string& path, Letters own, Letters letters) {
  bool is_carrier = false;
  for_each_box(policy, ir::Effect::allow, [&](const ir::Box& box) {
    return for_each_grant(box, [&](const PathPattern& place, Letters brought) {
      if ((brought & letters) == 0) return true;
      const auto object = object_of(place);
      if (!object) return true;
      const bool has_all = (brought & letters) == letters || (Surroundings(policy, *object).above() & letters) == letters;
      if (!has_all) return true;
      is_carrier = *object == path && brought == own;
      return false;
    });
  });
  return is_carrier;
}

}  // namespace

bool for_each_grant(const ir::Box& box, const GrantVisitor& visit) {
  if (const auto* file = std::get_if<ir::FileBox>(&box)) return visit_file(*file, visit);
  if (const auto* pair = std::get_if<ir::PairBox>(&box)) return visit_pair(*pair, visit);
  if (const auto* net = std::get_if<ir::NetBox>(&box)) return visit_net(*net, visit);
  return true;
}

void for_each_box(const ir::Policy& policy, ir::Effect effect, const std::function<bool(const ir::Box&)>& visit) {
  for (const ir::Rule& rule : policy.rules) {
    if (rule.effect != effect) continue;
    for (const ir::Box& box : rule.boxes)
      if (!visit(box)) return;
  }
}

Surroundings::Surroundings(const ir::Policy& policy, std::string_view path) : path_(path) {
  for_each_box(policy, ir::Effect::allow, [&](const ir::Box& box) {
    return for_each_grant(box, [&](const PathPattern& place, Letters letters) {
      if (!is_related(place, path_)) return true;
      const auto object = object_of(place);
      if (!object) return true;
      if (covers(*object, path_)) above_ |= letters;
      else below_[*object] |= letters;
      return true;
    });
  });
}

Letters Surroundings::anywhere() const {
  Letters letters = above_;
  for (const auto& [path, own] : below_) letters |= own;
  return letters;
}

std::vector<std::string> Surroundings::nodes_with(Letters letters) const {
  if ((above_ & letters) == letters) return {path_};
  std::vector<std::string> nodes;
  struct Open {
    std::string_view path;
    Letters letters;
  };
  std::vector<Open> open{{path_, above_}};
  for (const auto& [path, own] : below_) {
    while (!covers(open.back().path, path)) open.pop_back();
    const Letters before = open.back().letters;
    open.push_back({path, static_cast<Letters>(before | own)});
    if ((before & letters) != letters && (open.back().letters & letters) == letters) nodes.push_back(path);
  }
  return nodes;
}

std::vector<ir::Box> granted_by(const ir::Policy& policy, const std::string& path, Letters letters) {
  std::vector<ir::Box> boxes;
  add_seen(boxes, tree_of(path));
  const Surroundings around(policy, path);
  for (const Right& right : rights()) {
    if ((right.needs & letters) == 0) continue;
    const auto nodes = (right.needs & ~letters) == 0 ? std::vector{path} : around.nodes_with(right.needs);
    if (nodes.empty()) continue;
    if (!right.files.empty()) boxes.push_back(file_box(right.files, trees_of(nodes)));
    if (!right.sockets.empty()) boxes.push_back(unix_box(right.sockets, trees_of(nodes)));
  }
  constexpr Letters renames = letter_r | letter_w;
  constexpr Letters links = letter_l | letter_c;
  if ((letters & renames) != 0 && !around.nodes_with(renames).empty() && carries_pairs(policy, path, letters, renames)) {
    const auto ends = trees_of(Surroundings(policy, "/").nodes_with(renames));
    boxes.push_back(pair_box(FileVerb::rename, ends, ends));
  }
  if ((letters & letter_l) != 0 && carries_pairs(policy, path, letters, links)) {
    const Surroundings everywhere(policy, "/");
    boxes.push_back(pair_box(FileVerb::link, trees_of(everywhere.nodes_with(letter_seen)), trees_of(everywhere.nodes_with(links))));
  }
  return boxes;
}

}  // namespace polc::grsecurity
