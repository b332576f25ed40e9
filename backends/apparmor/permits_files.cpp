// Files, renames and links.
#include <algorithm>
#include <array>

#include "apparmor/model.hpp"
#include "apparmor/permits.hpp"
#include "apparmor/permits_places.hpp"

namespace polc::apparmor {
namespace {

using sets::PathPattern;
using Places = std::vector<PathPattern>;

ir::OwnerSet owners(const ReadRule& rule) { return {!rule.owner, rule.owner, {}}; }

FileVerbs verbs_for(std::uint8_t permissions) {
  using V = FileVerb;
  static constexpr std::pair<std::uint8_t, FileVerbs> granted[] = {
      {may_read, {V::read}}, {may_write, {V::write, V::create, V::remove, V::truncate, V::chmod, V::chown}},
      {may_append, {V::append}}, {may_lock, {V::lock}}, {may_map, {V::map}}};
  FileVerbs verbs;
  for (const auto& [permission, more] : granted)
    if ((permissions & permission) != 0) verbs = verbs | more;
  return verbs;
}

/// The names with the types that they have there, few boxes instead of many.
struct Group {
  FileTypes types;
  Places names;
};
std::vector<Group> groups_of(const std::vector<Place>& places) {
  std::vector<std::pair<PathPattern, FileTypes>> by_name;
  for (const Place& place : places) {
    const auto same = std::find_if(by_name.begin(), by_name.end(), [&](const auto& one) { return one.first == place.pattern; });
    if (same == by_name.end()) by_name.emplace_back(place.pattern, place.types);
    else same->second = same->second | place.types;
  }
  std::vector<Group> groups;
  for (auto& [name, types] : by_name) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&t = types](const Group& group) { return group.types == t; });
    if (same == groups.end()) groups.push_back({types, {std::move(name)}});
    else same->names.push_back(std::move(name));
  }
  return groups;
}

}  // namespace

const Places& every_name() {
  static const Places all{{}, PathPattern{}.with_below()};
  return all;
}

ir::PairBox pairs(FileVerbs verbs, Places from, Places to, FileTypes types, const ReadRule& rule) {
  return {verbs, std::move(from), std::move(to), types, owners(rule)};
}

Places link_ends(const std::vector<Place>& places) {
  Places names;
  for (const Place& place : places)
    if (!(place.types & other_types).empty()) names.push_back(place.pattern);
  return names;
}

void Permits::files() {
  beats_ = beating_rules();
  if (std::find(beats_.begin(), beats_.end(), true) != beats_.end()) top_ = 2;
  unseen_files();
  for (std::size_t i = 0; i < profile_.paths.size(); ++i) path(i);
  for (const ReadLink& rule : profile_.links) link(rule);
  if (has_subset_links_ && !is_uncertain_) subset_letters();
}

void Permits::unseen_files() {
  ir::FileBox box;
  box.verbs = {FileVerb::utime,  FileVerb::xattr, FileVerb::stat, FileVerb::chdir,
               FileVerb::chroot, FileVerb::ioctl, FileVerb::watch};
  box.places = every_name();
  stays(box);
  box.verbs = {FileVerb::read};  // readlink; the root is no symbolic link
  box.places = {PathPattern{}.with_below()};
  box.types = {FileType::symlink};
  stays(std::move(box));
}

/// Exec rules for one exact name that lies in a pattern which leads elsewhere: the pattern has no say there.
std::vector<bool> Permits::beating_rules() const {
  std::vector<const ReadPath*> patterns;
  std::vector<bool> beats(profile_.paths.size(), false);
  for (const ReadPath& rule : profile_.paths)
    if (rule.leads() && !rule.deny && !rule.pattern.is_exact()) patterns.push_back(&rule);
  for (std::size_t i = 0; i < beats.size(); ++i) {
    const ReadPath& rule = profile_.paths[i];
    if (!rule.leads() || rule.deny || !rule.pattern.is_exact()) continue;
    beats[i] = std::any_of(patterns.begin(), patterns.end(), [&](const ReadPath* other) {
      return !other->leads_as(rule) && other->pattern.matches(rule.pattern.prefix());
    });
  }
  return beats;
}

void Permits::path(std::size_t place) {
  const ReadPath& rule = profile_.paths[place];
  if (rule.places) {
    for (const Group& group : groups_of(*rule.places)) path(place, of(rule), group.names, group.types);
  } else {
    path(place, of(rule, true), every_name(), FileTypes::all());
  }
  if ((rule.permissions & may_link) != 0) subset_link(rule);
}

void Permits::path(std::size_t place, At at, const Places& names, FileTypes types) {
  const ReadPath& rule = profile_.paths[place];
  ir::FileBox box;
  box.places = names;
  box.types = types;
  box.owners = owners(rule);
  if ((rule.permissions & may_exec) != 0) exec(place, at, box);
  box.verbs = verbs_for(rule.permissions);
  // A deny of reading leaves readlink as it is, but the root is no link.
  if (rule.deny && box.verbs.contains(FileVerb::read) && types.contains(FileType::symlink)) {
    ir::FileBox read = box;
    read.verbs = {FileVerb::read};
    read.types.remove(FileType::symlink);
    if (!read.types.empty()) add(read, at);
    const bool has_root = std::any_of(names.begin(), names.end(), [](const PathPattern& name) { return name.components.empty(); });
    read.places = {{}};
    read.types = {FileType::symlink};
    if (has_root) add(std::move(read), at);
    box.verbs.remove(FileVerb::read);
  }
  if (!box.verbs.empty()) add(std::move(box), at);
  rename_ends(rule, at, names, types);
}

void Permits::exec(std::size_t place, At at, ir::FileBox box) {
  const ReadPath& rule = profile_.paths[place];
  box.verbs = {FileVerb::exec};
  box.successors.clear();
  if (beats_[place]) add_at(box, {ir::Effect::deny, rule.line}, single, 1);
  if (rule.successor) box.successors = {*rule.successor};
  if (rule.open) box.successors = rule.open->among, at.is_maybe = true;
  for (ir::Successor& successor : box.successors)
    if (successor.kind == ir::Successor::Kind::policy) successor.policy = names_.policy_of(successor.policy);
  std::sort(box.successors.begin(), box.successors.end());
  add_at(std::move(box), at, single, rule.deny || rule.pattern.is_exact() ? top_ : 0);
}

// A rename asks for `r` and `w` on the old name, and for `w` on the new one.
void Permits::rename_ends(const ReadPath& rule, At at, const Places& names, FileTypes types) {
  const FileVerbs verbs = has_subset_links_ ? FileVerbs{FileVerb::rename, FileVerb::link} : FileVerbs{FileVerb::rename};
  ir::PairBox from = pairs(verbs, names, every_name(), types, rule);
  if ((rule.permissions & may_read) != 0) add(from, at, from_r);
  if ((rule.permissions & may_write) == 0) return;
  add(std::move(from), at, from_w);
  add(pairs({FileVerb::rename}, every_name(), names, types, rule), at, to_w);
}

/// Where nothing can be moved, there is nothing to tell apart. Returns whether something can.
bool Permits::leave_out_impossible_renames() {
  std::array<bool, to_w + 1> opens{};
  for (const eval::Part& part : parts_)
    if (part.plane <= to_w && part.effect == ir::Effect::allow) opens[part.plane] = true;
  if (opens[from_r] && opens[from_w] && opens[to_w]) return summarise_new_names(), true;
  if (has_subset_links_) return false;  // it asks for the same
  std::erase_if(parts_, [](const eval::Part& part) { return part.plane % first_sure != single; });
  return false;
}

// Each pair of two names is a question of its own, which thousands of names make too many: beyond some, what may be moved counts
// as moved to anywhere that no deny names. Where not all is known that much is possible; sure are the first names.
void Permits::summarise_new_names() {
  constexpr std::size_t most_names = 128;
  std::size_t names = 0;
  unsigned line = 0;
  const auto count = [&](std::uint8_t plane, const eval::Part& part) {
    if (part.plane != plane || part.effect != ir::Effect::allow) return false;
    names += std::get<ir::PairBox>(part.box).to.size();
    if (line == 0) line = part.line;
    return names > most_names;
  };
  for (const eval::Part& part : parts_) count(to_w, part);
  if (names <= most_names) return;
  std::erase_if(parts_, [](const eval::Part& part) { return part.plane == to_w && part.effect == ir::Effect::allow; });
  names = 0;
  if (is_uncertain_) std::erase_if(parts_, [&](const eval::Part& part) { return count(first_sure + to_w, part); });
  add(pairs({FileVerb::rename}, every_name(), every_name(), FileTypes::all(), {}), {ir::Effect::allow, line, is_uncertain_}, to_w);
}

// A rule for a pair of names. A deny of it takes from links by letter, too.
void Permits::link(const ReadLink& rule) {
  const At at = of(rule, !rule.name || !rule.target);
  Places from = rule.target ? link_ends(*rule.target) : every_name(), to = rule.name ? link_ends(*rule.name) : every_name();
  ir::PairBox box = pairs({FileVerb::link}, std::move(from), std::move(to), FileTypes::all(), rule);
  if (has_subset_links_ && (rule.deny || rule.is_subset)) add(box, at, plane_of_letter());
  if (rule.deny || !rule.is_subset) add(std::move(box), at);
}

}  // namespace polc::apparmor
