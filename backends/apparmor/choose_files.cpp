// Files: a verb takes the letter that the kernel asks for, and the letters that one rule puts on one path share a line.
#include <algorithm>
#include <array>
#include <iterator>

#include "apparmor/choose.hpp"
#include "apparmor/grants.hpp"
#include "apparmor/links.hpp"

namespace polc::apparmor {
namespace {

using ir::Verdict;
using sets::PathPattern;
using target::Feature;
using Places = std::vector<PathPattern>;

bool names_a_link(const ir::Policy& policy, const PathPattern& place) { return find_link(place, policy) != nullptr; }

ir::FileBox with_places(const ir::FileBox& like, Places places) {
  ir::FileBox box;
  box.verbs = like.verbs;
  box.places = std::move(places);
  box.types = like.types;
  box.owners = like.owners;
  box.mode = like.mode;
  box.requests = like.requests;
  box.successors = like.successors;
  return box;
}

bool is_whole(const Wish& wish, const Places& places) {
  const auto* box = std::get_if<ir::FileBox>(&wish.part().box);
  return box != nullptr && box->places.size() == places.size();
}

}  // namespace

/// What one rule says of some paths.
struct FileChooser::Said {
  const ir::Box& part;  // of the wish
  Places places;        // with the real names of links
  FileTypes types;
  bool owner = false;
  Letters letters = 0;
  std::optional<ir::Successor> exec = {};
};

FileChooser::FileChooser(const ir::Policy& policy, bool is_open) : policy_(policy), is_open_(is_open) {
  for (std::uint32_t i = 0; i < policy.rules.size(); ++i)
    for (const ir::Box& box : policy.rules[i].boxes) note(policy.rules[i].effect, box, ir::RuleId{i});
}

// The optimiser may have united several rules.
void FileChooser::note(ir::Effect effect, const ir::Box& box, ir::RuleId rule) {
  const auto add_all = [&](const Places& places) {
    for (const auto& place : real(places)) {
      const auto [at, is_new] = named_by_.try_emplace({effect, place}, Naming{rule});
      if (!is_new) at->second.more.push_back(rule);
    }
  };
  if (const auto* file = std::get_if<ir::FileBox>(&box)) add_all(file->places);
  if (const auto* pair = std::get_if<ir::PairBox>(&box)) add_all(pair->from), add_all(pair->to);
}

Places FileChooser::real(const Places& places) const { return with_real_names(places, policy_); }

bool FileChooser::is_open_at(const Places& places, FileTypes types, Letters letters) const {
  return is_open_ || is_granted(policy_, real(places), types, letters);
}

// Groups keep a rule's lines apart in the order in which they are known: what names a link comes last, and where types matter the
// root before it, for its name says nothing of its type.
void FileChooser::add(const Wish& wish, const ir::FileBox& box, Ruleset& ruleset) {
  const FileVerb verb = only_verb(box.verbs);
  if (letters_of(verb) == 0) return;
  std::array<Places, 3> groups;
  auto& [rest, root, linked] = groups;
  const bool types_matter = !seen_types(box.types).is_all();
  for (const PathPattern& place : box.places) {
    const bool is_root = types_matter && place.components.empty();
    (is_root ? root : names_a_link(policy_, place) ? linked : rest).push_back(place);
  }
  for (Places& group : groups)
    if (!group.empty()) add_group(wish, with_places(box, std::move(group)), verb, ruleset);
}

void FileChooser::add_group(const Wish& wish, ir::FileBox box, FileVerb verb, Ruleset& ruleset) {
  if (verb == FileVerb::read && box.types.contains(FileType::symlink)) {
    // Symlinks are resolved before a name is looked up, and nobody looks at readlink.
    if (box.types == FileTypes{FileType::symlink}) return;
    if (!wish.is_allow()) {
      ir::FileBox links = box;
      links.types = {FileType::symlink};
      wish.gap(std::move(links), Verdict::unmediated, Feature::file_read);
      box.types.remove(FileType::symlink);
    }
  }
  if (!wish.is_allow()) return deny(wish, box, verb, ruleset);
  const Letters letters = letters_of(verb);
  Places names = real(box.places);
  if (names.size() != box.places.size()) {  // the name of a link gives the real one, too
    ir::FileBox behind = with_places(box, {});
    behind.verbs = verbs_of(letters);
    behind.types = seen_types(box.types);
    std::set_difference(names.begin(), names.end(), box.places.begin(), box.places.end(), std::back_inserter(behind.places));
    wish.gap(std::move(behind), Verdict::wider, Feature::path_literal);
  }
  if (verb == FileVerb::exec) return allow_exec(wish, box, ruleset);
  put(wish, {box, std::move(names), seen_types(box.types), is_owner_rule(box.owners), letters}, ruleset);
}

// The parser refuses a profile in which two rules for one path disagree about what a program becomes.
void FileChooser::allow_exec(const Wish& wish, const ir::FileBox& box, Ruleset& ruleset) {
  const std::vector<ir::Successor> every{ir::Successor{}};
  for (const ir::Successor& successor : box.successors.empty() ? every : box.successors) {
    ir::FileBox one = with_places(box, {}), conflicting = with_places(box, {});
    one.successors = conflicting.successors = {successor};
    for (const PathPattern& place : box.places) (exec_conflicts(policy_, place, successor) ? conflicting : one).places.push_back(place);
    if (!conflicting.places.empty()) wish.gap(std::move(conflicting), Verdict::narrower, Feature::successor_policy);
    if (one.places.empty()) continue;
    put(wish, {one, real(one.places), seen_types(one.types), is_owner_rule(one.owners), letter_x, successor}, ruleset);
  }
}

// A deny of what no rule grants needs no line.
void FileChooser::deny(const Wish& wish, const ir::FileBox& box, FileVerb verb, Ruleset& ruleset) {
  // To append is also part of `w`.
  const Letters granted_as = verb == FileVerb::append ? letter_w | letter_a : letters_of(verb);
  const FileTypes types = box.places == Places{PathPattern{}} ? FileTypes::all() : seen_types(box.types);
  ir::FileBox denied = with_places(box, {});
  for (const PathPattern& place : box.places)
    if (is_open_at({place}, types, granted_as)) denied.places.push_back(place);
  if (!denied.places.empty())
    put(wish, {denied, real(denied.places), seen_types(box.types), is_owner_rule(box.owners), letters_of(verb)}, ruleset);
}

// ---- renames and links

void FileChooser::add(const Wish& wish, const ir::PairBox& box, Ruleset& ruleset) {
  if (box.verbs.contains(FileVerb::link)) return add_link(wish, box, ruleset);
  if (wish.is_allow()) allow_rename(wish, box, ruleset);  // it cannot be refused by itself, only together with writing
}

void FileChooser::allow_rename(const Wish& wish, const ir::PairBox& box, Ruleset& ruleset) {
  const Places from = real(box.from), to = real(box.to);
  const FileTypes types = seen_types(box.types);
  const bool owner = is_owner_rule(box.owners);
  for (const auto& [names, verbs] : {std::pair{&from, verbs_of(letter_r | letter_w)}, std::pair{&to, verbs_of(letter_w)}}) {
    ir::FileBox more;
    more.verbs = verbs;
    more.places = *names;
    wish.gap(std::move(more), Verdict::wider, from != box.from || to != box.to ? Feature::path_literal : Feature::file_rename);
  }
  put(wish, {box, from, types, owner, letter_r | letter_w}, ruleset);
  put(wish, {box, to, types, owner, letter_w}, ruleset);
}

// Neither name ever ends in a slash here. That such names would match too costs nothing, while patterns that exclude
// them make the parser's automaton explode.
void FileChooser::add_link(const Wish& wish, const ir::PairBox& box, Ruleset& ruleset) {
  const Places from = real(box.from), to = real(box.to);
  if (from != box.from || to != box.to) {
    ir::PairBox more = box;
    more.from = from;
    more.to = to;
    wish.gap(std::move(more), Verdict::wider, Feature::path_literal);
  }
  const std::vector<std::string> old_names = path_texts(from, FileTypes::all());
  const RuleLine line = line_for(wish, box);
  for (const std::string& name : path_texts(to, FileTypes::all()))
    for (const std::string& old_name : old_names)
      ruleset.links.push_back({line, is_owner_rule(box.owners), name, old_name});
}

// ---- lines

void FileChooser::put(const Wish& wish, const Said& said, Ruleset& ruleset) {
  const auto* file = std::get_if<ir::FileBox>(&said.part);
  const std::vector<ir::RuleId> rules = file != nullptr && is_whole(wish, file->places) ? wish.part().rules : rules_behind(wish, said.part);
  struct Group {
    Places places;
    std::vector<ir::RuleId> rules;
  };
  std::map<ir::RuleId, Group> groups;
  std::vector<ir::RuleId> naming;
  for (const PathPattern& place : said.places) {
    const auto named = named_by_.find({wish.part().effect, place});
    Group& group = groups[named == named_by_.end() ? rules.front() : named->second.first];
    group.places.push_back(place);
    if (named == named_by_.end()) {
      group.rules.insert(group.rules.end(), rules.begin(), rules.end());
      continue;
    }
    group.rules.push_back(named->second.first);
    group.rules.insert(group.rules.end(), named->second.more.begin(), named->second.more.end());
    naming.insert(naming.end(), group.rules.begin(), group.rules.end());
  }
  const auto sort_unique = [](std::vector<ir::RuleId>& some) {
    std::sort(some.begin(), some.end());
    some.erase(std::unique(some.begin(), some.end()), some.end());
  };
  // A rule that names none of the places is one that the optimiser found to be part of the others.
  sort_unique(naming);
  std::vector<ir::RuleId> absorbed;
  std::set_difference(rules.begin(), rules.end(), naming.begin(), naming.end(), std::back_inserter(absorbed));
  for (auto& [rule, group] : groups) {
    target::Behind from{{wish.from}, absorbed};
    sort_unique(group.rules);
    std::set_intersection(rules.begin(), rules.end(), group.rules.begin(), group.rules.end(), std::back_inserter(from.rules));
    put({rule, wish.part().effect, std::move(from)}, group.places, said, ruleset);
  }
}

void FileChooser::put(RuleLine line, const Places& places, const Said& said, Ruleset& ruleset) {
  for (std::string& path : path_texts(places, said.types)) {
    const char key[] = {line.effect == ir::Effect::deny ? 'd' : 'a', said.owner ? 'o' : ' ', '\0'};
    std::string text = std::to_string(line.place.value) + key + path;
    auto at = by_path_.try_emplace(text, ruleset.files.size());
    // An exec mode shares its line with other letters, but not with another mode.
    const auto is_another = [&](const FileLine& other) { return said.exec && other.exec && other.exec != said.exec; };
    if (!at.second && is_another(ruleset.files[at.first->second]))
      at = by_path_.try_emplace(text + '\0' + said.exec->policy + static_cast<char>(said.exec->kind), ruleset.files.size());
    if (at.second) {
      ruleset.files.push_back({line, said.owner, std::move(path), said.letters, said.exec});
      continue;
    }
    FileLine& known = ruleset.files[at.first->second];
    known.letters |= said.letters;
    if (!known.exec) known.exec = said.exec;
    known.from.add(line.from);
  }
}

}  // namespace polc::apparmor
