// A policy that lets the program map the C library lets it start: then the calls that loader and libc make before main must
// be allowed, or be refused with an errno that they take for "not there".
#include <algorithm>

#include "diag/lint_catalogue.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/call_traits.hpp"
#include "knowledge/calls.hpp"
#include "lint/checks.hpp"

namespace polc::lint {
namespace {

// glibc 2.36 and musl 1.2, by strace of an empty program. rseq and set_robust_list may fail; a kill they do not survive.
constexpr std::string_view needed[] = {"mmap", "mprotect", "munmap", "brk", "close", "set_tid_address"};
constexpr std::string_view survived[] = {"rseq", "set_robust_list", "getrandom", "prlimit64"};

bool is_there(const Subject& subject, std::string_view name) {
  const auto call = knowledge::find_call(subject.os(), name);
  if (!call || !knowledge::number_of(subject.arch(), *call)) return true;
  return ask::shared(subject.meaning, ask::set_of({ask::whole_call(*call)}, subject.os()), subject.budget).has_value();
}

bool is_killed(const Subject& subject, std::string_view name) {
  const auto call = knowledge::find_call(subject.os(), name);
  return ir::reaction_for(subject.policy, "", ir::AccessClass::syscall, call).kind == ir::Reaction::Kind::kill;
}

}  // namespace

void find_loader_gaps(const Subject& subject) {
  if (subject.os() != Os::linux_os) return;
  // A policy of files alone leaves the calls to what they imply.
  const auto names_calls = [](const ir::Rule& rule) { return rule.effect == ir::Effect::allow && std::holds_alternative<ir::CallBox>(rule.boxes.front()); };
  if (!std::any_of(subject.policy.rules.begin(), subject.policy.rules.end(), [&](const ir::Rule& rule) { return !rule.boxes.empty() && names_calls(rule); })) return;
  const auto libc = ask::shared(subject.meaning, subject.set_of(R"(map "/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib64/libc.so.6" type file)"), subject.budget);
  if (!libc) return;
  for (const std::string_view name : needed)
    if (!is_there(subject, name)) add_at(subject, diag::loader_gap, *libc, std::string(name));
  for (const std::string_view name : survived)
    if (!is_there(subject, name) && is_killed(subject, name)) add_at(subject, diag::loader_gap, *libc, std::string(name));
}

}  // namespace polc::lint
