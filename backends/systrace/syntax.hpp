// A systrace policy file as the reader sees it (systrace(1); lex.l, parse.y and filter.c of the sources). Nothing of it
// comes from what prints it.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "knowledge/vocabulary.hpp"
#include "target/reader.hpp"

namespace polc::systrace::syntax {

/// What systrace sees of a call: its name, and its arguments as text.
struct Argument {
  enum class Kind : std::uint8_t {
    text,     // just this
    any,      // some text, it does not matter which
    subject,  // what the access names: its path, address or account
    detour,   // a unix address in a spelling of the program's own: relative, or with `//`, `/./` or `/../` in it
  };
  std::string name;
  std::string text;
  Kind kind = Kind::text;
};
struct Event {
  std::string call;
  std::vector<Argument> arguments;  // one that could not be translated is not here
  std::uint64_t flags = 0;          // of an open: bits of open_texts(), any of which `oflags` may be
};
/// All that systrace prints of an open's flags.
std::span<const std::string> open_texts();

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
inline constexpr std::array<std::string_view, 7> operator_names{"eq", "neq", "match", "re", "sub", "nsub", "inpath"};
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
  std::string call, text;  // `text`: all behind the colon
  bool simple = false;  // a bare permit or deny: the kernel's table decides it
  Action action = Action::permit;
  std::string word;  // [inherit], [enoent]
  bool has_predicate = false;
  std::string aside;  // what shows in no access: `log`, `as root`, `if user = root`
  Expression condition;
};
struct PolicyText {
  std::string program;
  unsigned detached = 0;  // the line that says so; 0: none
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

/// Does it test an argument?
bool names_argument(const Expression& condition);
/// As the names of errors and signals are written.
std::string in_capitals(std::string_view word);

/// The names of a call's arguments, in order; nothing for a call without a translator in that year.
std::vector<std::string_view> translated(std::string_view call, unsigned year);
/// "fsread", "fswrite" or nothing; of an open it depends on whether it only reads.
std::string_view alias_of(std::string_view call, bool only_reads, unsigned year);

/// `re ".*x$"`
std::string words_of(const Expression& test);
/// Does the test hold of this text?
bool test_holds(const Expression& test, const std::string& text);
/// fnmatch with FNM_PATHNAME | FNM_LEADING_DIR.
bool matches_glob(std::string_view pattern, std::string_view text);
/// Is `argument` an ancestor of `path`, or the same?
bool is_in_path(std::string_view argument, std::string_view path);

}  // namespace polc::systrace::syntax
