#include "apparmor/grants.hpp"

#include <algorithm>
#include <optional>

#include "apparmor/links.hpp"
#include "apparmor/meet.hpp"

namespace polc::apparmor {
namespace {

using sets::PathPattern;

// Renames are spelled out for so many names and pairs of them at most (a pair costs about a microsecond to compare). A
// larger profile counts as permitting every rename that no deny refuses, and says so in its head.
constexpr std::size_t names_at_most = 1'000, pairs_at_most = 40'000;

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
  bool owner_only = false;
  Letters letters = 0;
};

bool visit_all(const ir::Policy& policy, const std::vector<PathPattern>& places, const Terms& terms,
               const GrantVisitor& visit) {
  const auto visit_one = [&](const PathPattern& place) {
    return visit({place, types_at(place, terms.types), terms.owner_only, terms.letters});
  };
  return terms.letters == 0 || std::all_of(places.begin(), places.end(), [&](const PathPattern& place) {
           if (!visit_one(place)) return false;
           const std::vector<PathPattern> real = real_names(place, policy);
           return std::all_of(real.begin(), real.end(), visit_one);
         });
}

bool visit_box(const ir::Policy& policy, const ir::Box& box, const GrantVisitor& visit) {
  if (const auto* file = std::get_if<ir::FileBox>(&box))
    return visit_all(policy, file->places,
                     {file->types, is_owner_rule(file->owners), granted_by(file->verbs, file->types)}, visit);
  if (const auto* pair = std::get_if<ir::PairBox>(&box)) {
    if (!pair->verbs.contains(FileVerb::rename)) return true;
    const bool owner = is_owner_rule(pair->owners);
    return visit_all(policy, pair->from, {pair->types, owner, letter_r | letter_w}, visit) &&
           visit_all(policy, pair->to, {pair->types, owner, letter_w}, visit);
  }
  // Binding to a path makes a socket there.
  const auto* net = std::get_if<ir::NetBox>(&box);
  if (net == nullptr || net->family != Family::unix_family || !net->verbs.contains(NetVerb::bind) ||
      !net->protocols.contains(0))
    return true;
  if (!net->any_unix_address) return visit_all(policy, net->paths, {other_types, false, letter_w}, visit);
  static const std::vector<PathPattern> all{{}, PathPattern{}.with_below()};
  return visit_all(policy, all, {other_types, false, letter_w}, visit);
}

struct Names {
  std::vector<PathPattern> read, write;
};

// The names that a process may read or write: as the owner of the object, or as anybody.
Names names_for(const ir::Policy& policy, FileTypes types, bool as_owner) {
  Names names;
  for_each_grant(policy, [&](const Grant& grant) {
    if ((grant.types & types).empty() || (grant.owner_only && !as_owner)) return true;
    if ((grant.letters & letter_r) != 0) names.read.push_back(grant.place);
    if ((grant.letters & letter_w) != 0) names.write.push_back(grant.place);
    return true;
  });
  for (auto* list : {&names.read, &names.write}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  return names;
}

ir::PairBox rename_box(FileTypes types, ir::OwnerSet owners) {
  ir::PairBox box;
  box.verbs = {FileVerb::rename};
  box.types = types;
  box.owners = std::move(owners);
  return box;
}

/// nullopt: too many names to spell out.
std::optional<ir::PairBox> renames(const ir::Policy& policy, FileTypes types, bool as_owner) {
  Names names = names_for(policy, types, as_owner);
  if (names.write.size() > names_at_most) return std::nullopt;
  ir::PairBox box = rename_box(types, {!as_owner, as_owner, {}});
  auto from = meet(names.write, names.read);
  if (!from) return std::nullopt;
  box.from = *std::move(from);
  box.to = std::move(names.write);
  return box.from.size() * box.to.size() > pairs_at_most ? std::nullopt : std::optional(std::move(box));
}

std::vector<ir::Box> every_rename() {
  ir::PairBox box = rename_box(FileTypes::all(), {});
  box.from = box.to = {{}, PathPattern{}.with_below()};
  return {std::move(box)};
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

std::vector<ir::Box> renames_carried_by(const ir::Policy& policy, const std::vector<PathPattern>& places) {
  bool is_first = false;
  for_each_grant(policy, [&](const Grant& grant) {
    if ((grant.letters & letter_w) == 0) return true;
    // A piece may say the place as part of a larger one.
    is_first = std::any_of(places.begin(), places.end(),
                           [&](const PathPattern& place) { return overlap(place, grant.place); });
    return false;
  });
  std::vector<ir::Box> boxes;
  if (!is_first) return boxes;
  bool owner_rules = false;
  for_each_grant(policy, [&](const Grant& grant) { return !(owner_rules = grant.owner_only); });
  for (const FileTypes types : {dir_type, other_types})
    for (const bool as_owner : {false, true})
      if (!as_owner || owner_rules) {
        auto box = renames(policy, types, as_owner);
        if (!box) return every_rename();
        if (!box->from.empty() && !box->to.empty()) boxes.emplace_back(*std::move(box));
      }
  return boxes;
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
