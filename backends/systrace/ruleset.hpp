// What systrace is told, before it is text: the rules of each call and alias, with the parts of the policy
// (target::Source::parts) that each is there for.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ir/policy.hpp"
#include "target/ruleset.hpp"

namespace polc::systrace {

using target::Behind;

/// `filename re "^/etc/.+$"`: an argument, and an operator with its string, quoted.
struct Test {
  std::string_view argument;
  std::string text;
};

struct Filter {
  ir::Effect effect{};
  std::vector<Test> tests;     // all must hold; none: always
  Behind from;
  bool is_negated = false;     // of a single test
  std::string_view word = "";  // of an exec: in the brackets behind `permit`
};

/// Those of one call or alias.
struct CallRules {
  ir::AccessClass klass{};  // whose reaction to a refusal it has
  std::vector<Filter> filters;
  std::optional<Behind> permit, deny;  // as a whole
};

struct AccountNote {
  bool is_user = false;
  std::string name;
  std::uint32_t id = 0;
  auto operator<=>(const AccountNote&) const = default;
};

struct Ruleset {
  std::vector<std::string> programs;  // each a policy of the same rules
  std::map<std::string, CallRules, std::less<>> calls;
  std::set<AccountNote> accounts;  // a number's name, told to the reader in a comment
};

}  // namespace polc::systrace
