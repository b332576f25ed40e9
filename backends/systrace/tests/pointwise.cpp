#include "pointwise.hpp"

#include <algorithm>

#include "pointwise_events.hpp"

namespace polc::systrace::pointwise {
namespace {

const Argument* find_argument(const Expression& test, const Event& event) {
  unsigned seen = 0;
  for (const Argument& argument : event.arguments)
    if (argument.name == test.argument && seen++ == test.index) return &argument;
  return nullptr;
}

Truth truth_of(const Expression& test, const Event& event) {
  const Argument* argument = find_argument(test, event);
  // Without the argument every test fails, the negative ones too.
  if (argument == nullptr) return Truth::no;
  if (argument->any) return Truth::maybe;
  return syntax::test_holds(test, argument->text) ? Truth::yes : Truth::no;
}

std::string_view alias_of(const Event& event, unsigned year) {
  bool only_reads = false;
  for (const Argument& argument : event.arguments) only_reads |= argument.name == "oflags" && argument.text.starts_with("ro");
  return syntax::alias_of(event.call, only_reads, year);
}

// A bare rule beats all filters wherever it stands; the last of several counts. Then the call's filters, then those of
// its alias, which `ask` leaves it to. A rule that may match permits, and does not refuse: then there is an argument with which
// the call succeeds.
Decision decide_event(const PolicyText& policy, const Event& event, unsigned year) {
  if (policy.detached != 0) return {true, nullptr};
  const Rule* table = nullptr;
  for (const Rule& rule : policy.rules)
    if (rule.simple && !rule.has_predicate && rule.call == event.call) table = &rule;
  if (table != nullptr) return {table->action == Action::permit, table};
  for (const std::string_view name : {std::string_view(event.call), alias_of(event, year)})
    for (const Rule& rule : policy.rules) {
      if (name.empty() || rule.call != name) continue;
      const Truth truth = evaluate(rule.condition, event);
      const bool surely = truth == Truth::yes && !rule.has_predicate;
      if (truth == Truth::no || (rule.action != Action::permit && !surely)) continue;
      if (rule.action == Action::ask) break;
      return {rule.action == Action::permit, &rule};
    }
  return {};
}

bool is_successor(const Rule& rule, const ir::Successor& successor) {
  switch (successor.kind) {
    case ir::Successor::Kind::same: return rule.word == "inherit";
    case ir::Successor::Kind::unconfined: return rule.word == "detach";
    case ir::Successor::Kind::policy: return rule.word.empty();
  }
  return false;
}

}  // namespace

Truth evaluate(const Expression& expression, const Event& event) {
  using Kind = Expression::Kind;
  switch (expression.kind) {
    case Kind::always: return Truth::yes;
    case Kind::test: return truth_of(expression, event);
    case Kind::negation: {
      const Truth inner = evaluate(expression.terms[0], event);
      return inner == Truth::maybe ? inner : inner == Truth::yes ? Truth::no : Truth::yes;
    }
    case Kind::both: return std::min(evaluate(expression.terms[0], event), evaluate(expression.terms[1], event));
    case Kind::either: return std::max(evaluate(expression.terms[0], event), evaluate(expression.terms[1], event));
  }
  return Truth::no;
}

Decision decide(const File& file, const Dialect& dialect, const ir::Point& point) {
  const auto events = events_of(point, dialect, file);
  if (!events) return {true, nullptr};
  const auto* exec = std::get_if<ir::FilePoint>(&point);
  const bool execs = exec != nullptr && exec->verb == FileVerb::exec;
  Decision refused;
  for (const auto& policy : file.policies)
    for (const auto& event : *events) {
      const Decision decision = decide_event(policy, event, dialect.year);
      const bool goes_on = !execs || decision.rule == nullptr || is_successor(*decision.rule, exec->successor);
      if (decision.permitted && goes_on) return decision;
      if (refused.rule == nullptr) refused.rule = decision.rule;
    }
  refused.permitted = false;
  return refused;
}

}  // namespace polc::systrace::pointwise
