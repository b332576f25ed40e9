#include "trying.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <optional>

namespace polc::calls {
namespace {

/// Counts down, and drops the term at which it ends.
bool drop(Condition& condition, std::size_t& place) {
  for (std::size_t i = 0; i < condition.terms.size(); ++i) {
    if (condition.terms.size() > 1 && place-- == 0)
      return condition.terms.erase(condition.terms.begin() + static_cast<std::ptrdiff_t>(i)), true;
    if (drop(condition.terms[i], place)) return true;
  }
  return false;
}

// The policy without its Nth part (statements, then terms of conditions); nullopt: there are no more.
std::optional<Policy> without(const Policy& policy, std::size_t place) {
  Policy less = policy;
  if (place < policy.statements.size()) {
    less.statements.erase(less.statements.begin() + static_cast<std::ptrdiff_t>(place));
    return less;
  }
  place -= policy.statements.size();
  for (Statement& statement : less.statements)
    if (drop(statement.where, place)) return less;
  if (place == 0 && !policy.other_call.empty()) return less.other_call.clear(), less;
  return std::nullopt;
}

}  // namespace

std::uint64_t setting(const char* name, std::uint64_t usual) {
  const char* text = std::getenv(name);
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

std::string words_of(const Attempt& attempt, const Machine& machine) {
  std::string text = fmt::format("{} on {} with", attempt.call, machine.name);
  for (const std::uint64_t word : attempt.registers) text += fmt::format(" {:#x}", word);
  return text;
}

Failing shrunk(Policy policy, const FaultOf& fault_of) {
  std::string fault = fault_of(policy);
  for (std::size_t place = 0; const auto less = without(policy, place);) {
    const std::string still = fault_of(*less);
    if (still.empty()) ++place;
    else policy = *less, fault = still, place = 0;
  }
  return {std::move(policy), std::move(fault)};
}

}  // namespace polc::calls
