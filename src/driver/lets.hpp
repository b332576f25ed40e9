// --let NAME=VALUE: a policy that is the same for many projects or files, compiled for one of them.
//   request.notes = let_values(loaded.program, {"workspace=/home/u/site"}, sources, sink)
#pragma once

#include <string>
#include <vector>

#include "diag/sink.hpp"
#include "sema/lower.hpp"

namespace polc::driver {

/// Each takes the place of the top-level `let` of that name in a file that the user named. VALUE is written as in a policy; one
/// that begins with `/` is a path as it stands, in which no character is a pattern, so that no folder's name opens more than it.
/// A name that there is not, one that is given twice and a value that is none are reported. Returns what was done, a note each for the
/// heads of artefacts.
std::vector<std::string> let_values(sema::Program& program, const std::vector<std::string>& given, diag::SourceMap& sources, diag::Sink& sink);

}  // namespace polc::driver
