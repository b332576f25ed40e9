// @allow_lint(P4040, "reason"): what it covers is no finding; one that covers nothing, or whose @until is past, is one.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "diag/render_review.hpp"
#include "diag/sink.hpp"
#include "lint/checks.hpp"
#include "syntax/ast.hpp"

namespace polc::lint {

struct Suppression {
  std::string id;
  std::string until;        // "2027-01-01"; empty: for ever
  std::string reason;
  diag::SourceRange range;  // the annotation
  diag::SourceRange scope;  // the rule, block or policy that it stands on
  bool is_judged = true;    // false: in an imported file, which serves other policies too
  std::vector<diag::SourceRange> all;  // what goes with it: an @until for this one alone, too
};

std::vector<Suppression> suppressions_of(const ast::File& file);

struct Chosen {
  std::vector<std::string> select = {};  // ids or their beginnings (P402); none: all
  std::vector<std::string> ignore = {};
  std::string today = {};                // "2026-11-23"; empty: nothing expires
  bool is_all = true;               // false: a configuration was not looked at, and may need a suppression that none else does
};

struct Findings {
  diag::Sink left;
  std::vector<diag::Suppressed> suppressed;
};

/// The findings that are chosen and not suppressed, and those about suppressions themselves. A finding is covered where
/// its rule stands and where the rule is used from.
Findings remaining(std::span<const diag::Diagnostic> findings, std::span<const Untested> untested,
                   std::span<const Suppression> suppressions, const Chosen& chosen);

}  // namespace polc::lint
