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

Letters letters_against(FileVerb verb, bool keeps_append) {
  switch (verb) {
    case FileVerb::create: return letter_c;
    case FileVerb::remove: return letter_d;
    case FileVerb::link: return letter_l;
    case FileVerb::exec:
    case FileVerb::map: return letter_x;
    case FileVerb::read: return letter_r;
    case FileVerb::append: return letter_w | letter_a;
    case FileVerb::write:
    case FileVerb::truncate:
    case FileVerb::chmod:
    case FileVerb::chown:
    case FileVerb::utime:
    case FileVerb::xattr:
    case FileVerb::rename: return keeps_append ? letter_w : letter_w | letter_a;
    case FileVerb::stat:
    case FileVerb::chdir:
    case FileVerb::chroot:
    case FileVerb::watch: return letter_seen;
    case FileVerb::lock:
    case FileVerb::ioctl: return 0;
  }
  return 0;
}

Grants::Grants(const ir::Policy& policy, bool is_old) : all_words_(all_words_of(policy, is_old)) {
  add_rule_objects(policy);
  add_denied(policy);
  for (const std::string& subject : subjects_of(policy)) objects_[subject].all |= letter_r | letter_x;
  for (unsigned family = 0; family < open_families_.size(); ++family)
    open_families_[family] = family_is_open(policy, static_cast<Family>(family));

  constexpr Letters rename = letter_r | letter_w, link = letter_l | letter_c;
  renames_.carrier = carrier_of(policy, rename);
  if (renames_.carrier) {
    const auto ends = trees_of(nodes_with("/", rename));
    renames_.box = pair_box(FileVerb::rename, ends, ends);
  }
  links_.carrier = carrier_of(policy, link);
  if (links_.carrier) links_.box = pair_box(FileVerb::link, trees_of(nodes_with("/", 0)), trees_of(nodes_with("/", link)));
}

void Grants::add_rule_objects(const ir::Policy& policy) {
  for_each_box(policy, ir::Effect::allow, [&](const ir::Box& box) {
    return for_each_grant(box, [&](const PathPattern& place, Letters letters) {
      const auto path = object_of(place);
      if (!path) return true;
      Object& object = objects_[*path];
      object.by_rules |= letters;
      object.all |= letters;
      return true;
    });
  });
}

void Grants::add_denied(const ir::Policy& policy) {
  for_each_box(policy, ir::Effect::deny, [&](const ir::Box& box) {
    const auto* file = std::get_if<ir::FileBox>(&box);
    if (!file || !file->types.is_all() || !file->owners.any) return true;
    for (const PathPattern& place : file->places)
      if (const auto path = object_of(place))
        file->verbs.for_each([&](FileVerb verb) { objects_[*path].denied |= letters_against(verb, false); });
    return true;
  });
}

template <class Visit>
void Grants::for_each_above(std::string_view path, const Visit& visit) const {
  const auto visit_known = [&](std::string_view one) {
    if (const auto at = objects_.find(one); at != objects_.end()) visit(at->second);
  };
  visit_known("/");
  if (path == "/") return;
  for (std::size_t end = path.find('/', 1); end != std::string_view::npos; end = path.find('/', end + 1))
    visit_known(path.substr(0, end));
  visit_known(path);
}

Letters Grants::above(std::string_view path) const {
  Letters letters = 0;
  for_each_above(path, [&](const Object& object) { letters |= object.all; });
  return letters;
}

Letters Grants::anywhere(std::string_view path) const {
  Letters letters = above(path);
  for (auto at = objects_.upper_bound(path); at != objects_.end() && covers(path, at->first); ++at) letters |= at->second.all;
  return letters;
}

Letters Grants::anywhere_by_rules(std::string_view path) const {
  Letters letters = 0;
  for_each_above(path, [&](const Object& object) { letters |= object.by_rules; });
  for (auto at = objects_.upper_bound(path); at != objects_.end() && covers(path, at->first); ++at) letters |= at->second.by_rules;
  return letters;
}

Letters Grants::denied_on(std::string_view path) const {
  Letters letters = 0;
  for_each_above(path, [&](const Object& object) { letters |= object.denied; });
  return letters;
}

std::vector<std::string> Grants::nodes_with(std::string_view path, Letters letters) const {
  const auto is_enough = [&](Letters had) { return had != 0 && (had & letters) == letters; };
  const Letters covering = above(path);
  if (is_enough(covering)) return {std::string(path)};
  std::vector<std::string> nodes;
  struct Open {
    std::string_view path;
    Letters letters;
  };
  std::vector<Open> open{{path, covering}};
  for (auto at = objects_.upper_bound(path); at != objects_.end() && covers(path, at->first); ++at) {
    while (!covers(open.back().path, at->first)) open.pop_back();
    const Letters before = open.back().letters;
    open.push_back({at->first, static_cast<Letters>(before | at->second.all)});
    if (!is_enough(before) && is_enough(open.back().letters)) nodes.push_back(at->first);
  }
  return nodes;
}

/// An early object, in the order of the rules, that has these letters at or below it, or else the first of the tree.
std::optional<std::string> Grants::carrier_of(const ir::Policy& policy, Letters letters) const {
  unsigned tries = 32;  // each costs a walk over what lies below
  std::optional<std::string> carrier;
  for_each_box(policy, ir::Effect::allow, [&](const ir::Box& box) {
    return for_each_grant(box, [&](const PathPattern& place, Letters brought) {
      const auto object = (brought & letters) != 0 ? object_of(place) : std::nullopt;
      if (!object) return true;
      if (!nodes_with(*object, letters).empty()) carrier = object;
      return !carrier && --tries > 0;
    });
  });
  if (carrier) return carrier;
  auto nodes = nodes_with("/", letters);
  return nodes.empty() ? std::nullopt : std::optional(std::move(nodes.front()));
}

std::vector<ir::Box> Grants::granted_by(const std::string& path, Letters letters) const {
  std::vector<ir::Box> boxes;
  add_seen(boxes, tree_of(path));
  for (const Right& right : rights()) {
    if ((right.needs & letters) == 0) continue;
    const auto nodes = (right.needs & ~letters) == 0 ? std::vector{path} : nodes_with(path, right.needs);
    if (nodes.empty()) continue;
    if (!right.files.empty()) boxes.push_back(file_box(right.files, trees_of(nodes)));
    if (!right.sockets.empty()) boxes.push_back(unix_box(right.sockets, trees_of(nodes)));
  }
  const auto carries = [&](const Pairs& pairs) { return pairs.carrier && covers(path, *pairs.carrier); };
  if ((letters & (letter_r | letter_w)) != 0 && carries(renames_)) boxes.emplace_back(renames_.box);
  if ((letters & (letter_l | letter_c)) != 0 && carries(links_)) boxes.emplace_back(links_.box);
  return boxes;
}

}  // namespace polc::grsecurity
