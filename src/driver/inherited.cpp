#include "driver/inherited.hpp"

#include <algorithm>
#include <set>

#include "eval/compare.hpp"
#include "target/points.hpp"

namespace polc::driver {
namespace {

std::set<ir::Successor> successors_of(const ir::Policy& policy) {
  std::set<ir::Successor> found;
  for (const ir::Rule& rule : policy.rules)
    for (const ir::Box& box : rule.boxes)
      if (const auto* file = std::get_if<ir::FileBox>(&box);
          file != nullptr && rule.effect == ir::Effect::allow && file->verbs.contains(FileVerb::exec))
        found.insert(file->successors.begin(), file->successors.end());
  found.erase(ir::Successor{});
  return found;
}

/// All that a successor may become in turn, itself first.
std::vector<ir::Successor> reachable_from(const ir::Successor& first, std::span<const ir::Policy* const> policies) {
  std::vector<ir::Successor> reached{first};
  for (std::size_t i = 0; i < reached.size(); ++i)
    for (const ir::Policy* policy : policies) {
      if (reached[i].kind != ir::Successor::Kind::policy || policy->name != reached[i].policy) continue;
      for (const ir::Successor& next : successors_of(*policy))
        if (std::find(reached.begin(), reached.end(), next) == reached.end()) reached.push_back(next);
    }
  return reached;
}

// Where it is too complex to tell, it is not.
bool is_inside(const ir::Policy& policy, const eval::Meaning& permits) {
  const eval::Meaning meaning = eval::meaning_of(policy);
  const eval::Meaning* const sides[] = {&meaning, &permits};
  const eval::Term refused{.in = eval::side(0), .out = eval::side(1)};
  sets::Budget budget;
  bool loses = false;
  const auto look = [&](const ir::Point& point, eval::TermSet) { return !(loses = target::can_happen(policy.configuration, point)); };
  return eval::compare(sides, std::span(&refused, 1), budget, look) && !loses;
}

}  // namespace

std::vector<ir::Successor> losing_successors(const target::Source& source, const target::Backend& backend,
                                             const target::Settings& settings, std::span<const ir::Policy* const> others) {
  const std::set<ir::Successor> successors = successors_of(source.policy);
  if (successors.empty()) return {};
  const target::Printed printed = backend.print(backend.choose(source, settings), source, settings);
  if (!printed.unfit.empty()) return {};
  const target::Read reading = backend.read(printed.text, source.policy.configuration, settings);
  if (!reading) return {};  // no text that anything could be under: reported where it is compiled
  const auto loses = [&](const ir::Successor& successor) {
    if (successor.kind == ir::Successor::Kind::unconfined) return true;
    return std::any_of(others.begin(), others.end(), [&](const ir::Policy* policy) {
      return policy->name == successor.policy && !is_inside(*policy, reading->permits);
    });
  };
  std::vector<ir::Successor> losing;
  for (const ir::Successor& successor : successors) {
    const auto reached = reachable_from(successor, others);
    if (std::any_of(reached.begin(), reached.end(), loses)) losing.push_back(successor);
  }
  return losing;
}

}  // namespace polc::driver
