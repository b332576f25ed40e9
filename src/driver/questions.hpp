// What people ask of a policy: does it hold what it promises, may a program do this, why, and is this file its artefact?
// Each answer is text for standard output and yes or no for the exit status; mistakes go to the sink.
#pragma once

#include <string>

#include "driver/compile.hpp"
#include "driver/verify.hpp"

namespace polc::driver {

struct Answer {
  std::string text;
  bool yes = true;  // allowed, every expectation holds, nothing differs
};

/// What `test` tells beside the verdicts; neither changes the answer.
struct TestExtras {
  bool coverage = false;  // the rules that no expectation names
  bool mutate = false;    // the mutants of each rule that no expectation notices
};

/// Every expectation, against the meaning and every target; without --variant once for each platform, without --target on
/// the policy's deploy set. Where there is none the meaning alone is asked, and that is said.
Answer test(const sema::Program& program, CompileRequest request, TestExtras extras, Backends backends,
            const diag::SourceMap& sources, diag::Sink& sink);

/// May the program do this? Asked as `expect allow` asks. With a target, of its artefact.
Answer query(const sema::Program& program, const CompileRequest& request, const ast::Access& access, Backends backends,
             const diag::SourceMap& sources, diag::Sink& sink);

/// The effective policy in words.
Answer explain_policy(const sema::Program& program, const CompileRequest& request, Backends backends,
                      const diag::SourceMap& sources, diag::Sink& sink);
/// Why an access is decided as it is: the rules, what brings it along, and each target's answer with its line.
Answer explain_access(const sema::Program& program, const CompileRequest& request, const ast::Access& access,
                      Backends backends, const diag::SourceMap& sources, diag::Sink& sink);

/// The artefact's line of this number, without the blanks before it; empty where the artefact is no text.
std::string_view artefact_line(std::string_view artefact, unsigned number);

/// Compares an artefact on disk, perhaps edited by hand, with what the policy's own would permit.
Answer verify(const sema::Program& program, const CompileRequest& request, const ArtefactFile& artefact, Backends backends,
              const diag::SourceMap& sources, diag::Sink& sink);

}  // namespace polc::driver
