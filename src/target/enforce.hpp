// One policy on one target whose reader is its only semantics: chosen, printed, read back and compared.
//   Enforced one = enforce(source, backend, settings);
//   one.printed.text is what to write; one.legalised.findings say how it differs from the policy
#pragma once

#include <memory>
#include <optional>

#include "target/legalise.hpp"

namespace polc::target {

struct Enforced {
  Chosen chosen;
  Legalised legalised;
  Printed printed;                         // with the notes in its head
  std::shared_ptr<const Reading> reading;  // of the text before them; null: it was not read
  std::optional<ReadError> error;          // why the text cannot be read back
  std::optional<std::uint32_t> raw_error;  // place in Policy::raws of the text that cannot be read
  std::vector<diag::Diagnostic> diagnostics;
};

/// Never fails: what cannot be said is a finding, and what cannot be read is an error in the result. The policy must outlive it.
Enforced enforce(const Source& source, const Backend& backend, const Settings& settings);

/// The reading as the verbs ask it; `printed` tells the lines of the finished text, where it is an own one.
std::unique_ptr<Reader> reader_of(std::shared_ptr<const Reading> reading, const Printed* printed = nullptr);

/// What a backend makes of one policy, whichever way it goes: for tests and benchmarks.
struct Made {
  Legalised legalised;
  Artifact artifact;
  ReadResult reader;
};
Made make(const ir::Policy& policy, const eval::Meaning& meaning, const std::vector<eval::Part>& parts, const Backend& backend,
          const Settings& settings, const diag::SourceMap& sources);

}  // namespace polc::target
