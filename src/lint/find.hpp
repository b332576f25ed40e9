// Findings in one policy, from its meaning: which rule allows a danger, whatever the spelling that leads there.
#pragma once

#include <span>
#include <vector>

#include "lint/checks.hpp"
#include "lint/dangers.hpp"

namespace polc::lint {

/// A row of dangers(), lowered to one configuration: is any of these allows, less the denies, in the policy? Or all?
struct Asked {
  const diag::Kind<std::string>* kind = nullptr;
  std::vector<eval::Part> parts;
  Extent extent = Extent::some;
};

/// One finding for each check and rule, with the first access that shows it. The steps that did not suffice to see everything; else 0.
std::uint64_t find(const Subject& subject, std::vector<Asked> asked);

/// P4094: policies that claim one program.
void find_conflicting_attachments(std::span<const ir::Policy> policies, diag::Sink& sink);

}  // namespace polc::lint
