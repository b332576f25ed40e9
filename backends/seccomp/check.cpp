#include "seccomp/ruleset.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "diag/catalogue.hpp"
#include "knowledge/call_traits.hpp"
#include "knowledge/calls.hpp"

namespace polc::seccomp {
namespace {

void check_archs(const ir::Policy& policy, const target::Settings& settings, diag::Sink& sink) {
  std::string_view words = settings.at("arch");
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(','), words.size());
    const std::string word(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
    if (find_arch(word)) continue;
    const auto option = std::find_if(policy.options.begin(), policy.options.end(), [&](const ir::Option& o) {
      return o.target == "seccomp" && o.key == "arch" &&
             std::find(o.words.begin(), o.words.end(), word) != o.words.end();
    });
    const std::string known = fmt::format("it can be {}", fmt::join(arch_names, ", "));
    if (option == policy.options.end())
      sink.add_unlocated(diag::unknown_option_value, std::string("arch"), std::string("seccomp"), word).note(known);
    else
      sink.add(diag::unknown_option_value, option->range, std::string("arch"), std::string("seccomp"), word)
          .note(known);
  }
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
  check_archs(policy, settings, sink);
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
