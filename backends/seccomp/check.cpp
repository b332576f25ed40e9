#include "seccomp/ruleset.hpp"

#include <algorithm>

#include "diag/catalogue.hpp"
#include "knowledge/call_traits.hpp"
#include "knowledge/calls.hpp"
#include "seccomp/choices.hpp"

namespace polc::seccomp {
namespace {

// A runtime starts the program of a profile by a call of its own choice.
void check_exec(const ir::Policy& policy, const target::Settings& settings, diag::Sink& sink) {
  if (settings.format != "oci" || options_of(settings).exec != Exec::descriptor) return;
  const auto option = std::find_if(policy.options.begin(), policy.options.end(), [](const ir::Option& o) { return o.target == "seccomp" && o.key == "exec"; });
  auto added = option == policy.options.end() ? sink.add_unlocated(diag::unknown_option_value, std::string("exec"), std::string("seccomp"), std::string("descriptor"))
                                              : sink.add(diag::unknown_option_value, option->range, std::string("exec"), std::string("seccomp"), std::string("descriptor"));
  added.note("of a profile (oci) it can be self, launcher");
}

bool is_errno(const ir::Policy& policy, CallId call) {
  return ir::reaction_for(policy, "seccomp", ir::AccessClass::syscall, call).kind == ir::Reaction::Kind::deny;
}

void check_call(const ir::Policy& policy, CallId call, const diag::SourceRange& range, diag::Sink& sink) {
  if (!knowledge::cannot_fail(call) || !is_errno(policy, call)) return;
  const std::string name(knowledge::call_of(Os::linux_os, call).name);
  sink.add(diag::errno_for_infallible, range, name);
}

}  // namespace

void check(const ir::Policy& policy, const target::Settings& settings, diag::Sink& sink) {
  check_exec(policy, settings, sink);
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
