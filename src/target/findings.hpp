// What comes of a policy on one target: a verdict for everything that is not exact, and the set that the artefact permits.
// enforce.hpp finds it; the fidelity report, the ledger and judge() tell it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/meaning.hpp"
#include "target/backend.hpp"

namespace polc::target {

/// Is something open that should not be?
constexpr bool is_open(ir::Verdict verdict) { return verdict == ir::Verdict::wider || verdict == ir::Verdict::unmediated; }

/// One verdict other than exact, for one rule on one target, with an access on which artefact and policy differ; of the deny of an
/// act it may be a way instead, which both allow.
struct Finding {
  ir::RuleId rule;
  ir::Verdict verdict{};
  Feature because{};
  std::optional<ir::Point> witness;       // none only for `refused`
  std::optional<std::uint32_t> accepted;  // place in Policy::accepts that covers it
  std::string words = {};                 // the reason, where it is not the feature's
  bool is_way = false;                    // the witness may do what the deny names, and nothing tells whether it does
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

struct Outcome {
  eval::Meaning permitted;        // T: what the artefact will permit
  std::vector<Finding> findings;  // by rule, then verdict; one a rule and verdict
  std::vector<RawFinding> raw_findings = {};
  std::vector<ir::Box> unseen = {};      // what the target does not look at
  std::vector<std::string> notes = {};   // lines for the artefact's header
  std::uint64_t too_complex = 0;  // the steps that did not suffice: verdicts are unknown, nothing may be written; else 0
};

}  // namespace polc::target
