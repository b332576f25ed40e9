// Files: a verb takes the letter that the kernel asks for, and declares everything that this letter permits.
#include <algorithm>
#include <array>

#include "apparmor/grants.hpp"
#include "apparmor/links.hpp"
#include "apparmor/project.hpp"

namespace polc::apparmor {
namespace {

using ir::Verdict;
using sets::PathPattern;
using target::Feature;

bool names_a_link(const Request& request, const std::vector<PathPattern>& places) {
  return std::any_of(places.begin(), places.end(),
                     [&](const PathPattern& place) { return find_link(place, request.policy) != nullptr; });
}

/// What a rule cannot tell apart, the reason that a reader of the report can do most about first.
std::vector<Feature> reasons(const Request& request, const ir::FileBox& box, FileVerb verb) {
  std::vector<Feature> because;
  if (names_a_link(request, box.places)) because.push_back(Feature::path_literal);
  const bool has_mode = verb == FileVerb::create || verb == FileVerb::chmod;
  if (has_mode && box.mode != ir::all_mode_bits) because.push_back(Feature::qualifier_mode);
  if ((letters_of(verb) & letter_w) != 0) because.push_back(feature_of(verb));
  if (box.types != seen_types(box.types)) because.push_back(Feature::qualifier_type);
  if (!box.owners.any && !is_owner_rule(box.owners)) because.push_back(Feature::qualifier_owner);
  if (because.empty()) because.push_back(feature_of(verb));
  return because;
}

/// The box as its rule is printed: types and owner as a rule can say them, and the names behind links.
ir::FileBox printed(const Request& request, const ir::FileBox& box, FileVerbs verbs) {
  ir::FileBox as = box;
  as.verbs = verbs;
  as.places = with_real_names(box.places, request.policy);
  as.types = box.places == std::vector{PathPattern{}} ? FileTypes::all() : seen_types(box.types);
  if (!is_owner_rule(box.owners)) as.owners = {};
  as.mode = ir::all_mode_bits;
  as.requests = sets::NumberSet::all();
  return as;
}

ir::Box move_box(const ir::FileBox& like, std::vector<PathPattern> from, std::vector<PathPattern> to) {
  ir::PairBox box;
  box.verbs = {FileVerb::rename};
  box.from = std::move(from);
  box.to = std::move(to);
  box.types = like.types;
  box.owners = like.owners;
  return box;
}

void allow_places(Request& request, const ir::FileBox& box, FileVerb verb) {
  const Letters letters = letters_of(verb);
  std::vector<ir::Box> meaning{printed(request, box, verbs_of(letters))};
  if ((letters & letter_w) != 0)
    for (ir::Box& renames : renames_carried_by(request.policy, with_real_names(box.places, request.policy)))
      meaning.push_back(std::move(renames));
  request.add(Form::path, box, std::move(meaning), reasons(request, box, verb));
}

// `ix` also maps; no exec mode reads.
void allow_exec(Request& request, const ir::FileBox& box) {
  const std::vector<ir::Successor> every{ir::Successor{}};
  for (const ir::Successor& successor : box.successors.empty() ? every : box.successors) {
    ir::FileBox one = box, conflicting = box;
    one.successors = conflicting.successors = {successor};
    one.places.clear();
    conflicting.places.clear();
    for (const PathPattern& place : box.places)
      (exec_conflicts(request.policy, place, successor) ? conflicting : one).places.push_back(place);
    if (!conflicting.places.empty()) request.lack(std::move(conflicting), Verdict::narrower, Feature::successor_policy);
    if (one.places.empty()) continue;
    std::vector<ir::Box> meaning{printed(request, one, {FileVerb::exec})};
    if (successor.kind == ir::Successor::Kind::same) meaning.emplace_back(printed(request, one, {FileVerb::map}));
    request.add(Form::path, one, std::move(meaning), reasons(request, one, FileVerb::exec));
  }
}

/// What a `deny` of these letters takes away: renames of the names and to the names, too.
std::vector<ir::Box> refused_by(const Request& request, const ir::FileBox& box, Letters letters) {
  ir::FileBox files = printed(request, box, verbs_of(letters));
  const std::vector<PathPattern> places = files.places;
  files.successors.clear();
  std::vector<ir::Box> refused;
  if (letters == letter_r) {  // readlink goes on working, but the root is no link
    if (std::binary_search(files.places.begin(), files.places.end(), PathPattern{})) {
      refused.emplace_back(files);
      std::get<ir::FileBox>(refused.back()).places = {{}};
    }
    files.types.remove(FileType::symlink);
  }
  refused.emplace_back(files);
  const ir::FileBox like = printed(request, box, {});
  if ((letters & (letter_r | letter_w)) != 0) refused.push_back(move_box(like, places, every_path()));
  if ((letters & letter_w) != 0) refused.push_back(move_box(like, every_path(), places));
  return refused;
}

/// May the profile grant any of these letters at one of the places?
bool is_open_at(const Request& request, const std::vector<PathPattern>& places, FileTypes types, Letters letters) {
  return request.is_open() || is_granted(request.policy, with_real_names(places, request.policy), types, letters);
}

void deny_places(Request& request, const ir::FileBox& box, FileVerb verb) {
  // To append is also part of `w`.
  const Letters granted_as = verb == FileVerb::append ? letter_w | letter_a : letters_of(verb);
  ir::FileBox denied = box, moot = box;
  denied.places.clear();
  moot.places.clear();
  const FileTypes types = printed(request, box, {}).types;
  for (const PathPattern& place : box.places)
    (is_open_at(request, {place}, types, granted_as) ? denied : moot).places.push_back(place);
  if (!moot.places.empty()) request.add(Form::nothing, moot, {moot});
  if (!denied.places.empty())
    request.add(Form::path, denied, refused_by(request, denied, letters_of(verb)), reasons(request, denied, verb));
}

void project_group(Request& request, ir::FileBox box, FileVerb verb) {
  if (verb == FileVerb::read && box.types.contains(FileType::symlink)) {
    // Symlinks are resolved before a name is looked up, and nobody looks at readlink.
    ir::FileBox links = box;
    links.types = {FileType::symlink};
    const bool only_links = box.types == links.types;
    if (only_links || !request.is_allow()) request.lack(std::move(links), Verdict::unmediated, Feature::file_read);
    if (only_links) return;
    if (!request.is_allow()) box.types.remove(FileType::symlink);
  }
  if (!request.is_allow()) return deny_places(request, box, verb);
  verb == FileVerb::exec ? allow_exec(request, box) : allow_places(request, box, verb);
}

// ---- renames and links

void project_rename(Request& request, const ir::PairBox& box) {
  ir::FileBox like;
  like.types = box.types;
  like.owners = box.owners;
  const auto at = [&](const std::vector<PathPattern>& places, FileVerbs verbs) {
    like.places = places;
    return printed(request, like, verbs);
  };
  ir::PairBox pairs = box;
  pairs.from = with_real_names(box.from, request.policy);
  pairs.to = with_real_names(box.to, request.policy);
  std::vector<ir::Box> meaning{pairs, at(box.from, {FileVerb::read}), at(box.from, verbs_of(letter_w)),
                               at(box.to, verbs_of(letter_w))};
  for (const auto* places : {&pairs.from, &pairs.to})
    for (ir::Box& renames : renames_carried_by(request.policy, *places)) meaning.push_back(std::move(renames));
  const bool linked = pairs.from != box.from || pairs.to != box.to;
  request.add(Form::move, box, std::move(meaning), {linked ? Feature::path_literal : Feature::file_rename});
}

// A rule for a pair of names is exact; it tells neither types nor owners apart.
void project_link(Request& request, const ir::PairBox& box) {
  ir::PairBox said = box;
  said.types = FileTypes::all();
  said.from = with_real_names(box.from, request.policy);
  said.to = with_real_names(box.to, request.policy);
  if (!is_owner_rule(box.owners)) said.owners = {};
  std::vector<Feature> because{box.owners.any ? Feature::qualifier_type : Feature::qualifier_owner};
  if (said.from != box.from || said.to != box.to) because.insert(because.begin(), Feature::path_literal);
  request.add(Form::link, box, {said}, std::move(because));
}

bool grants_any(const Request& request, const std::vector<PathPattern>& places, Letters letters) {
  return is_open_at(request, places, FileTypes::all(), letters);
}

/// A rename cannot be refused by itself, only together with writing.
void deny_rename(Request& request, const ir::PairBox& box) {
  const bool possible = grants_any(request, box.from, letter_r) && grants_any(request, box.from, letter_w) &&
                        grants_any(request, box.to, letter_w);
  if (possible) request.lack(box, Verdict::unmediated, Feature::file_rename);
  else request.add(Form::nothing, box, {box});
}

}  // namespace

// Each group has its reasons to itself. What names a link is one. The root is another where types matter, for its name
// says nothing of its type.
void project_file(Request& request, const ir::FileBox& box) {
  const FileVerb verb = only_verb(box.verbs);
  if (letters_of(verb) == 0) return request.lack(box, Verdict::unmediated, feature_of(verb));
  std::array<ir::FileBox, 3> groups{box, box, box};
  for (ir::FileBox& group : groups) group.places.clear();
  auto& [rest, root, linked] = groups;
  const bool types_matter = !seen_types(box.types).is_all();
  for (const PathPattern& place : box.places) {
    const bool is_root = types_matter && place.components.empty();
    (is_root ? root : names_a_link(request, {place}) ? linked : rest).places.push_back(place);
  }
  for (ir::FileBox& group : groups)
    if (!group.places.empty()) project_group(request, std::move(group), verb);
}

void project_pair(Request& request, const ir::PairBox& box) {
  if (box.verbs.contains(FileVerb::link)) return project_link(request, box);
  request.is_allow() ? project_rename(request, box) : deny_rename(request, box);
}

}  // namespace polc::apparmor
