#include <algorithm>

#include "systrace/project_parts.hpp"

namespace polc::systrace {
namespace {

using sets::PathPattern;
using target::Feature;
using target::Lack;
using target::Piece;
using target::Projection;

constexpr FileTypes nodes{FileType::chardev, FileType::blockdev, FileType::socket};
constexpr FileTypes devices{FileType::chardev, FileType::blockdev};

// ---- the calls themselves

/// Creating and truncating by open are only done by an open that also writes: appending is the least of it. It is given
/// as such, so that it does not come and go with another rule.
bool needs_append(FileVerb verb, std::string_view call) {
  return (verb == FileVerb::create && call == "open") || verb == FileVerb::truncate;
}

std::vector<ir::Box> path_meaning(const ir::FileBox& wanted, FileVerb verb, const std::vector<PathPattern>& places,
                                  const Asking& asking) {
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
void add_collateral(FileVerb verb, FileTypes types, const std::vector<PathPattern>& places, const Asking& asking,
                    std::vector<ir::Box>& out) {
  if (verb == FileVerb::append) out.emplace_back(on(FileVerb::create, {FileType::file}, places));
  if (verb != FileVerb::create || (types & nodes).empty() || !allows_unix_bind(asking.policy)) return;
  ir::NetBox bind;
  bind.verbs = {NetVerb::bind};
  bind.family = Family::unix_family;
  bind.any_unix_address = false;
  bind.paths = places;
  out.emplace_back(std::move(bind));
}

}  // namespace

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

namespace {

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
  if (asking.is_allow() && verb == FileVerb::create && (box.types & devices).empty() &&
      box.types.contains(FileType::socket)) {
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
  for (const std::string_view call : parts.whole)
    out.pieces.push_back(whole_piece(box, call, asking, {feature_of(verb)}));
  if (parts.by_path.types.empty()) return out;
  for (ir::FileBox one : one_successor_each(parts.by_path))
    for (const PathPattern& place : box.places) {
      one.places = {place};
      asking.is_allow() ? allow_place(one, asking, out) : deny_place(one, asking, out);
    }
  return out;
}

}  // namespace polc::systrace
