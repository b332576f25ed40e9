// From what one program did to a draft of its policy: abstractions, rules, and how the rest is answered.
//   Draft draft = generalise(observed, facts, words, dangers, choices);      write({draft}, ...) makes a file of it
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "learn/abstractions.hpp"
#include "learn/addresses.hpp"
#include "learn/calls.hpp"

namespace polc::learn {

struct Choices {
  std::set<std::string> off = {};        // --no=G4; --exact: all but G0
  std::vector<std::string> wanted = {};  // --use=NAME
};

struct Draft {
  std::vector<Use> uses;
  std::vector<Statement> files, nets, calls, processes;
  std::map<std::string, std::vector<std::string>> answers;  // the errno, and the calls that get it
  std::vector<Rewrite> log;
};

/// Its rules and abstractions as statements of a policy.
std::string statements_of(const Draft& draft);

Draft generalise(const Observed& observed, const Facts& facts, const Words& words, const std::vector<Danger>& dangers, const Choices& choices);

}  // namespace polc::learn
