// Files: a test of the name in each call that does the verb, or in the how-to's style in one of two aliases.
#include <algorithm>

#include "systrace/choose.hpp"

namespace polc::systrace {
namespace {

using sets::PathPattern;
using target::Feature;

constexpr FileTypes nodes{FileType::chardev, FileType::blockdev, FileType::socket};
constexpr FileTypes devices{FileType::chardev, FileType::blockdev};
/// What fswrite's calls create.
constexpr FileTypes made_by_alias{FileType::file, FileType::dir, FileType::fifo};

/// In the how-to's style: is it said by fsread or fswrite?
bool rides_on_alias(FileVerb verb, FileTypes types) {
  switch (verb) {
    case FileVerb::read:
    case FileVerb::stat:
    case FileVerb::write:
    case FileVerb::append:
    case FileVerb::truncate:
    case FileVerb::remove: return true;
    case FileVerb::create: return !(types & made_by_alias).empty();
    default: return false;
  }
}

bool may_meet(const sets::Component& a, const sets::Component& b) {
  using Kind = sets::Component::Kind;
  if (a.kind == Kind::literal && b.kind == Kind::literal) return a.text == b.text;
  if (a.kind == Kind::glob && b.kind == Kind::glob) return true;
  return PathPattern{{a}}.matches("/" + b.text) || PathPattern{{b}}.matches("/" + a.text);
}

/// False only when no path lies in both, as far as their beginnings tell.
bool may_meet(const PathPattern& a, const PathPattern& b) {
  const auto repeats = [](const sets::Component& c) {
    return c.kind == sets::Component::Kind::any || c.kind == sets::Component::Kind::below;
  };
  const std::size_t count = std::min(a.components.size(), b.components.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (repeats(a.components[i]) || repeats(b.components[i])) return true;
    if (!may_meet(a.components[i], b.components[i])) return false;
  }
  if (a.components.size() == b.components.size()) return true;
  return repeats((a.components.size() > count ? a : b).components[count]);
}

/// Of a box with one or none.
ir::Successor::Kind successor_of(const ir::FileBox& box) {
  return box.successors.empty() ? ir::Successor::Kind::same : box.successors.front().kind;
}

std::string_view exec_word(const ir::FileBox& box) {
  switch (successor_of(box)) {
    case ir::Successor::Kind::same: return "inherit";
    case ir::Successor::Kind::unconfined: return "detach";
    case ir::Successor::Kind::policy: return "";
  }
  return "";
}

/// A successor a box: each takes another word behind `permit`.
std::vector<ir::FileBox> one_successor_each(const ir::FileBox& box) {
  if (!box.verbs.contains(FileVerb::exec) || box.successors.size() < 2) return {box};
  std::vector<ir::FileBox> result;
  for (const auto& successor : box.successors) {
    result.push_back(box);
    result.back().successors = {successor};
  }
  return result;
}

/// The types that only calls without a translator serve, and the rest.
struct Split {
  FileTypes by_path;
  std::vector<std::string_view> whole;
};
Split split(const ir::FileBox& box, Version version) {
  Split result;
  for (const PathCall& row : path_calls(only_verb(box.verbs), box.types))
    if (is_whole(row.call, version)) result.whole.push_back(row.call);
    else result.by_path = result.by_path | (row.types & box.types);
  // open still truncates by path where truncate() cannot be told apart.
  if (box.verbs.contains(FileVerb::truncate)) result.by_path = box.types;
  return result;
}

}  // namespace

void Chooser::add(const Wish& wish, const ir::FileBox& asked) {
  ir::FileBox box = asked;
  const FileVerb verb = only_verb(box.verbs);
  if (verb == FileVerb::xattr) return wish.gap(box, ir::Verdict::unmediated, Feature::file_xattr);
  // bind makes sockets; mknod is not opened for their sake alone.
  if (wish.is_allow() && verb == FileVerb::create && (box.types & devices).empty() && box.types.contains(FileType::socket)) {
    box.types = {FileType::socket};
    lack(wish, box, Feature::file_create);
    box.types = asked.types - box.types;
    if (box.types.empty()) return;
  }
  const Split parts = wish.is_allow() ? split(box, version_) : Split{box.types, {}};
  for (const std::string_view call : parts.whole) whole(wish, call, box);
  if (parts.by_path.empty()) return;
  std::vector<PathPattern> places = std::move(box.places);  // thousands, and each is said by itself
  box.places.clear();
  box.types = parts.by_path;
  for (ir::FileBox& one : one_successor_each(box))
    for (const PathPattern& place : places) {
      one.places = {place};
      wish.is_allow() ? allow_place(wish, one) : deny_place(wish, one);
    }
}

void Chooser::allow_place(const Wish& wish, const ir::FileBox& box) {
  const FileVerb verb = only_verb(box.verbs);
  const PathTest test = path_test(box.places.front(), settings_);
  if (!test.fits) return lack(wish, box, Feature::path_literal);
  if (howto_ && rides_on_alias(verb, box.types)) {
    by_alias(wish, box, test);
    ir::FileBox rest = box;
    rest.types = box.types - made_by_alias;
    // The aliases know neither symlink nor mknod; the how-to's style prints them only where a rule asks for just those.
    if (verb == FileVerb::create && !rest.types.empty()) lack(wish, rest, Feature::file_create);
    return;
  }
  if (verb == FileVerb::exec && goes_on_otherwise(box)) return wish.gap(box, ir::Verdict::refused, Feature::successor_policy);
  by_path(wish, box, test);
}

void Chooser::deny_place(const Wish& wish, const ir::FileBox& box) {
  const FileVerb verb = only_verb(box.verbs);
  const PathTest test = strict_test(box.places.front());
  if (!test.fits) return lack(wish, box, Feature::path_literal);
  ir::FileBox rest = box, open = box;
  open.types = {};
  box.types.for_each([&](FileType type) {
    if (is_open_anyway(policy_, verb, {type}, version_)) open.types.insert(type);
  });
  rest.types = box.types - open.types;
  if (!open.types.empty()) lack(wish, open, target::feature_of(verb));
  if (rest.types.empty()) return;
  if (!howto_ || !rides_on_alias(verb, rest.types)) return by_path(wish, rest, test);
  by_alias(wish, rest, test);
  rest.types = rest.types - made_by_alias;
  if (verb == FileVerb::create && !rest.types.empty()) by_path(wish, rest, test);
}

// A deny takes the path out of both: an alias knows no verbs.
void Chooser::by_alias(const Wish& wish, const ir::FileBox& box, const PathTest& test) {
  const FileVerb verb = only_verb(box.verbs);
  const bool reads = verb == FileVerb::read || verb == FileVerb::stat;
  const auto add_to = [&](std::string_view alias) {
    filter(alias, ir::AccessClass::file, {wish.part().effect, {{"filename", test.text}}, behind(wish, box)});
  };
  if (wish.is_allow()) note_of_alias(wish, verb, box);
  if (reads || !wish.is_allow()) add_to("fsread");
  if (!reads || !wish.is_allow()) add_to("fswrite");
}

// One word for several verbs.
void Chooser::note_of_alias(const Wish& wish, FileVerb verb, const ir::FileBox& box) {
  ir::FileBox others;
  others.verbs = {FileVerb::read, FileVerb::stat, FileVerb::write, FileVerb::append, FileVerb::truncate, FileVerb::remove, FileVerb::create};
  others.verbs.remove(verb);
  others.places = box.places;
  wish.gap(std::move(others), ir::Verdict::wider, target::feature_of(verb));
}

void Chooser::by_path(const Wish& wish, const ir::FileBox& box, const PathTest& test) {
  const FileVerb verb = only_verb(box.verbs);
  const auto named = [&](std::string_view argument) {
    Filter one{wish.part().effect, {{argument, test.text}}, behind(wish, box)};
    if (verb == FileVerb::exec && wish.is_allow()) one.word = exec_word(box);
    return one;
  };
  for (const PathCall& row : path_calls(verb, box.types)) {
    if (row.call == "open" || verb == FileVerb::truncate) by_open(wish, verb, box, test);
    // mknod is denied because of the socket that it could make; bind makes it too.
    if (!wish.is_allow() && row.call == "mknod" && allows_unix_bind(policy_)) filter("bind", ir::AccessClass::net, named("sockaddr"));
    if (row.call == "open" || is_whole(row.call, version_)) continue;
    filter(row.call, ir::AccessClass::file, named("filename"));
  }
}

void Chooser::by_open(const Wish& wish, FileVerb verb, const ir::FileBox& box, const PathTest& test) {
  if (!wish.is_allow()) {
    Filter one{wish.part().effect, {{"filename", test.text}, {"oflags", refused_flags(verb)}}, behind(wish, box)};
    return filter("open", ir::AccessClass::file, std::move(one));
  }
  opens_.add(verb, box.places.front(), test.text, behind(wish, box));
  note_appending(wish, verb, box);
}

// The open that creates or truncates also writes: that comes with the part.
void Chooser::note_appending(const Wish& wish, FileVerb verb, const ir::FileBox& box) {
  if (verb != FileVerb::create && verb != FileVerb::truncate) return;
  ir::FileBox appending = box;
  appending.verbs = {FileVerb::append};
  appending.types = FileTypes::all();
  appending.owners = {};
  wish.gap(std::move(appending), ir::Verdict::wider, target::feature_of(verb));
}

// systrace takes the first rule of a path: may some path of the exec go on as something else by another one?
bool Chooser::goes_on_otherwise(const ir::FileBox& wanted) const {
  for (const ir::Rule& rule : policy_.rules)
    for (const ir::Box& box : rule.boxes) {
      const auto* file = std::get_if<ir::FileBox>(&box);
      if (rule.effect != ir::Effect::allow || file == nullptr || !file->verbs.contains(FileVerb::exec)) continue;
      if (file->successors.size() < 2 && successor_of(*file) == successor_of(wanted)) continue;
      for (const PathPattern& place : file->places)
        if (may_meet(place, wanted.places.front())) return true;
    }
  return false;
}

void Chooser::add(const Wish& wish, const ir::PairBox& box) {
  const bool renames = box.verbs.contains(FileVerb::rename);
  const FileVerb verb = renames ? FileVerb::rename : FileVerb::link;
  const auto test = [&](const PathPattern& p) { return wish.is_allow() ? path_test(p, settings_) : strict_test(p); };
  const bool is_open = !wish.is_allow() && is_open_anyway(policy_, verb, FileTypes::all(), version_);
  for (const PathPattern& from : box.from)
    for (const PathPattern& to : box.to) {
      ir::PairBox one = box;
      one.from = {from}, one.to = {to};
      const PathTest old_name = test(from), new_name = test(to);
      if (is_open || !old_name.fits || !new_name.fits) {
        lack(wish, one, target::feature_of(verb));
        continue;
      }
      filter(renames ? "rename" : "link", ir::AccessClass::file,
             {wish.part().effect, {{"filename", old_name.text}, {"filename[1]", new_name.text}}, behind(wish, one)});
    }
}

}  // namespace polc::systrace
