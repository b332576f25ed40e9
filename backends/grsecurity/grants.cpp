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

Grants::Grants(const ir::Policy& policy, const std::vector<std::string>& subjects) {
  add_rule_objects(policy);
  add_denied(policy);
  for (const std::string& subject : subjects) objects_[subject].all |= letter_r | letter_x;
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

bool Grants::has_together(std::string_view path, Letters letters) const {
  const auto is_enough = [&](Letters had) { return had != 0 && (had & letters) == letters; };
  struct Open {
    std::string_view path;
    Letters letters;
  };
  std::vector<Open> open{{path, above(path)}};
  if (is_enough(open.back().letters)) return true;
  for (auto at = objects_.upper_bound(path); at != objects_.end() && covers(path, at->first); ++at) {
    while (!covers(open.back().path, at->first)) open.pop_back();
    open.push_back({at->first, static_cast<Letters>(open.back().letters | at->second.all)});
    if (is_enough(open.back().letters)) return true;
  }
  return false;
}

}  // namespace polc::grsecurity
