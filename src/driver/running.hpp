// What `polc run` needs to know of a policy before it starts a program under it: which policy, as which artefacts, and whether this
// kernel's Landlock is enough for them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "driver/compile.hpp"

namespace polc::driver {

/// --policy's, else the only one, else the one whose `program` is `path`. nullopt: there is none, or several, and that is reported.
/// `names_it`: whether it says that this is its program.
struct PolicyChoice {
  std::string name;
  bool names_it = false;
  std::optional<std::uint64_t> nofile = {};   // its limit of descriptors
  std::vector<std::string> deployed = {};     // besides, by somebody else
  bool is_trial = false;                      // `default log`
};
std::optional<PolicyChoice> policy_for(const sema::Program& program, const CompileRequest& request, const std::string& path, diag::Sink& sink);

struct RunRequest {
  unsigned abi = 0;               // of Landlock: the rules are for this one. 0: no Landlock
  bool filters = true;
  bool is_trial = false;
  std::uint32_t descriptor = 0;
};
/// The request for that policy on the targets that `polc run` puts in force; what the policy deploys besides is left out.
CompileRequest request_for(const CompileRequest& request, const std::string& policy, const RunRequest& run);

/// An access that the first set permits and the second does not, each taken together.
struct Opened {
  std::optional<ir::Point> witness = {};  // none: there is none, if that is certain
  bool is_certain = true;
};
Opened opened(const Compilation& set, const Compilation& than);
/// Does the whole set permit it?
bool permits(const Compilation& set, const ir::Point& point);
/// The result for a target of that name; null: there is none.
const TargetResult* result_of(const Compilation& set, std::string_view target);

}  // namespace polc::driver
