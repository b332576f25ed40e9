// The options of the target, as the policy and the command line give them.
#pragma once

#include <string>

namespace polc::landlock {

struct Options {
  unsigned abi = 6;
  bool by_launcher = false;  // the program is executed under the rule set
  std::string loader;        // the ELF interpreter; empty: the usual one
  bool proc_by_name = false;
};

}  // namespace polc::landlock
