// Checks that are more than "is any of this allowed?" (dangers.hpp): one file each, one table of them all.
//   for (const Check check : checks()) check(subject);
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diag/sink.hpp"
#include "lint/ask.hpp"
#include "lint/everywhere.hpp"

namespace polc::lint {

using Spelling = std::function<std::string(const ir::Point&)>;

/// P4092, to be said if the danger itself is borne: its suppression is what asks for expectations.
struct Untested {
  std::string_view danger;  // its id
  diag::Diagnostic finding;
};

/// One policy in one configuration, and where to say what was found.
struct Subject {
  const ir::Policy& policy;
  const eval::Meaning& meaning;
  Spelling text_of;
  std::function<eval::Meaning(std::string_view access)> set_of;  // an access of the language, behind `allow`
  Everywhere& everywhere;                                        // for what is only true when no configuration needs the rule
  sets::Budget& budget;
  diag::Sink& findings;
  std::vector<Untested>& untested;

  Os os() const { return policy.configuration.os; }
  Arch arch() const { return policy.configuration.arch; }
};

/// At the statement, with a note for each `use` that led to it.
diag::Added add_at(diag::Sink& sink, const diag::Kind<std::string>& kind, const ir::Rule& rule, std::string text);

/// The same at the first rule that allows the access.
diag::Added add_at(const Subject& subject, const diag::Kind<std::string>& kind, const ir::Point& allowed, std::string text);

using Check = void (*)(const Subject&);
std::span<const Check> checks();

void find_truncated_tests(const Subject& subject);      // P4052, P4053: check_tests.cpp
void find_constant_conditions(const Subject& subject);  // P4054: check_conditions.cpp
void find_missing_siblings(const Subject& subject);     // P4043, P4044: check_siblings.cpp
void find_multiplexers(const Subject& subject);         // P4046: check_multiplexers.cpp
void find_loader_gaps(const Subject& subject);          // P4047: check_loader.cpp
void find_eperm_defaults(const Subject& subject);       // P4048: check_defaults.cpp
void find_names_of_links(const Subject& subject);       // P4010, P4011: check_links.cpp
void find_capability_gaps(const Subject& subject);      // P4061, P4062, P4064: check_capabilities.cpp
void find_escape_chains(const Subject& subject);        // P4070: check_chains.cpp
void find_dead_rules(const Subject& subject);           // P4082, P4084: check_dead.cpp
void find_covered_rules(const Subject& subject);        // P4081: check_covered.cpp

}  // namespace polc::lint
