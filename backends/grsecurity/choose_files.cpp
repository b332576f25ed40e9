// An allow puts letters on an object; a deny takes letters off one, or hides it when nothing else would be left. Our rules unite,
// a more specific object replaces: so each object gets the union of the letters of all rules that cover it, less those that a
// deny takes from it.
#include <algorithm>

#include "grsecurity/choose.hpp"
#include "target/blame.hpp"

namespace polc::grsecurity {
namespace {

using ir::Verdict;
using target::Feature;

/// The objects of all places; nullopt: one of them cannot be printed.
std::optional<std::vector<std::string>> objects_of(const std::vector<sets::PathPattern>& places) {
  std::vector<std::string> objects;
  for (const sets::PathPattern& place : places) {
    auto object = object_of(place);
    if (!object) return std::nullopt;
    if (std::find(objects.begin(), objects.end(), *object) == objects.end()) objects.push_back(*std::move(object));
  }
  return objects;
}

FileVerb only(FileVerbs verbs) {
  FileVerb verb{};
  verbs.for_each([&](FileVerb one) { verb = one; });
  return verb;
}

}  // namespace

// ---- what a part says

void ObjectChooser::put(const Wish& wish, const std::string& object, Claim::Kind kind, Letters letters) {
  tree_[object].push_back({kind, letters, wish.from, wish.part().rules});
}

// A part may unite rules about thousands of places.
void ObjectChooser::put(const Wish& wish, const ir::FileBox& at, const std::string& object, Claim::Kind kind, Letters letters) {
  const auto& rules = wish.part().rules;
  const bool is_whole = rules.size() < 2 || std::get<ir::FileBox>(wish.part().box).places.size() == 1;
  tree_[object].push_back({kind, letters, wish.from, is_whole ? rules : target::rules_behind(wish.source.policy, wish.source.meaning, rules, at)});
}

void ObjectChooser::add(const Wish& wish, const ir::FileBox& box) {
  if (wish.is_allow() && makes_any_socket(box)) return wish.gap(box, Verdict::narrower, Feature::address_unix);
  const FileVerb verb = only(box.verbs);
  const Letters letters = letters_for(verb);
  if (letters == 0) return wish.gap(box, Verdict::unmediated, target::feature_of(verb));
  ir::FileBox shape = box;
  shape.places.clear();  // thousands, and each object is for one
  for (const sets::PathPattern& place : box.places) {
    const auto object = object_of(place);
    const auto here = [&] {
      ir::FileBox part = shape;
      part.places = {place};
      return part;
    };
    if (!object) wish.gap(here(), wish.is_allow() ? Verdict::narrower : Verdict::refused, Feature::path_literal);
    else if (wish.is_allow()) put(wish, here(), *object, Claim::Kind::grant, letters);
    else if (grants_.anywhere(*object) != 0) deny_place(wish, here(), verb, *object);
  }
}

void ObjectChooser::deny_place(const Wish& wish, ir::FileBox box, FileVerb verb, const std::string& object) {
  const bool keeps_append = (grants_.above(object) & letter_a) != 0;
  const bool only_lists = verb == FileVerb::read && box.types == FileTypes{FileType::dir};
  const Letters letters = only_lists ? letter_seen : letters_against(verb, keeps_append);
  const Letters left = grants_.anywhere_by_rules(object) & ~(letters | grants_.denied_on(object));
  if (left == 0) return put(wish, box, object, Claim::Kind::hide, every_letter);
  if (letters == letter_seen)  // hiding it would take what other rules allow
    return wish.gap(std::move(box), Verdict::unmediated, target::feature_of(verb));
  put(wish, box, object, Claim::Kind::drop, letters);
  if (verb != FileVerb::read || !box.types.contains(FileType::dir)) return;
  box.types = {FileType::dir};
  wish.gap(std::move(box), Verdict::unmediated, Feature::file_read);
}

void ObjectChooser::add(const Wish& wish, const ir::PairBox& box) {
  const auto from = objects_of(box.from), to = objects_of(box.to);
  if (!from || !to) return wish.gap(box, wish.is_allow() ? Verdict::narrower : Verdict::refused, Feature::path_literal);
  if (wish.is_allow()) allow_pair(wish, only(box.verbs), *from, *to);
  else deny_pair(wish, only(box.verbs), *from, *to);
}

void ObjectChooser::allow_pair(const Wish& wish, FileVerb verb, const Objects& from, const Objects& to) {
  const Letters letters = letters_for(verb);
  for (const std::string& object : from) put(wish, object, Claim::Kind::grant, verb == FileVerb::link ? letter_seen : letters);
  for (const std::string& object : to) put(wish, object, Claim::Kind::grant, letters);
}

// A link is refused at its new name, a move at the old one.
void ObjectChooser::deny_pair(const Wish& wish, FileVerb verb, const Objects& from, const Objects& to) {
  const bool is_link = verb == FileVerb::link;
  const auto some_has = [&](const Objects& objects, Letters letters) {
    return std::any_of(objects.begin(), objects.end(), [&](const std::string& object) { return grants_.has_together(object, letters); });
  };
  const bool can_happen = is_link ? some_has(from, 0) && some_has(to, letter_l | letter_c)
                                  : some_has(from, letter_r | letter_w) && some_has(to, letter_r | letter_w);
  if (!can_happen) return;
  const Objects& at = is_link ? to : from;
  const bool keeps_append = std::all_of(at.begin(), at.end(), [&](const std::string& object) { return (grants_.above(object) & letter_a) != 0; });
  for (const std::string& object : at) put(wish, object, Claim::Kind::drop, letters_against(verb, keeps_append));
}

void ObjectChooser::add_unix(const Wish& wish, const ir::NetBox& box) {
  NetVerb verb{};
  box.verbs.for_each([&](NetVerb one) { verb = one; });
  const bool is_seen = verb == NetVerb::connect || verb == NetVerb::send || verb == NetVerb::bind;
  if (!is_seen) return wish.gap(box, Verdict::unmediated, Feature::address_unix);
  if (box.any_unix_address) {
    if (wish.is_allow()) return wish.gap(box, Verdict::narrower, Feature::address_unix);
    unix_place(wish, verb, "/");
    return wish.gap(box, Verdict::unmediated, Feature::address_abstract);
  }
  for (const sets::PathPattern& place : box.paths) {
    const auto object = object_of(place);
    if (object) {
      unix_place(wish, verb, *object);
      continue;
    }
    ir::NetBox here = box;
    here.paths = {place};
    here.abstracts.clear();
    wish.gap(std::move(here), wish.is_allow() ? Verdict::narrower : Verdict::refused, Feature::path_literal);
  }
  if (box.abstracts.empty()) return;
  ir::NetBox abstract = box;
  abstract.paths.clear();
  wish.gap(std::move(abstract), Verdict::unmediated, Feature::address_abstract);
}

void ObjectChooser::unix_place(const Wish& wish, NetVerb verb, const std::string& object) {
  const Letters letters = verb == NetVerb::bind ? letter_w | letter_c : letter_r | letter_w;
  if (wish.is_allow()) return put(wish, object, Claim::Kind::grant, letters);
  if (!grants_.has_together(object, letters)) return;
  const bool keeps_append = (grants_.above(object) & letter_a) != 0;
  put(wish, object, Claim::Kind::drop, letters_against(verb == NetVerb::bind ? FileVerb::create : FileVerb::write, keeps_append));
}

// ---- what an object says

/// All claims on an object and on those that cover it.
struct ObjectChooser::Said {
  Letters granted = 0, dropped = 0;
  bool is_covered = false;  // an allow rule speaks of it
  bool is_hidden = false;

  void add(const Claim& claim) {
    switch (claim.kind) {
      case Claim::Kind::grant: granted |= claim.letters, is_covered = true; break;
      case Claim::Kind::drop: dropped |= claim.letters; break;
      case Claim::Kind::hide: is_hidden = true; break;
    }
  }

  std::string mode() const {
    if (!is_covered || is_hidden) return "h";
    const Letters letters = granted & ~dropped;
    std::string mode;
    if (letters & letter_r) mode += 'r';
    if (letters & letter_w) mode += 'w';
    else if (letters & letter_a) mode += 'a';
    if (letters & letter_c) mode += 'c';
    if (letters & letter_d) mode += 'd';
    if (letters & letter_l) mode += 'l';
    if (letters & letter_x) mode += 'x';
    return mode;
  }
};

struct ObjectChooser::Open {
  std::string_view path;
  const std::vector<Claim>* claims;
  Said said;         // with what covers it
  std::string mode;  // as the target will have it
  std::size_t line;  // that says so
};

// A deny that found no letter to take has no part in the line, and what no rule covers is hidden without any.
Behind ObjectChooser::origin_of(const std::vector<Open>& open) {
  const Said& said = open.back().said;
  Behind from;
  if (!said.is_covered) return from;
  for (const Open& one : open)
    for (const Claim& claim : *one.claims)
      if (claim.kind != Claim::Kind::drop || (claim.letters & said.granted) != 0) from.add({{claim.from}, claim.rules});
  return from;
}

// What is left out because it says what its parent says is said by that one's line. A deny that hides what is hidden anyway took
// something only where a rule allows it.
void ObjectChooser::add_left_out(const std::vector<Open>& open, Behind& from) {
  const Said& said = open.back().said;
  if (!said.is_covered) return;
  for (const Open& one : open)
    for (const Claim& claim : *one.claims) {
      const bool is_deny = claim.kind != Claim::Kind::grant;
      const bool counts = is_deny ? (claim.letters & said.granted) != 0 : &one == &open.back() && !said.is_hidden;
      if (counts) from.add({{claim.from}, claim.rules});
    }
}

Subject ObjectChooser::subject_of(const std::string& path) const {
  Subject subject{path, {}, {}};
  std::vector<Open> open;
  const auto tree = with(path);
  for (const auto& [at, claims] : tree) {
    while (!open.empty() && !covers(open.back().path, at)) open.pop_back();
    const Open above = open.empty() ? Open{} : open.back();
    Open& here = open.emplace_back(Open{at, &claims, above.said, {}, above.line});
    for (const Claim& claim : claims) here.said.add(claim);
    if (at == path) here.said.add({Claim::Kind::grant, letter_r | letter_x, 0, {}});  // gradm adds it
    here.mode = here.said.mode();
    // An object that says what its parent says is left out, and so is the one that gradm adds by itself. Any other mode of the
    // subject's own file is printed, or gradm would put `rx` in the place of what it inherits.
    const bool is_own = at == path && here.mode == "rx";
    const bool is_redundant = at == path ? is_own : open.size() > 1 && above.mode == here.mode;
    if (is_own) add_left_out({here}, subject.from);
    else if (is_redundant) add_left_out(open, subject.objects[here.line].from);
    if (is_redundant) continue;
    here.line = subject.objects.size();
    subject.objects.push_back({at, here.mode, origin_of(open)});
  }
  subject.from.sort_unique();
  for (ObjectLine& line : subject.objects) line.from.sort_unique();
  return subject;
}

ObjectChooser::Tree ObjectChooser::with(const std::string& path) const {
  Tree tree = tree_;
  tree[path];
  return tree;
}

}  // namespace polc::grsecurity
