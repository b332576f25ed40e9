// The calls that allows bring, as parts of their own: they are the same for whole groups of rules (language.md, section 1).
#pragma once

#include <vector>

#include "eval/meaning.hpp"

namespace polc::eval {

/// `parts`: the policy's rules, and what its denies close. A call is brought only by accesses that no deny takes; one that needs
/// several accesses, only where one object has all of them.
std::vector<Part> brought_calls(const ir::Policy& policy, const std::vector<Part>& parts);

/// Are its calls there by their own names? Else they do what the rules name.
bool names_calls(const ir::Policy& policy, const Part& part);

}  // namespace polc::eval
