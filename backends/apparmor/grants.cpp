#include "apparmor/grants.hpp"

#include <algorithm>

#include "apparmor/links.hpp"
#include "apparmor/overlap.hpp"

namespace polc::apparmor {
namespace {

using sets::PathPattern;

Letters granted_by(FileVerbs verbs, FileTypes types) {
  Letters letters = 0;
  verbs.for_each([&](FileVerb verb) { letters |= letters_of(verb); });
  if (verbs.contains(FileVerb::exec)) letters |= letter_r | letter_m;  // exec brings read and map along
  if (types == FileTypes{FileType::symlink}) letters &= static_cast<Letters>(~letter_r);  // nobody looks at readlink
  return letters;
}

// What a rule for the root says holds for it whatever its type: its name has no slash more than it has.
FileTypes types_at(const PathPattern& place, FileTypes types) {
  return place.components.empty() ? FileTypes::all() : seen_types(types);
}

/// What all paths of one box have in common.
struct Terms {
  FileTypes types;
  Letters letters = 0;
};

bool visit_all(const ir::Policy& policy, const std::vector<PathPattern>& places, const Terms& terms,
               const GrantVisitor& visit) {
  const auto visit_one = [&](const PathPattern& place) {
    return visit({place, types_at(place, terms.types), terms.letters});
  };
  return terms.letters == 0 || std::all_of(places.begin(), places.end(), [&](const PathPattern& place) {
           if (!visit_one(place)) return false;
           const std::vector<PathPattern> real = real_names(place, policy);
           return std::all_of(real.begin(), real.end(), visit_one);
         });
}

bool visit_box(const ir::Policy& policy, const ir::Box& box, const GrantVisitor& visit) {
  if (const auto* file = std::get_if<ir::FileBox>(&box))
    return visit_all(policy, file->places, {file->types, granted_by(file->verbs, file->types)}, visit);
  if (const auto* pair = std::get_if<ir::PairBox>(&box)) {
    if (!pair->verbs.contains(FileVerb::rename)) return true;
    return visit_all(policy, pair->from, {pair->types, letter_r | letter_w}, visit) &&
           visit_all(policy, pair->to, {pair->types, letter_w}, visit);
  }
  // Binding to a path makes a socket there.
  const auto* net = std::get_if<ir::NetBox>(&box);
  if (net == nullptr || net->family != Family::unix_family || !net->verbs.contains(NetVerb::bind) ||
      !net->protocols.contains(0))
    return true;
  if (!net->any_unix_address) return visit_all(policy, net->paths, {other_types, letter_w}, visit);
  static const std::vector<PathPattern> all{{}, PathPattern{}.with_below()};
  return visit_all(policy, all, {other_types, letter_w}, visit);
}

}  // namespace

void for_each_grant(const ir::Policy& policy, const GrantVisitor& visit) {
  for (const ir::Rule& rule : policy.rules) {
    if (rule.effect != ir::Effect::allow) continue;
    for (const ir::Box& box : rule.boxes)
      if (!visit_box(policy, box, visit)) return;
  }
}

bool is_granted(const ir::Policy& policy, const std::vector<PathPattern>& places, FileTypes types, Letters letters) {
  bool granted = false;
  for_each_grant(policy, [&](const Grant& grant) {
    granted = (grant.letters & letters) != 0 && !(grant.types & seen_types(types)).empty() &&
              std::any_of(places.begin(), places.end(),
                          [&](const PathPattern& place) { return overlap(grant.place, place); });
    return !granted;
  });
  return granted;
}

bool exec_conflicts(const ir::Policy& policy, const PathPattern& place, const ir::Successor& successor) {
  const std::vector<PathPattern> names = with_real_names({place}, policy);
  const auto meets = [&](const PathPattern& other) {
    const std::vector<PathPattern> others = with_real_names({other}, policy);
    return std::any_of(names.begin(), names.end(), [&](const PathPattern& a) {
      return std::any_of(others.begin(), others.end(), [&](const PathPattern& b) { return overlap(a, b); });
    });
  };
  for (const ir::Rule& rule : policy.rules) {
    if (rule.effect != ir::Effect::allow) continue;
    for (const ir::Box& box : rule.boxes) {
      const auto* file = std::get_if<ir::FileBox>(&box);
      if (file == nullptr || !file->verbs.contains(FileVerb::exec)) continue;
      const std::vector<ir::Successor> same{ir::Successor{}};
      for (const ir::Successor& other : file->successors.empty() ? same : file->successors)
        for (const PathPattern& other_place : file->places) {
          if (other == successor && other_place == place) return false;
          if (other != successor && meets(other_place)) return true;
        }
    }
  }
  return false;
}

}  // namespace polc::apparmor
