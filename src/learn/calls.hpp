// The calls of a program as rules: those without a condition in one, of each other the values that were seen (G9: many are all).
#pragma once

#include "learn/rewrites.hpp"

namespace polc::learn {

/// One rule of the policy to be: what stands behind `allow`.
struct Statement {
  std::string access;
  std::vector<Place> places;
  std::string rewrite = {};  // "G4"
  std::size_t names = 1;     // of how many
};

std::vector<Statement> call_statements(const std::vector<Seen>& seen, RewriteContext& context);

/// Processes and acts: members of one class are one rule.
std::vector<Statement> process_statements(const std::vector<Seen>& seen);

bool is_call(const Seen& seen);

}  // namespace polc::learn
