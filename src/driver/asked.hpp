// One access asked of every policy of a program: what `query` and `explain` share.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "driver/compile.hpp"

namespace polc::driver {

struct Asked {
  const ir::Policy* policy = nullptr;
  const eval::Meaning* meaning = nullptr;
  const TargetResult* target = nullptr;  // null: the meaning's own answer
  bool allowed = false;
  std::optional<ir::Point> point;  // a representative: the first that decides the answer; none: no access is named
  std::optional<ir::Point> refused = {};  // of what is allowed in part, which is no `allowed`: `point` is, and this is not
  std::optional<ir::Point> of_other_type = {};  // of what is not allowed, and names no type: an object of another type that is
};

/// What an access stands for: sets of accesses, each with the dimensions that its words leave out.
using AccessBoxes = std::vector<std::pair<ir::Box, ir::LeftOut>>;

struct AskedAll : std::vector<Asked> {
  Compilation compilation;  // what the pointers point into
};

/// One Asked a policy for the meaning and, with targets in the request, one for each artefact. nullopt: reported.
std::optional<AskedAll> ask(const sema::Program& program, const CompileRequest& request, const ast::Access& access,
                            Backends backends, const diag::SourceMap& sources, diag::Sink& sink);

/// The same of what was compiled already: one Asked for each artefact that was asked for, even if errors keep it from being written.
std::vector<Asked> ask_artefacts(const Compilation& compilation, const AccessBoxes& boxes, diag::Sink& sink);

/// The same of a policy's own set.
Asked ask_meaning(const ir::Policy& policy, const eval::Meaning& meaning, const AccessBoxes& boxes, diag::Sink& sink);

/// The policies of the one configuration that questions without a target are about: the targets' own system, else the
/// first platform's, else Linux. nullopt: reported.
std::optional<Configured> configure(const sema::Program& program, const CompileRequest& request, Backends backends, diag::Sink& sink);

/// The targets that the policies asked for deploy, in the backends' order; none: they deploy none. Mistakes go to `sink`.
std::vector<std::string> deployed(const sema::Program& program, const CompileRequest& request, Backends backends, diag::Sink& sink);

}  // namespace polc::driver
