#include "lint/everywhere.hpp"

#include <algorithm>

#include "diag/lint_catalogue.hpp"

namespace polc::lint {
namespace {

bool lies_in(diag::SourceRange inner, diag::SourceRange outer) {
  return inner.file == outer.file && outer.begin <= inner.begin && inner.end <= outer.end;
}

// Anywhere on the way from the statement to the policy.
bool stands_in(const Everywhere::Origin& rule, diag::SourceRange when) {
  return std::any_of(rule.begin(), rule.end(), [&](diag::SourceRange place) { return lies_in(place, when); });
}

}  // namespace

void Everywhere::found(const Origin& rule, diag::Diagnostic finding) {
  auto& [times, first] = counts_[rule.front()].found[finding.id];
  if (times++ == 0) first = std::move(finding);
}

bool Everywhere::is_in_force_with(const Origin& outer, const Origin& inner) const {
  return std::all_of(whens_.begin(), whens_.end(), [&](diag::SourceRange when) { return !stands_in(outer, when) || stands_in(inner, when); });
}

diag::SourceRange Everywhere::statement_of(const Origin& rule) const {
  const auto found = annotated_.find(rule.front());
  return found == annotated_.end() ? rule.front() : found->second;
}

void Everywhere::report(diag::Sink& sink) const {
  for (const auto& [statement, count] : counts_) {
    const auto dead = count.found.find(diag::dead_rule.id);
    const bool is_dead = dead != count.found.end() && dead->second.first == count.seen;
    for (const auto& [id, found] : count.found) {
      if (is_dead && id == diag::covered_rule.id) continue;  // of nothing, another rule says all
      if (found.first == count.seen) sink.add_diagnostic(found.second);
    }
  }
}

}  // namespace polc::lint
