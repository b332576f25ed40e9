// How `polc run` ends when the command is not what ended: as env(1).
#pragma once

namespace polc::cli {

enum RunStatus : int {
  not_started = 125,     // a mistake of ours or of the policy, or of the system
  not_executable = 126,  // the command is there
  not_found = 127
};

}  // namespace polc::cli
