// One policy on one target: chosen, printed, read back and compared.
//   Enforced one = enforce(source, backend, settings);
//   one.printed.text is what to write; one.outcome.findings say how it differs from the policy
#pragma once

#include <memory>
#include <optional>

#include "target/findings.hpp"

namespace polc::target {

struct Enforced {
  Chosen chosen;
  Outcome outcome;
  Printed printed;                         // with the notes in its head
  std::shared_ptr<const Reading> reading;  // of the text before them; null: it was not read
  std::optional<ReadError> error;          // why the text cannot be read back
  std::optional<std::uint32_t> raw_error;  // place in Policy::raws of the text that cannot be read
  std::vector<diag::Diagnostic> diagnostics;
};

/// Never fails: what cannot be said is a finding, and what cannot be read is an error in the result. The policy must outlive it.
Enforced enforce(const Source& source, const Backend& backend, const Settings& settings);

/// From the parts of a meaning that may have been optimised. Origins and gaps name places of parts that are gone by then: for who
/// looks at findings, text and reading only.
Enforced enforce(const ir::Policy& policy, const eval::Meaning& meaning, const std::vector<eval::Part>& parts, const Backend& backend,
                 const Settings& settings, const diag::SourceMap& sources);

}  // namespace polc::target
