// From a policy to what one target can print, with a verdict for everything that is not exact.
//   Legalised result = legalise(policy, meaning, optimised_parts, backend, settings);
//   result.policy goes to backend.emit; result.findings to the fidelity report and to judge().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/compare.hpp"
#include "eval/meaning.hpp"
#include "target/backend.hpp"

namespace polc::target {

/// One verdict other than exact, for one rule on one target, with an access on which artefact and policy differ.
struct Finding {
  ir::RuleId rule;
  ir::Verdict verdict{};
  Feature because{};
  std::optional<ir::Point> witness;       // none only for `refused`
  std::optional<std::uint32_t> accepted;  // place in Policy::accepts that covers it
};

/// What raw text changes, against the policy.
struct RawFinding {
  enum class Kind : std::uint8_t {
    opens,     // the witness, which the policy does not allow
    closes,    // the witness, which the policy allows
    replaces,  // directives of ours by others
    adds,      // a directive that shows in no access: told, and no error
  };
  std::uint32_t raw = 0;  // place in Policy::raws
  Kind kind{};
  std::optional<ir::Point> witness = {};
  std::string replaced = {}, by = {};
  std::optional<std::uint32_t> accepted = {};  // place in Policy::accepts that covers it
};

struct Legalised {
  LegalPolicy policy;             // of a backend that still declares; else empty
  eval::Meaning permitted;        // T: what the artefact will permit
  std::vector<Finding> findings;  // by rule, then verdict; one a rule and verdict
  std::vector<RawFinding> raw_findings = {};
  std::vector<ir::Box> unseen = {};      // what the target does not look at
  std::vector<std::string> notes = {};   // lines for the artefact's header
  bool too_complex = false;       // the budget ran out: verdicts are unknown, nothing may be written
};

/// Never fails: what cannot be said is a finding. `policy` must outlive the result. `parts` say the same as the meaning's
/// own, perhaps in fewer words; verdicts are against `meaning`.
Legalised legalise(const ir::Policy& policy, const eval::Meaning& meaning, const std::vector<eval::Part>& parts,
                   const Backend& backend, const Settings& settings);
/// With the meaning's own parts.
Legalised legalise(const ir::Policy& policy, const eval::Meaning& meaning, const Backend& backend, const Settings& settings);

}  // namespace polc::target
