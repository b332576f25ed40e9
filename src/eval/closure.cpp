// meaning_of: the rules, the calls that they bring, and the ways that they close (language.md, section 1):
// [[P]] = C(A - D) - D+. Which verbs bring which others is followed when a point is decided (meaning.cpp) and compared
// (columns.cpp); calls are added here as parts of their own.
#include <iterator>

#include "eval/brought_calls.hpp"
#include "eval/closed_ways.hpp"
#include "eval/meaning.hpp"

namespace polc::eval {

Meaning meaning_of(const ir::Policy& policy) {
  std::vector<Part> parts;
  parts.reserve(policy.rules.size() + 64);  // most rules are one box; and the calls
  for (std::uint32_t i = 0; i < policy.rules.size(); ++i)
    for (const ir::Box& box : policy.rules[i].boxes) parts.push_back({policy.rules[i].effect, box, {ir::RuleId{i}}, false});
  std::vector<Part> calls = brought_calls(policy, parts);
  std::vector<Part> closed = closed_ways(policy, parts);
  parts.insert(parts.end(), std::make_move_iterator(calls.begin()), std::make_move_iterator(calls.end()));
  parts.insert(parts.end(), std::make_move_iterator(closed.begin()), std::make_move_iterator(closed.end()));
  return make_meaning(std::move(parts), policy.configuration.os, true);
}

}  // namespace polc::eval
