// factor_conditions: `socket where domain == AF_INET and type == 1; socket where domain == AF_INET and type == 2;` is
// `socket where domain == AF_INET and (type == 1 or type == 2)`.
// The union of two call boxes with the same calls is one box under the disjunction of their conditions, and
// (A and B) or (A and C) = A and (B or C). Only conditions that share a test are joined: others would not become shorter.
#include <algorithm>
#include <map>
#include <tuple>

#include "opt/keys.hpp"

namespace polc::opt {
namespace {

using ir::Condition;

const std::vector<Condition>* terms_of_conjunction(const ir::Box& box) {
  const auto* call = std::get_if<ir::CallBox>(&box);
  if (call == nullptr || call->where.kind != Condition::Kind::conjunction || call->where.terms.size() < 2) return nullptr;
  return &call->where.terms;
}

// The term by which parts are joined: the first one. Terms come in the order of the arguments where the compiler made them.
Condition conjunction(std::vector<Condition> terms) {
  if (terms.size() == 1) return std::move(terms.front());
  Condition result;
  result.terms = std::move(terms);
  return result;
}

}  // namespace

Parts factor_conditions(Parts parts) {
  std::map<std::string, std::vector<std::size_t>> groups;  // same calls, same first test -> places
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto* terms = terms_of_conjunction(parts[i].box);
    if (terms == nullptr) continue;
    eval::Part head = parts[i];
    std::get<ir::CallBox>(head.box).where = terms->front();
    groups[key_of(head, Without::nothing)].push_back(i);
  }
  std::vector<bool> gone(parts.size(), false);
  for (const auto& [key, places] : groups) {
    if (places.size() < 2) continue;
    eval::Part& into = parts[places.front()];
    auto& where = std::get<ir::CallBox>(into.box).where;
    Condition shared = where.terms.front(), rest;
    rest.kind = Condition::Kind::disjunction;
    for (const std::size_t place : places) {
      auto& terms = std::get<ir::CallBox>(parts[place].box).where.terms;
      rest.terms.push_back(conjunction({terms.begin() + 1, terms.end()}));
      if (place == places.front()) continue;
      into.rules.insert(into.rules.end(), parts[place].rules.begin(), parts[place].rules.end());
      gone[place] = true;
    }
    where = conjunction({std::move(shared), std::move(rest)});
    std::sort(into.rules.begin(), into.rules.end());
    into.rules.erase(std::unique(into.rules.begin(), into.rules.end()), into.rules.end());
  }
  Parts result;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (!gone[i]) result.push_back(std::move(parts[i]));
  return result;
}

}  // namespace polc::opt
