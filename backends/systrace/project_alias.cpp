// The how-to's style: fsread and fswrite, each one alias for several calls and verbs.
#include "systrace/project_parts.hpp"
#include "target/points.hpp"

namespace polc::systrace {

using sets::PathPattern;
using target::Feature;
using target::Piece;

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
  if ((verb == FileVerb::create || verb == FileVerb::chmod) && box.mode != ir::all_mode_bits)
    result.push_back(Feature::qualifier_mode);
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

namespace {

// open(O_RDONLY | O_CREAT | O_TRUNC) is a read to systrace.
std::vector<ir::Box> alias_read_meaning(const std::vector<PathPattern>& places, const ir::Policy& policy) {
  std::vector<ir::Box> result{
      on(FileVerb::read, FileTypes::all(), places), on(FileVerb::stat, FileTypes::all(), places),
      on(FileVerb::create, {FileType::file}, places), on(FileVerb::truncate, FileTypes::all(), places)};
  for (const FileVerb verb : {FileVerb::read, FileVerb::create, FileVerb::truncate})
    add_open_calls(policy, verb, result);
  for (const std::string_view call : {"stat", "lstat", "access", "readlink"})
    result.push_back(whole_call_box(policy, call));
  return result;
}

// open(O_RDWR) is a write alone, so what is written can be read.
std::vector<ir::Box> alias_write_meaning(const std::vector<PathPattern>& places, const Asking& asking) {
  const bool translates = asking.version >= Version::v2006;
  const FileTypes made = translates ? made_by_alias : made_by_alias - FileTypes{FileType::fifo};
  std::vector<ir::Box> result{
      on(FileVerb::write, FileTypes::all(), places),
      on(FileVerb::append, FileTypes::all(), places),
      on(FileVerb::truncate, FileTypes::all(), places),
      on(FileVerb::remove, FileTypes::all(), places),
      on(FileVerb::create, made, places),
      on(FileVerb::read, FileTypes::all() - FileTypes{FileType::dir, FileType::symlink}, places)};
  for (const FileVerb verb : {FileVerb::write, FileVerb::append, FileVerb::create, FileVerb::truncate})
    add_open_calls(asking.policy, verb, result);
  for (const std::string_view call : {"unlink", "mkdir", "rmdir"})
    result.push_back(whole_call_box(asking.policy, call));
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

}  // namespace

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

}  // namespace polc::systrace
