#include "seccomp/refusal.hpp"

#include "knowledge/call_traits.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"

namespace polc::seccomp {

Action Refusals::error(std::string_view name) const {
  return action::errno_base | static_cast<Action>(knowledge::find_errno(Os::linux_os, arch_, name).value_or(1));
}

Action Refusals::action_for(const ir::Reaction& reaction, bool looks_absent) const {
  if (choices_.options.only_logs) return action::log;
  switch (reaction.kind) {
    case ir::Reaction::Kind::kill: return action::kill_process;
    case ir::Reaction::Kind::log: return action::log;
    case ir::Reaction::Kind::hidden: return error("ENOSYS");
    case ir::Reaction::Kind::deny: break;
  }
  if (!reaction.error_name.empty()) return error(reaction.error_name);
  return error(looks_absent ? "ENOSYS" : "EPERM");
}

Action Refusals::of(CallId call) const {
  const ir::Reaction reaction = ir::reaction_for(*policy_, "seccomp", ir::AccessClass::syscall, call);
  // A call younger than the oldest kernel to serve: whoever makes it is prepared for its absence.
  const std::string_view since = knowledge::call_of(Os::linux_os, call).since;
  const bool younger = !choices_.options.kernel.empty() && knowledge::is_newer(since, choices_.options.kernel);
  return action_for(reaction, younger || knowledge::falls_back(call));
}

Action Refusals::unknown() const {
  return action_for(ir::reaction_for(*policy_, "seccomp", ir::AccessClass::syscall, std::nullopt), false);
}

Action Refusals::beyond() const {
  return action_for(ir::reaction_for(*policy_, "seccomp", ir::AccessClass::syscall, std::nullopt), true);
}

}  // namespace polc::seccomp
