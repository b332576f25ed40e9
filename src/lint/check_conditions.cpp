// A condition that says nothing: every set of arguments satisfies it, or none does.
#include "diag/lint_catalogue.hpp"
#include "lint/checks.hpp"

namespace polc::lint {
namespace {

void judge(const Subject& subject, const ir::Rule& rule, const ir::CallBox& box) {
  if (box.where.is_always() || box.calls.empty()) return;
  const eval::Meaning some = ask::set_of({ir::CallBox{{box.calls.front()}, box.where}}, subject.os());
  const eval::Meaning whole = ask::set_of({ask::whole_call(box.calls.front())}, subject.os());
  if (!ask::shared(some, whole, subject.budget)) add_at(subject.findings, diag::constant_condition, rule, "never");
  else if (!ask::missing(whole, some, subject.budget)) add_at(subject.findings, diag::constant_condition, rule, "always");
}

}  // namespace

void find_constant_conditions(const Subject& subject) {
  for (const ir::Rule& rule : subject.policy.rules)
    for (const ir::Box& box : rule.boxes)
      if (const auto* calls = std::get_if<ir::CallBox>(&box)) judge(subject, rule, *calls);
}

}  // namespace polc::lint
