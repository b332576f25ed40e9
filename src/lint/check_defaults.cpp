// EPERM for every call that the policy does not know: libc takes it for an answer, and does not try the older way.
#include "diag/lint_catalogue.hpp"
#include "lint/checks.hpp"

namespace polc::lint {

void find_eperm_defaults(const Subject& subject) {
  if (subject.os() != Os::linux_os) return;
  for (const ir::Default& one : subject.policy.defaults) {
    const bool for_calls = !one.call && (!one.klass || *one.klass == ir::AccessClass::syscall);
    if (for_calls && one.reaction.kind == ir::Reaction::Kind::deny && one.reaction.error_name == "EPERM")
      subject.findings.add(diag::eperm_default, one.range);
  }
}

}  // namespace polc::lint
