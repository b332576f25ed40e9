// The fidelity report in one line; ledger.hpp has all of it.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "diag/source.hpp"
#include "target/ledger.hpp"
#include "target/witness_words.hpp"

namespace polc::target {

/// One policy on one target, for a report.
struct Reported {
  const ir::Policy* policy = nullptr;
  const Backend* backend = nullptr;
  const Outcome* outcome = nullptr;
  const eval::Meaning* meaning = nullptr;  // the policy's

  Sides sides() const { return {*meaning, {&outcome->permitted}}; }
};

/// One line: "systrace: tor: 25 rules: 17 exact, 8 wider (2 accepted); e.g. line 41 also permits `create ...`".
std::string summary_of(const Reported& reported, const diag::SourceMap& sources);
/// Its rules by what they amount to on this target alone; one may be counted on two sides.
std::array<std::size_t, standing_names.size()> totals_of(const Reported& reported);
/// What raw text changes: "permits `syscall mount` (accepted)", "adds `PrivateUsers=yes`"; none for most policies.
std::vector<std::string> raw_words(const Reported& reported);
/// What the target does not look at, in few words, each once: "files", "netlink sockets", "stat".
std::vector<std::string> unseen_by(const Reported& reported);

}  // namespace polc::target
