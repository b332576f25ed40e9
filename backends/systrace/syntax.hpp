// A systrace policy file as the reader sees it (systrace(1); lex.l, parse.y and filter.c of the sources). Nothing of it
// comes from the emitter.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "target/backend.hpp"

namespace polc::systrace::syntax {

/// What systrace sees of a call: its name, and its arguments as text.
struct Argument {
  std::string name;
  std::string text;
  bool any = false;  // some text, it does not matter which
};
struct Event {
  std::string call;
  std::vector<Argument> arguments;  // one that could not be translated is not here
};

/// A POSIX extended regular expression. A plain one is compiled when it is first asked: most never are.
class Regex {
 public:
  /// nullptr: not a regular expression.
  static std::shared_ptr<const Regex> make(const std::string& text);
  ~Regex();
  bool matches(const std::string& text) const;

 private:
  struct Compiled;
  explicit Regex(std::string text);
  std::string text_;
  std::string beginning_;  // what every text that it takes begins with; often empty
  mutable std::unique_ptr<Compiled> compiled_;
};

enum class Operator : std::uint8_t { eq, neq, match, re, sub, nsub, inpath };
struct Expression {
  enum class Kind : std::uint8_t { always, test, negation, both, either };
  Kind kind = Kind::always;
  std::string argument;  // in lower case
  unsigned index = 0;    // filename[1]
  Operator op = Operator::eq;
  std::string text;
  std::shared_ptr<const Regex> regex;  // of `re`
  std::vector<Expression> terms;
};

enum class Action : std::uint8_t { permit, deny, ask };
struct Rule {
  unsigned line = 0;
  std::string call;
  bool simple = false;  // a bare permit or deny: the kernel's table decides it
  Action action = Action::permit;
  std::string word;  // [inherit], [enoent]
  bool has_predicate = false;
  Expression condition;
};
struct PolicyText {
  std::string program;
  bool detached = false;
  std::vector<Rule> rules;
};
/// "# group "_tor" is 1001": a number's name, as a comment of the file says it.
struct AccountNote {
  bool user = false;
  std::string name;
  std::uint32_t id = 0;
};
struct File {
  std::vector<PolicyText> policies;
  std::vector<AccountNote> accounts;
};

struct Dialect {
  Os os = Os::openbsd;
  unsigned year = 2006;
};

tl::expected<File, target::ReadError> parse_file(std::string_view text, const Dialect& dialect);

/// A rule's text behind `native-CALL: `. The message has no line.
tl::expected<Rule, std::string> parse_rule(std::string_view text);

/// The names of a call's arguments, in order; nothing for a call without a translator in that year.
std::vector<std::string_view> translated(std::string_view call, unsigned year);
/// "fsread", "fswrite" or nothing.
std::string_view alias_of(const Event& event, unsigned year);

enum class Truth : std::uint8_t { no, maybe, yes };
Truth evaluate(const Expression& expression, const Event& event);
/// fnmatch with FNM_PATHNAME | FNM_LEADING_DIR.
bool matches_glob(std::string_view pattern, std::string_view text);
/// Is `argument` an ancestor of `path`, or the same?
bool is_in_path(std::string_view argument, std::string_view path);

struct Decision {
  bool permitted = false;
  const Rule* rule = nullptr;  // none: no rule matched
};
Decision decide(const PolicyText& policy, const Event& event, unsigned year);

}  // namespace polc::systrace::syntax
