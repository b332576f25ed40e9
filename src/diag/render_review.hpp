// Findings in the forms that editors and code review know. Well-formed whatever bytes a policy or a file name holds.
#pragma once

#include <span>
#include <string>

#include "diag/diagnostic.hpp"
#include "diag/source.hpp"

namespace polc::diag {

/// `FILE:LINE:COLUMN: warning: message [P4040]`, a line each.
std::string render_gcc(const SourceMap& sources, std::span<const Diagnostic> findings);

/// GitHub's workflow commands: `::error file=F,line=L,col=C,title=P4040::message`.
std::string render_github(const SourceMap& sources, std::span<const Diagnostic> findings);

/// JUnit's XML: each finding a test that failed.
std::string render_junit(const SourceMap& sources, std::span<const Diagnostic> findings);

/// What a reviewer decided to bear, and why.
struct Suppressed {
  Diagnostic finding;
  std::string reason;
};

/// SARIF 2.1.0. A fingerprint is of the check and the text of the lines, so that edits elsewhere do not change it.
std::string render_sarif(const SourceMap& sources, std::span<const Diagnostic> findings, std::span<const Suppressed> suppressed = {});

}  // namespace polc::diag
