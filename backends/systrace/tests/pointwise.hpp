// A second opinion on what a policy file permits: it decides one access after the other, by walking through the rules as systrace
// does. Shares with the reader the parser and the tests of single texts.
#pragma once

#include "ir/access.hpp"
#include "systrace/syntax.hpp"

namespace polc::systrace::pointwise {

using syntax::AccountNote;
using syntax::Action;
using syntax::Dialect;
using syntax::Expression;
using syntax::File;
using syntax::Operator;
using syntax::PolicyText;
using syntax::Rule;

struct Argument {
  std::string name;
  std::string text;
  bool any = false;  // some text, it does not matter which
};
struct Event {
  std::string call;
  std::vector<Argument> arguments;
};

enum class Truth : std::uint8_t { no, maybe, yes };
Truth evaluate(const Expression& expression, const Event& event);

struct Decision {
  bool permitted = false;
  const Rule* rule = nullptr;  // none: no rule matched
};
/// Of some way to do it. A unix socket's address is spelled plainly.
Decision decide(const File& file, const Dialect& dialect, const ir::Point& point);

}  // namespace polc::systrace::pointwise
