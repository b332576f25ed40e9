// `polc diff`: what two versions of a policy decide differently, of their meaning and on each target.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "diff/changes.hpp"
#include "driver/compile.hpp"
#include "driver/verify.hpp"

namespace polc::driver {

/// One policy, on one target or (target null) in its meaning. A policy that only one side has is all there is to say of it:
/// what it governed, or will govern, runs without it on the other side.
struct Compared {
  std::string name;
  const ir::Policy* before = nullptr;  // null: only the new file has it
  const ir::Policy* now = nullptr;     // null: only the old one
  const target::Backend* target = nullptr;
  std::vector<diff::Change> changes;
  std::vector<std::string> otherwise = {};  // artefacts: what shows in no access: how the rest is answered, directives
};
struct ComparedAll : std::vector<Compared> {
  std::deque<Configured> configured;      // what the pointers point into
  std::deque<Compilation> compilations;
};

/// The meanings first, then each target of the request. Policies are matched by name; where each side has just one, these.
/// Mistakes, and questions that need more than their steps, go to `sink`.
ComparedAll compare(const sema::Program& before, const sema::Program& now, const CompileRequest& request, Backends backends,
                    const diag::SourceMap& sources, diag::Sink& sink);

/// Two artefacts of the request's first target, made by polc or anyone: their readers do the work, and an artefact's lines
/// stand for rules.
ComparedAll compare_artefacts(const ArtefactFile& before, const ArtefactFile& now, const CompileRequest& request, Backends backends,
                              diag::SourceMap& sources, diag::Sink& sink);

/// Is anything newly allowed (gained; a policy that is gone, too) or newly denied (lost; a policy that is new, too)?
bool has(const ComparedAll& all, diff::Direction direction);

std::string text_of(const ComparedAll& all, const diag::SourceMap& sources);
std::string json_of(const ComparedAll& all, const diag::SourceMap& sources);      // docs/diff.md describes it
std::string markdown_of(const ComparedAll& all, const diag::SourceMap& sources);  // for a review comment

}  // namespace polc::driver
