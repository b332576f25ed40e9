// Two policies that claim one program: a loader takes one of them, and which is not written anywhere.
#include <map>

#include "diag/lint_catalogue.hpp"
#include "lint/find.hpp"

namespace polc::lint {

void find_conflicting_attachments(std::span<const ir::Policy> policies, diag::Sink& sink) {
  std::map<std::string, const ir::Policy*> owners;
  for (const ir::Policy& policy : policies)
    for (const std::string& program : policy.programs) {
      const auto [owner, is_first] = owners.emplace(program, &policy);
      if (!is_first && owner->second != &policy) sink.add(diag::conflicting_attachment, policy.range, program).note(owner->second->range, "the other policy");
    }
}

}  // namespace polc::lint
