#include "lint/checks.hpp"

namespace polc::lint {
namespace {

constexpr Check table[] = {
    find_names_of_links,   find_missing_siblings, find_multiplexers,    find_loader_gaps,
    find_eperm_defaults,   find_truncated_tests,  find_constant_conditions, find_capability_gaps,
    find_escape_chains,    find_dead_rules,       find_covered_rules,
};

}  // namespace

std::span<const Check> checks() { return table; }

diag::Added add_at(diag::Sink& sink, const diag::Kind<std::string>& kind, const ir::Rule& rule, std::string text) {
  auto added = sink.add(kind, rule.origin.front(), std::move(text));
  for (std::size_t i = 1; i < rule.origin.size(); ++i) added.note(rule.origin[i], "used from here", diag::NoteKind::used_here);
  return added;
}

diag::Added add_at(const Subject& subject, const diag::Kind<std::string>& kind, const ir::Point& allowed, std::string text) {
  const eval::Decision decision = eval::decide(subject.meaning, allowed);
  if (decision.rules.empty()) return subject.findings.add(kind, subject.policy.range, std::move(text));
  return add_at(subject.findings, kind, subject.policy.rules[decision.rules.front().value], std::move(text));
}

}  // namespace polc::lint
