// Evidence from files that a user named, as one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/outputs.hpp"
#include "diag/sink.hpp"
#include "learn/evidence.hpp"

namespace polc::cli {

struct EvidenceFiles {
  std::optional<learn::Evidence> merged;
  int status = done;  // where there is none: reported
};
EvidenceFiles read_evidence_files(const std::vector<std::string>& files, diag::Sink& sink);

}  // namespace polc::cli
