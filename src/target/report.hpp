// The fidelity report: what each target enforces of each rule.
#pragma once

#include <span>
#include <string>

#include "diag/source.hpp"
#include "target/legalise.hpp"

namespace polc::target {

/// One policy on one target, for a report.
struct Reported {
  const ir::Policy* policy = nullptr;
  const Backend* backend = nullptr;
  const Legalised* legalised = nullptr;
};

/// One line: "systrace: tor: 25 rules: 17 exact, 8 wider (2 accepted); e.g. line 41 also permits `create ...`".
std::string summary_of(const Reported& reported, const diag::SourceMap& sources);
/// A line a rule and verdict, with reason and witness.
std::string table_of(std::span<const Reported> reported, const diag::SourceMap& sources);
/// {"version":1,"results":[{policy,target,rules:[{line,...,verdicts:[{verdict,reason,witness,accepted}]}]}]}
std::string json_of(std::span<const Reported> reported, const diag::SourceMap& sources);

}  // namespace polc::target
