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
  if (makes_any_socket(box)) return true;
  return letters == 0 || visit_all(box.places, letters, visit);
}

bool visit_pair(const ir::PairBox& box, const GrantVisitor& visit) {
  Letters from = 0, to = 0;
  box.verbs.for_each([&](FileVerb verb) {
    from |= verb == FileVerb::link ? letter_seen : letters_for(verb);
    to |= letters_for(verb);
  });
  // One end that cannot be printed keeps the whole pair from being said.
  for (const auto* places : {&box.from, &box.to})
    for (const PathPattern& place : *places)
      if (!object_of(place)) return true;
  return visit_all(box.from, from, visit) && visit_all(box.to, to, visit);
}

bool visit_net(const ir::NetBox& box, const GrantVisitor& visit) {
  if (box.family != Family::unix_family || box.any_unix_address) return true;
  Letters letters = 0;
  if (!(box.verbs & NetVerbs{NetVerb::connect, NetVerb::send}).empty()) letters |= letter_r | letter_w;
  if (box.verbs.contains(NetVerb::bind)) letters |= letter_w | letter_c;
  return letters == 0 || visit_all(box.paths, letters, visit);
}

/// The literal directory of a pattern and `path` are related: one covers the other. Allocates nothing: this runs for
/// every pair of rules.
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

/// The object whose pieces carry the boxes of all pairs, so that the set's size stays linear: an early one, in the
/// order of the rules, that has these letters at or below it, or else the first of the tree. nullopt: there is none.
std::optional<std::string> pair_carrier(const ir::Policy& policy, Letters letters) {
  unsigned tries = 32;  // each costs a walk over all rules
  std::optional<std::string> carrier;
  for_each_box(policy, ir::Effect::allow, [&](const ir::Box& box) {
    return for_each_grant(box, [&](const PathPattern& place, Letters brought) {
      const auto object = (brought & letters) != 0 ? object_of(place) : std::nullopt;
      if (!object) return true;
      if (!Surroundings(policy, *object).nodes_with(letters).empty()) carrier = object;
      return !carrier && --tries > 0;
    });
  });
  if (carrier) return carrier;
  const auto nodes = Surroundings(policy, "/").nodes_with(letters);
  return nodes.empty() ? std::nullopt : std::optional(nodes.front());
}

bool carries_pairs(const ir::Policy& policy, const std::string& path, Letters letters) {
  const auto carrier = pair_carrier(policy, letters);
  return carrier && covers(path, *carrier);
}

}  // namespace

bool makes_any_socket(const ir::FileBox& box) {
  const auto is_everywhere = [](const PathPattern& place) { return object_of(place) == "/"; };
  return box.verbs == FileVerbs{FileVerb::create} && box.types == FileTypes{FileType::socket} &&
         std::any_of(box.places.begin(), box.places.end(), is_everywhere);
}

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
      by_rules_ |= letters;
      add(*object, letters);
      return true;
    });
  });
  for (const std::string& subject : subjects_of(policy))
    if (covers(path_, subject) || covers(subject, path_)) add(subject, letter_r | letter_x);
}

void Surroundings::add(const std::string& object, Letters letters) {
  if (covers(object, path_)) above_ |= letters;
  else below_[object] |= letters;
}

Letters Surroundings::anywhere() const {
  Letters letters = above_;
  for (const auto& [path, own] : below_) letters |= own;
  return letters;
}

std::vector<std::string> Surroundings::nodes_with(Letters letters) const {
  const auto is_enough = [&](Letters had) { return had != 0 && (had & letters) == letters; };
  if (is_enough(above_)) return {path_};
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
    if (!is_enough(before) && is_enough(open.back().letters)) nodes.push_back(path);
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
  if ((letters & renames) != 0 && !around.nodes_with(renames).empty() && carries_pairs(policy, path, renames)) {
    const auto ends = trees_of(Surroundings(policy, "/").nodes_with(renames));
    boxes.push_back(pair_box(FileVerb::rename, ends, ends));
  }
  if ((letters & links) != 0 && !around.nodes_with(links).empty() && carries_pairs(policy, path, links)) {
    const Surroundings everywhere(policy, "/");
    boxes.push_back(
        pair_box(FileVerb::link, trees_of(everywhere.nodes_with(0)), trees_of(everywhere.nodes_with(links))));
  }
  return boxes;
}

}  // namespace polc::grsecurity
