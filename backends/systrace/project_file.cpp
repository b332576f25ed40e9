#include <algorithm>

#include "systrace/project.hpp"
#include "target/points.hpp"

namespace polc::systrace {
namespace {

using sets::PathPattern;
using target::Feature;
using target::Lack;
using target::Piece;
using target::Projection;

constexpr FileTypes nodes{FileType::chardev, FileType::blockdev, FileType::socket};
constexpr FileTypes devices{FileType::chardev, FileType::blockdev};
constexpr FileTypes made_by_alias{FileType::file, FileType::dir, FileType::fifo};

Feature feature_of(FileVerb verb) {
  ir::FilePoint point;
  point.verb = verb;
  return target::feature_of(ir::Point(std::move(point)));
}

ir::FileBox on(FileVerb verb, FileTypes types, const std::vector<PathPattern>& places) {
  ir::FileBox box;
  box.verbs = {verb};
  box.types = types;
  box.places = places;
  return box;
}

/// What of the box's qualifiers is not seen.
std::vector<Feature> unseen(const ir::FileBox& box, FileTypes said, const PathTest& test) {
  std::vector<Feature> result;
  const FileVerb verb = only_verb(box.verbs);
  if (!test.is_exact) result.push_back(test.because);
  if (!box.types.includes(said)) result.push_back(Feature::qualifier_type);
  if (!box.owners.any) result.push_back(Feature::qualifier_owner);
  if ((verb == FileVerb::create || verb == FileVerb::chmod) && box.mode != ir::all_mode_bits) result.push_back(Feature::qualifier_mode);
  return result;
}

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

// ---- the aliases

// open(O_RDONLY | O_CREAT | O_TRUNC) is a read to systrace.
std::vector<ir::Box> alias_read_meaning(const std::vector<PathPattern>& places, const ir::Policy& policy) {
  std::vector<ir::Box> result{on(FileVerb::read, FileTypes::all(), places), on(FileVerb::stat, FileTypes::all(), places),
                              on(FileVerb::create, {FileType::file}, places), on(FileVerb::truncate, FileTypes::all(), places)};
  for (const FileVerb verb : {FileVerb::read, FileVerb::create, FileVerb::truncate}) add_open_calls(policy, verb, result);
  for (const std::string_view call : {"stat", "lstat", "access", "readlink"}) result.push_back(whole_call_box(policy, call));
  return result;
}

// open(O_RDWR) is a write alone, so what is written can be read.
std::vector<ir::Box> alias_write_meaning(const std::vector<PathPattern>& places, const Asking& asking) {
  const bool translates = asking.version >= Version::v2006;
  const FileTypes made = translates ? made_by_alias : made_by_alias - FileTypes{FileType::fifo};
  std::vector<ir::Box> result{
      on(FileVerb::write, FileTypes::all(), places),  on(FileVerb::append, FileTypes::all(), places),
      on(FileVerb::truncate, FileTypes::all(), places), on(FileVerb::remove, FileTypes::all(), places),
      on(FileVerb::create, made, places),
      on(FileVerb::read, FileTypes::all() - FileTypes{FileType::dir, FileType::symlink}, places)};
  for (const FileVerb verb : {FileVerb::write, FileVerb::append, FileVerb::create, FileVerb::truncate})
    add_open_calls(asking.policy, verb, result);
  for (const std::string_view call : {"unlink", "mkdir", "rmdir"}) result.push_back(whole_call_box(asking.policy, call));
  for (const std::string_view call : {"truncate", "mkfifo"})
    if (translates) result.push_back(whole_call_box(asking.policy, call));
  return result;
}

// In the how-to's style a path can only be taken out as a whole: an alias knows no verbs.
std::vector<ir::Box> alias_refusal(const std::vector<PathPattern>& places, const Asking& asking) {
  std::vector<ir::Box> result;
  FileVerbs::all().for_each([&](FileVerb verb) {
    FileTypes::all().for_each([&](FileType type) {
      const bool covered = rides_on_alias(verb, {type}) && !is_open_anyway(asking.policy, verb, {type}, asking.version);
      if (covered) result.emplace_back(on(verb, {type}, places));
    });
  });
  return result;
}

Piece alias_piece(const ir::FileBox& wanted, const PathTest& test, const Asking& asking) {
  const FileVerb verb = only_verb(wanted.verbs);
  Piece piece{wanted, {}, 0, unseen(wanted, FileTypes::all(), test)};
  piece.because.push_back(feature_of(verb));
  if (!asking.is_allow()) {
    piece.meaning = alias_refusal(test.meaning, asking);
    piece.form = number_of(Form::alias_both);
  } else if (verb == FileVerb::read || verb == FileVerb::stat) {
    piece.meaning = alias_read_meaning(test.meaning, asking.policy);
    piece.form = number_of(Form::alias_read);
  } else {
    piece.meaning = alias_write_meaning(test.meaning, asking);
    piece.form = number_of(Form::alias_write);
  }
  return piece;
}

// ---- the calls themselves

/// Creating and truncating by open are only done by an open that also writes: appending is the least of it. It is given as
/// such, so that it does not come and go with another rule.
bool needs_append(FileVerb verb, std::string_view call) {
  return (verb == FileVerb::create && call == "open") || verb == FileVerb::truncate;
}

std::vector<ir::Box> path_meaning(const ir::FileBox& wanted, FileVerb verb, const std::vector<PathPattern>& places, const Asking& asking) {
  std::vector<ir::Box> result;
  for (const PathCall& row : path_calls(verb, wanted.types)) {
    const bool whole = is_whole(row.call, asking.version);
    // Without a translator for truncate(), an open that truncates is still told by its path.
    // A whole call that still stands here when refusing is one that nothing permits.
    if (whole && asking.is_allow() && verb != FileVerb::truncate) continue;
    ir::FileBox box = on(verb, row.types, places);
    if (verb == FileVerb::exec) box.successors = wanted.successors;
    result.emplace_back(std::move(box));
    if (!asking.is_allow()) continue;
    if (row.call == "open" || verb == FileVerb::truncate) add_open_calls(asking.policy, verb, result);
    if (row.call != "open" && !whole) result.push_back(whole_call_box(asking.policy, row.call));
    if (!needs_append(verb, row.call)) continue;
    result.emplace_back(on(FileVerb::append, FileTypes::all(), places));
    add_open_calls(asking.policy, FileVerb::append, result);
  }
  return result;
}

/// What is refused besides the verb itself, because the calls cannot be told apart.
void add_collateral(FileVerb verb, FileTypes types, const std::vector<PathPattern>& places, const Asking& asking, std::vector<ir::Box>& out) {
  if (verb == FileVerb::append) out.emplace_back(on(FileVerb::create, {FileType::file}, places));
  if (verb != FileVerb::create || (types & nodes).empty() || !allows_unix_bind(asking.policy)) return;
  ir::NetBox bind;
  bind.verbs = {NetVerb::bind};
  bind.family = Family::unix_family;
  bind.any_unix_address = false;
  bind.paths = places;
  out.emplace_back(std::move(bind));
}

Piece path_piece(ir::FileBox wanted, const PathTest& test, const Asking& asking) {
  const FileVerb verb = only_verb(wanted.verbs);
  FileTypes said;
  for (const PathCall& row : path_calls(verb, wanted.types)) said = said | row.types;
  Piece piece{wanted, {}, number_of(Form::by_path), unseen(wanted, said, test)};
  if (!asking.is_allow()) wanted.successors.clear();
  piece.meaning = path_meaning(wanted, verb, test.meaning, asking);
  if (!asking.is_allow()) add_collateral(verb, wanted.types, test.meaning, asking, piece.meaning);
  piece.because.push_back(feature_of(verb));
  return piece;
}

// systrace chooses the next policy by the new image's path: any policy may follow.
std::vector<ir::Successor> every_policy(const ir::Policy& policy) {
  std::vector<ir::Successor> result;
  for (const ir::Rule& rule : policy.rules)
    for (const ir::Box& box : rule.boxes)
      if (const auto* file = std::get_if<ir::FileBox>(&box))
        for (const auto& successor : file->successors)
          if (successor.kind == ir::Successor::Kind::policy) result.push_back(successor);
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

Piece exec_piece(ir::FileBox wanted, const PathTest& test, const Asking& asking) {
  const bool to_policy = !wanted.successors.empty() && wanted.successors.front().kind == ir::Successor::Kind::policy;
  if (asking.is_allow() && wanted.successors.empty()) wanted.successors = {ir::Successor{}};
  Piece piece = path_piece(wanted, test, asking);
  if (!asking.is_allow() || !to_policy) return piece;
  for (ir::Box& box : piece.meaning)
    if (auto* file = std::get_if<ir::FileBox>(&box)) file->successors = every_policy(asking.policy);
  piece.because.insert(piece.because.begin(), Feature::successor_policy);
  return piece;
}

bool may_meet(const sets::Component& a, const sets::Component& b) {
  using Kind = sets::Component::Kind;
  if (a.kind == Kind::literal && b.kind == Kind::literal) return a.text == b.text;
  if (a.kind == Kind::glob && b.kind == Kind::glob) return true;
  return PathPattern{{a}}.matches("/" + b.text) || PathPattern{{b}}.matches("/" + a.text);
}

/// False only when no path lies in both, as far as their beginnings tell.
bool may_meet(const PathPattern& a, const PathPattern& b) {
  const auto repeats = [](const sets::Component& c) { return c.kind == sets::Component::Kind::any || c.kind == sets::Component::Kind::below; };
  const std::size_t count = std::min(a.components.size(), b.components.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (repeats(a.components[i]) || repeats(b.components[i])) return true;
    if (!may_meet(a.components[i], b.components[i])) return false;
  }
  if (a.components.size() == b.components.size()) return true;
  return repeats((a.components.size() > count ? a : b).components[count]);
}

/// systrace takes the first rule of a path, so a path can go on in one way only.
bool goes_on_otherwise(const ir::FileBox& wanted, const Asking& asking) {
  const auto kind_of = [](const ir::FileBox& box) { return box.successors.empty() ? ir::Successor::Kind::same : box.successors.front().kind; };
  for (const ir::Rule& rule : asking.policy.rules)
    for (const ir::Box& box : rule.boxes) {
      const auto* file = std::get_if<ir::FileBox>(&box);
      if (rule.effect != ir::Effect::allow || file == nullptr || !file->verbs.contains(FileVerb::exec)) continue;
      if (kind_of(*file) == kind_of(wanted) && file->successors.size() < 2) continue;
      for (const PathPattern& place : file->places)
        if (may_meet(place, wanted.places.front())) return true;
    }
  return false;
}

// ---- which of them

void lack(const ir::FileBox& part, Feature because, const Asking& asking, Projection& out) {
  out.lacks.push_back({part, asking.is_allow() ? ir::Verdict::narrower : ir::Verdict::unmediated, because});
}

/// The types that only calls without a translator serve, and the rest.
struct Split {
  ir::FileBox by_path;
  std::vector<std::string_view> whole;
};
Split split(const ir::FileBox& box, Version version) {
  Split result{box, {}};
  FileTypes kept;
  for (const PathCall& row : path_calls(only_verb(box.verbs), box.types))
    if (is_whole(row.call, version)) result.whole.push_back(row.call);
    else kept = kept | (row.types & box.types);
  // open still truncates by path where truncate() cannot be told apart.
  if (!box.verbs.contains(FileVerb::truncate)) result.by_path.types = kept;
  return result;
}

void allow_place(const ir::FileBox& box, const Asking& asking, Projection& out) {
  const FileVerb verb = only_verb(box.verbs);
  const PathTest test = path_test(box.places.front(), asking.settings);
  ir::FileBox rest = box;
  if (!test.fits) return lack(box, Feature::path_literal, asking, out);
  if (is_howto(asking.settings) && rides_on_alias(verb, box.types)) {
    if (verb == FileVerb::create) rest.types = box.types & made_by_alias;
    out.pieces.push_back(alias_piece(rest, test, asking));
    if (verb != FileVerb::create || (box.types - made_by_alias).empty()) return;
    rest.types = box.types - made_by_alias;
    // The aliases know neither symlink nor mknod; the how-to's style prints them only where a rule asks for just those.
    return lack(rest, Feature::file_create, asking, out);
  }
  if (verb == FileVerb::exec && goes_on_otherwise(box, asking)) {
    out.lacks.push_back({box, ir::Verdict::refused, Feature::successor_policy});
    return;
  }
  out.pieces.push_back(verb == FileVerb::exec ? exec_piece(rest, test, asking) : path_piece(rest, test, asking));
}

void deny_place(const ir::FileBox& box, const Asking& asking, Projection& out) {
  const FileVerb verb = only_verb(box.verbs);
  const PathTest test = strict_test(box.places.front());
  if (!test.fits) return lack(box, Feature::path_literal, asking, out);
  ir::FileBox rest = box;
  FileTypes open_anyway;
  box.types.for_each([&](FileType type) {
    if (is_open_anyway(asking.policy, verb, {type}, asking.version)) open_anyway.insert(type);
  });
  rest.types = box.types - open_anyway;
  if (!open_anyway.empty()) {
    ir::FileBox part = box;
    part.types = open_anyway;
    lack(part, feature_of(verb), asking, out);
  }
  if (rest.types.empty()) return;
  if (!is_howto(asking.settings) || !rides_on_alias(verb, rest.types)) {
    out.pieces.push_back(path_piece(rest, test, asking));
    return;
  }
  out.pieces.push_back(alias_piece(rest, test, asking));
  rest.types = rest.types - made_by_alias;
  if (verb == FileVerb::create && !rest.types.empty()) out.pieces.push_back(path_piece(rest, test, asking));
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

}  // namespace

Projection project_file(const ir::FileBox& asked, const Asking& asking) {
  Projection out;
  ir::FileBox box = asked;
  const FileVerb verb = only_verb(box.verbs);
  // bind makes sockets; mknod is not opened for their sake alone.
  if (asking.is_allow() && verb == FileVerb::create && (box.types & devices).empty() && box.types.contains(FileType::socket)) {
    box.types = {FileType::socket};
    lack(box, Feature::file_create, asking, out);
    box.types = asked.types - box.types;
    if (box.types.empty()) return out;
  }
  if (verb == FileVerb::xattr) {
    out.lacks.push_back({box, ir::Verdict::unmediated, Feature::file_xattr});
    return out;
  }
  const Split parts = asking.is_allow() ? split(box, asking.version) : Split{box, {}};
  for (const std::string_view call : parts.whole) out.pieces.push_back(whole_piece(box, call, asking, {feature_of(verb)}));
  if (parts.by_path.types.empty()) return out;
  for (ir::FileBox one : one_successor_each(parts.by_path))
    for (const PathPattern& place : box.places) {
      one.places = {place};
      asking.is_allow() ? allow_place(one, asking, out) : deny_place(one, asking, out);
    }
  return out;
}

Projection project_pair(const ir::PairBox& box, const Asking& asking) {
  Projection out;
  const bool renames = box.verbs.contains(FileVerb::rename);
  const FileVerb verb = renames ? FileVerb::rename : FileVerb::link;
  for (const PathPattern& from : box.from)
    for (const PathPattern& to : box.to) {
      ir::PairBox one = box;
      one.from = {from}, one.to = {to};
      const auto test = [&](const PathPattern& p) { return asking.is_allow() ? path_test(p, asking.settings) : strict_test(p); };
      const PathTest old_name = test(from), new_name = test(to);
      if (!old_name.fits || !new_name.fits || (!asking.is_allow() && is_open_anyway(asking.policy, verb, FileTypes::all(), asking.version))) {
        out.lacks.push_back({one, asking.is_allow() ? ir::Verdict::narrower : ir::Verdict::unmediated, feature_of(verb)});
        continue;
      }
      Piece piece{one, {}, number_of(Form::by_two_paths), {}};
      ir::PairBox meaning;
      meaning.verbs = box.verbs, meaning.from = old_name.meaning, meaning.to = new_name.meaning;
      piece.meaning.emplace_back(std::move(meaning));
      if (asking.is_allow()) piece.meaning.push_back(whole_call_box(asking.policy, renames ? "rename" : "link"));
      if (!old_name.is_exact || !new_name.is_exact) piece.because.push_back(old_name.is_exact ? new_name.because : old_name.because);
      if (!box.types.is_all()) piece.because.push_back(Feature::qualifier_type);
      if (!box.owners.any) piece.because.push_back(Feature::qualifier_owner);
      out.pieces.push_back(std::move(piece));
    }
  return out;
}

}  // namespace polc::systrace
