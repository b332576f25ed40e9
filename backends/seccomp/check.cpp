#include "seccomp/ruleset.hpp"

#include "diag/catalogue.hpp"
#include "knowledge/call_traits.hpp"
#include "knowledge/calls.hpp"

namespace polc::seccomp {
namespace {

bool is_errno(const ir::Policy& policy, CallId call) {
  return ir::reaction_for(policy, "seccomp", ir::AccessClass::syscall, call).kind == ir::Reaction::Kind::deny;
}

void check_call(const ir::Policy& policy, CallId call, const diag::SourceRange& range, diag::Sink& sink) {
  if (!knowledge::cannot_fail(call) || !is_errno(policy, call)) return;
  const std::string name(knowledge::call_of(Os::linux_os, call).name);
  sink.add(diag::errno_for_infallible, range, name);
}

}  // namespace

void check(const ir::Policy& policy, diag::Sink& sink) {
  for (const ir::Default& one : policy.defaults)
    if (one.call && (one.target.empty() || one.target == "seccomp")) check_call(policy, *one.call, one.range, sink);
  // Only what a deny names: a policy that does not mention getpgrp is none the worse for it.
  for (const ir::Rule& rule : policy.rules)
    if (rule.effect == ir::Effect::deny)
      for (const ir::Box& box : rule.boxes)
        if (const auto* calls = std::get_if<ir::CallBox>(&box))
          for (const CallId call : calls->calls) check_call(policy, call, rule.origin.front(), sink);
}

}  // namespace polc::seccomp
