// What the parts of project_file share. Private to this backend.
#pragma once

#include "systrace/project.hpp"

namespace polc::systrace {

/// What fswrite's calls create.
inline constexpr FileTypes made_by_alias{FileType::file, FileType::dir, FileType::fifo};

target::Feature feature_of(FileVerb verb);
/// A box of the verb alone, with nothing said of owners, modes and the like.
ir::FileBox on(FileVerb verb, FileTypes types, const std::vector<sets::PathPattern>& places);
/// What of the box's qualifiers is not seen when all of the types `said` are meant.
std::vector<target::Feature> unseen(const ir::FileBox& box, FileTypes said, const PathTest& test);

/// In the how-to's style: is it said by fsread or fswrite?
bool rides_on_alias(FileVerb verb, FileTypes types);
target::Piece alias_piece(const ir::FileBox& wanted, const PathTest& test, const Asking& asking);

/// A test in each call that does the verb.
target::Piece path_piece(ir::FileBox wanted, const PathTest& test, const Asking& asking);
target::Piece exec_piece(ir::FileBox wanted, const PathTest& test, const Asking& asking);
/// May some path of the exec go on as something else by another rule? systrace takes the first rule of a path.
bool goes_on_otherwise(const ir::FileBox& wanted, const Asking& asking);

}  // namespace polc::systrace
