// Files: an allow puts letters on an object; a deny takes letters off one, or hides it when nothing else would be left.
#include <algorithm>

#include "grsecurity/grants.hpp"
#include "grsecurity/project.hpp"

namespace polc::grsecurity {
namespace {

using ir::Verdict;
using sets::PathPattern;
using target::Feature;

Feature feature_of_verb(FileVerb verb) {
  constexpr std::array features{
      Feature::file_read,     Feature::file_write,  Feature::file_append, Feature::file_create, Feature::file_remove,
      Feature::file_truncate, Feature::file_rename, Feature::file_link,   Feature::file_chmod,  Feature::file_chown,
      Feature::file_utime,    Feature::file_xattr,  Feature::file_stat,   Feature::file_chdir,  Feature::file_chroot,
      Feature::file_exec,     Feature::file_map,    Feature::file_lock,   Feature::file_ioctl,  Feature::file_watch};
  static_assert(features.size() == file_verb_names.size());
  return features[static_cast<std::size_t>(verb)];
}

Feature reason_of_path(const PathPattern& place) {
  const bool has_glob = std::any_of(place.components.begin(), place.components.end(),
                                    [](const auto& c) { return c.kind == sets::Component::Kind::glob; });
  if (place.has_inner_any()) return Feature::path_inner_any;
  if (has_glob) return Feature::path_glob;
  return place.ends_in_below() ? Feature::path_below : Feature::path_literal;
}

/// What the target cannot tell apart, the reason that a reader of the report can do most about first.
std::vector<Feature> reasons(const ir::FileBox& box, const PathPattern& place, FileVerb verb) {
  std::vector<Feature> because;
  const Feature path = reason_of_path(place);
  // An object for a wildcard holds the folder that it stands in, and all below: nothing else opens as much.
  if (path == Feature::path_glob || path == Feature::path_inner_any) because.push_back(path);
  if (!box.types.is_all()) because.push_back(Feature::qualifier_type);
  if (!box.owners.any) because.push_back(Feature::qualifier_owner);
  if ((verb == FileVerb::create || verb == FileVerb::chmod) && box.mode != ir::all_mode_bits)
    because.push_back(Feature::qualifier_mode);
  if (verb == FileVerb::exec) because.push_back(Feature::successor_policy);
  because.push_back(feature_of_verb(verb));
  if (because.front() != path) because.push_back(path);
  return because;
}

template <class Box>
Box at_place(const Box& box, const PathPattern& place) {
  Box one = box;
  one.places = {place};
  return one;
}

void allow_place(Request& request, const ir::FileBox& box, const PathPattern& place, FileVerb verb) {
  ir::FileBox wanted = at_place(box, place);
  const auto object = object_of(place);
  if (!object) return request.lack(std::move(wanted), Verdict::narrower, Feature::path_literal);
  const Letters letters = letters_for(verb);
  request.add(std::move(wanted), request.grants.granted_by(*object, letters), form_of(Construct::grant, letters),
              reasons(box, place, verb));
}

void deny_letters(Request& request, ir::Box wanted, const std::string& object, Letters letters,
                  std::vector<Feature> because) {
  request.add(std::move(wanted), removed_by(letters, object), form_of(Construct::drop, letters), std::move(because));
}

void deny_place(Request& request, const ir::FileBox& box, const PathPattern& place, FileVerb verb) {
  ir::FileBox wanted = at_place(box, place);
  const auto object = object_of(place);
  if (!object) return request.lack(std::move(wanted), Verdict::refused, Feature::path_literal);
  if (request.grants.anywhere(*object) == 0) return request.add(wanted, {wanted}, form_of(Construct::nothing), {});
  const bool keeps_append = (request.grants.above(*object) & letter_a) != 0;
  const bool only_lists = verb == FileVerb::read && box.types == FileTypes{FileType::dir};
  const Letters letters = only_lists ? letter_seen : letters_against(verb, keeps_append);
  const Letters left = request.grants.anywhere_by_rules(*object) & ~(letters | request.grants.denied_on(*object));
  if (left == 0)
    return request.add(std::move(wanted), hidden_by(*object), form_of(Construct::hide), reasons(box, place, verb));
  if (letters == letter_seen)  // hiding it would take what other rules allow
    return request.lack(std::move(wanted), Verdict::unmediated,
                        only_lists ? Feature::file_read : feature_of_verb(verb));
  if (verb == FileVerb::read && box.types.contains(FileType::dir)) {
    ir::FileBox lists = wanted;
    lists.types = {FileType::dir};
    request.lack(std::move(lists), Verdict::unmediated, Feature::file_read);
    wanted.types.remove(FileType::dir);
  }
  deny_letters(request, std::move(wanted), *object, letters, reasons(box, place, verb));
}

/// The objects of all places; nullopt: one of them cannot be printed.
std::optional<std::vector<std::string>> objects_of(const std::vector<PathPattern>& places) {
  std::vector<std::string> objects;
  for (const PathPattern& place : places) {
    const auto object = object_of(place);
    if (!object) return std::nullopt;
    if (std::find(objects.begin(), objects.end(), *object) == objects.end()) objects.push_back(*object);
  }
  return objects;
}

void add_to(std::vector<ir::Box>& boxes, std::vector<ir::Box> more) {
  std::move(more.begin(), more.end(), std::back_inserter(boxes));
}

bool has_letters(const Request& request, const std::vector<std::string>& objects, Letters letters) {
  return std::any_of(objects.begin(), objects.end(), [&](const std::string& object) {
    return !request.grants.nodes_with(object, letters).empty();
  });
}

std::vector<Feature> pair_reasons(const ir::PairBox& box, FileVerb verb) {
  std::vector<Feature> because;
  if (!box.types.is_all()) because.push_back(Feature::qualifier_type);
  if (!box.owners.any) because.push_back(Feature::qualifier_owner);
  because.push_back(feature_of_verb(verb));
  return because;
}

void allow_pair(Request& request, const ir::PairBox& box, FileVerb verb, const std::vector<std::string>& from,
                const std::vector<std::string>& to) {
  const Letters at_target = letters_for(verb);
  const Letters at_source = verb == FileVerb::link ? letter_seen : at_target;
  std::vector<ir::Box> meaning{pair_box(verb, trees_of(from), trees_of(to))};
  for (const std::string& object : from) add_to(meaning, request.grants.granted_by(object, at_source));
  for (const std::string& object : to) add_to(meaning, request.grants.granted_by(object, at_target));
  request.add(box, std::move(meaning), form_of(Construct::grant, at_target), pair_reasons(box, verb));
}

void deny_pair(Request& request, const ir::PairBox& box, FileVerb verb, const std::vector<std::string>& from,
               const std::vector<std::string>& to) {
  const bool is_link = verb == FileVerb::link;
  const Letters at_source = is_link ? 0 : letter_r | letter_w;
  const Letters at_target = is_link ? letter_l | letter_c : letter_r | letter_w;
  if (!has_letters(request, from, at_source) || !has_letters(request, to, at_target))
    return request.add(box, {box}, form_of(Construct::nothing), {});
  // A link is refused at its new name, a move at the old one.
  std::vector<ir::Box> meaning;
  Letters letters = letters_against(verb, true);
  for (const std::string& object : is_link ? to : from)
    if ((request.grants.above(object) & letter_a) == 0) letters = letters_against(verb, false);
  for (const std::string& object : is_link ? to : from) add_to(meaning, removed_by(letters, object));
  request.add(box, std::move(meaning), form_of(Construct::drop, letters), pair_reasons(box, verb));
}

void unix_place(Request& request, const ir::NetBox& box, const PathPattern& place, NetVerb verb) {
  ir::NetBox wanted = box;
  wanted.any_unix_address = false;
  wanted.paths = {place};
  wanted.abstracts.clear();
  const auto object = object_of(place);
  if (!object)
    return request.lack(std::move(wanted), request.is_allow() ? Verdict::narrower : Verdict::refused,
                        Feature::path_literal);
  const Letters letters = verb == NetVerb::bind ? letter_w | letter_c : letter_r | letter_w;
  if (request.is_allow())
    return request.add(std::move(wanted), request.grants.granted_by(*object, letters),
                       form_of(Construct::grant, letters), {Feature::address_unix});
  if (request.grants.nodes_with(*object, letters).empty()) return request.add(wanted, {wanted}, form_of(Construct::nothing), {});
  const FileVerb same = verb == NetVerb::bind ? FileVerb::create : FileVerb::write;
  deny_letters(request, std::move(wanted), *object, letters_against(same, (request.grants.above(*object) & letter_a) != 0),
               {Feature::address_unix});
}

}  // namespace

void project_file(Request& request, const ir::FileBox& box) {
  if (request.is_allow() && makes_any_socket(box)) return request.lack(box, Verdict::narrower, Feature::address_unix);
  box.verbs.for_each([&](FileVerb verb) {
    ir::FileBox one = box;
    one.verbs = {verb};
    if (letters_for(verb) == 0) return request.lack(std::move(one), Verdict::unmediated, feature_of_verb(verb));
    one.places.clear();  // thousands, and each piece is of one
    for (const PathPattern& place : box.places) {
      if (request.is_allow()) allow_place(request, one, place, verb);
      else deny_place(request, one, place, verb);
    }
  });
}

void project_pair(Request& request, const ir::PairBox& box) {
  box.verbs.for_each([&](FileVerb verb) {
    ir::PairBox one = box;
    one.verbs = {verb};
    const auto from = objects_of(box.from);
    const auto to = objects_of(box.to);
    if (!from || !to)
      return request.lack(std::move(one), request.is_allow() ? Verdict::narrower : Verdict::refused,
                          Feature::path_literal);
    if (request.is_allow()) allow_pair(request, one, verb, *from, *to);
    else deny_pair(request, one, verb, *from, *to);
  });
}

void project_unix(Request& request, const ir::NetBox& box) {
  box.verbs.for_each([&](NetVerb verb) {
    ir::NetBox one = box;
    one.verbs = {verb};
    const bool is_seen = verb == NetVerb::connect || verb == NetVerb::send || verb == NetVerb::bind;
    if (!is_seen) return request.lack(std::move(one), Verdict::unmediated, Feature::address_unix);
    if (box.any_unix_address) {
      if (request.is_allow()) return request.lack(std::move(one), Verdict::narrower, Feature::address_unix);
      for (const PathPattern& place : tree_of("/")) unix_place(request, one, place, verb);
      return request.lack(std::move(one), Verdict::unmediated, Feature::address_abstract);
    }
    one.paths.clear();
    for (const PathPattern& place : box.paths) unix_place(request, one, place, verb);
    if (box.abstracts.empty()) return;
    request.lack(std::move(one), Verdict::unmediated, Feature::address_abstract);
  });
}

}  // namespace polc::grsecurity
