// The OCI runtime's seccomp profile (config.json, linux.seccomp), as runc hands it to libseccomp: a default action and
// rules of names, an action and comparisons. All comparisons of a rule must hold; several rules of a call: one is
// enough. A comparison sees 64 bits, and a rule has one for each argument.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ir/access.hpp"
#include "seccomp/read.hpp"

namespace polc::seccomp {

/// The condition as alternatives that a profile can say, and those that it cannot.
struct OciAlternatives {
  std::vector<ir::Condition> said;  // conjunctions of tests, one an argument
  std::vector<ir::Condition> unsaid;
};
OciAlternatives oci_alternatives(const ir::Condition& condition);

target::Printed oci_text(const target::Member& policy);
target::Read read_oci(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings);

}  // namespace polc::seccomp
