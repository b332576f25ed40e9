// What the allow rules of a policy grant on paths, all together: a deny of what nothing grants needs no line; two exec rules may
// contradict each other.
#pragma once

#include <functional>

#include "apparmor/model.hpp"

namespace polc::apparmor {

/// One path that a rule of the policy opens.
struct Grant {
  const sets::PathPattern& place;
  FileTypes types;  // as a rule can tell them apart
  Letters letters = 0;
};
/// Returns false to stop.
using GrantVisitor = std::function<bool(const Grant&)>;
/// Every grant of the allow rules in their order, what their accesses bring along and real names behind links included.
void for_each_grant(const ir::Policy& policy, const GrantVisitor& visit);

/// Does an allow rule grant any of these letters on a path that lies in one of the patterns too?
bool is_granted(const ir::Policy& policy, const std::vector<sets::PathPattern>& places, FileTypes types,
                Letters letters);

/// Does an earlier exec rule of the policy lead elsewhere from a path that lies in this pattern too? The parser refuses
/// a profile in which two rules for one path disagree about what a program becomes.
bool exec_conflicts(const ir::Policy& policy, const sets::PathPattern& place, const ir::Successor& successor);

}  // namespace polc::apparmor
