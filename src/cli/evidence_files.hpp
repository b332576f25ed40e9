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
  int command = 0;    // of a command that was watched: its status, as a shell has it
};
/// What a user says of logs: the first process's program, the name of their run.
struct LogWords {
  std::string program = {}, run = {};
};
EvidenceFiles read_evidence_files(const std::vector<std::string>& files, const LogWords& words, diag::Sink& sink);
/// What the command does, by running it. Its status is told on standard error. What `left_out`, a path, does is not told.
EvidenceFiles watch_command(const std::vector<std::string>& command, const LogWords& words, const std::string& keep, const std::string& left_out, diag::Sink& sink);

}  // namespace polc::cli
