// How systrace decides (filter.c: filter_evaluate, filter_match; systrace.c: the kernel's table).
#include <algorithm>
#include <array>
#include <cctype>

#include "systrace/syntax.hpp"

namespace polc::systrace::syntax {
namespace {

/// A call, its arguments in order, and the first year they can be translated.
struct Translator {
  std::string_view call;
  std::string_view arguments;
  unsigned since;
};
constexpr Translator translators[] = {
    {"access", "filename", 2002},
    {"bind", "sockaddr", 2002},
    {"chdir", "filename", 2002},
    {"chflags", "filename flags", 2006},
    {"chmod", "filename mode", 2002},
    {"chown", "filename uid gid", 2002},
    {"chroot", "filename", 2002},
    {"connect", "sockaddr", 2002},
    {"execve", "filename argv", 2002},
    {"faccessat", "filename", 2015},
    {"fchmod", "fd mode", 2002},
    {"fchmodat", "filename mode", 2015},
    {"fchown", "fd uid gid", 2002},
    {"fchownat", "filename uid gid", 2015},
    {"fcntl", "cmd", 2006},
    {"fsread", "filename", 2002},
    {"fstatat", "filename", 2015},
    {"fswrite", "filename", 2002},
    {"kill", "pidname signame", 2006},
    {"lchown", "filename uid gid", 2006},
    {"link", "filename filename", 2002},
    {"linkat", "filename filename", 2015},
    {"lstat", "filename", 2002},
    {"mkdir", "filename", 2002},
    {"mkdirat", "filename", 2015},
    {"mkfifo", "filename mode", 2006},
    {"mkfifoat", "filename mode", 2015},
    {"mknod", "filename mode", 2006},
    {"mknodat", "filename mode", 2015},
    {"mmap", "prot", 2006},
    {"mprotect", "prot", 2006},
    {"open", "filename oflags", 2002},
    {"openat", "filename oflags", 2015},
    {"readlink", "filename", 2002},
    {"readlinkat", "filename", 2015},
    {"rename", "filename filename", 2002},
    {"renameat", "filename filename", 2015},
    {"rmdir", "filename", 2002},
    {"sendmsg", "sockaddr", 2010},
    {"sendto", "sockaddr", 2002},
    {"setegid", "gid", 2002},
    {"seteuid", "uid uname", 2002},
    {"setgid", "gid", 2002},
    {"setuid", "uid uname", 2002},
    {"socket", "sockdom socktype", 2002},
    {"stat", "filename", 2002},
    {"symlink", "string filename", 2002},
    {"symlinkat", "string filename", 2015},
    {"truncate", "filename", 2006},
    {"unlink", "filename", 2002},
    {"unlinkat", "filename", 2015},
};

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

const Argument* find_argument(const Expression& test, const Event& event) {
  unsigned seen = 0;
  for (const Argument& argument : event.arguments)
    if (equals_ignoring_case(argument.name, test.argument) && seen++ == test.index) return &argument;
  return nullptr;
}

bool test_holds(const Expression& test, const std::string& text) {
  switch (test.op) {
    case Operator::eq: return equals_ignoring_case(text, test.text);
    case Operator::neq: return !equals_ignoring_case(text, test.text);
    case Operator::match: return matches_glob(test.text, text);
    case Operator::re: return test.regex->matches(text);
    case Operator::sub: return text.find(test.text) != std::string::npos;
    case Operator::nsub: return text.find(test.text) == std::string::npos;
    case Operator::inpath: return is_in_path(text, test.text);
  }
  return false;
}

Truth truth_of(const Expression& test, const Event& event) {
  const Argument* argument = find_argument(test, event);
  // Without the argument every test fails, the negative ones too.
  if (argument == nullptr) return Truth::no;
  if (argument->any) return Truth::maybe;
  return test_holds(test, argument->text) ? Truth::yes : Truth::no;
}

/// One bracket expression at `at` (behind `[`): does it hold c? Moves behind `]`; nullopt when it is not closed.
std::optional<bool> bracket_holds(std::string_view pattern, std::size_t& at, char c) {
  bool negated = false, found = false;
  if (at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^')) negated = true, ++at;
  for (bool first = true; at < pattern.size(); first = false) {
    if (pattern[at] == ']' && !first) {
      ++at;
      return found != negated;
    }
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    const auto low = static_cast<unsigned char>(pattern[at++]);
    unsigned char high = low;
    if (at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']') {
      ++at;
      if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
      high = static_cast<unsigned char>(pattern[at++]);
    }
    if (low <= static_cast<unsigned char>(c) && static_cast<unsigned char>(c) <= high) found = true;
  }
  return std::nullopt;
}

/// The character at `at` of the pattern takes c: where the pattern goes on; nullopt: it does not.
std::optional<std::size_t> step(std::string_view pattern, std::size_t at, char c) {
  switch (pattern[at]) {
    case '?': return c == '/' ? std::nullopt : std::optional(at + 1);
    case '[': {
      std::size_t next = at + 1;
      const auto holds = bracket_holds(pattern, next, c);
      if (!holds) return c == '[' ? std::optional(at + 1) : std::nullopt;
      return *holds && c != '/' ? std::optional(next) : std::nullopt;
    }
    case '\\':
      if (at + 1 < pattern.size()) return pattern[at + 1] == c ? std::optional(at + 2) : std::nullopt;
      return c == '\\' ? std::optional(at + 1) : std::nullopt;
    default: return pattern[at] == c ? std::optional(at + 1) : std::nullopt;
  }
}

}  // namespace

// All positions of the pattern at once: no backtracking, whatever the stars.
bool matches_glob(std::string_view pattern, std::string_view text) {
  std::vector<bool> now(pattern.size() + 1, false);
  const auto pass_stars = [&](std::vector<bool>& at) {
    for (std::size_t i = 0; i < pattern.size(); ++i)
      if (at[i] && pattern[i] == '*') at[i + 1] = true;
  };
  now[0] = true;
  pass_stars(now);
  for (const char c : text) {
    if (now[pattern.size()] && c == '/') return true;  // FNM_LEADING_DIR
    std::vector<bool> next(pattern.size() + 1, false);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (!now[i]) continue;
      if (pattern[i] == '*') {
        if (c != '/') next[i] = true;
      } else if (const auto on = step(pattern, i, c)) {
        next[*on] = true;
      }
    }
    pass_stars(next);
    now = std::move(next);
  }
  return now[pattern.size()];
}

bool is_in_path(std::string_view argument, std::string_view path) {
  if (argument == "/") return true;
  return path.substr(0, argument.size()) == argument &&
         (path.size() == argument.size() || path[argument.size()] == '/');
}

std::vector<std::string_view> translated(std::string_view call, unsigned year) {
  for (const Translator& row : translators) {
    if (row.call != call || year < row.since) continue;
    std::vector<std::string_view> names;
    for (std::string_view rest = row.arguments; !rest.empty();) {
      const std::size_t blank = std::min(rest.find(' '), rest.size());
      names.push_back(rest.substr(0, blank));
      rest.remove_prefix(std::min(blank + 1, rest.size()));
    }
    return names;
  }
  return {};
}

std::string_view alias_of(const Event& event, unsigned year) {
  constexpr std::array<std::string_view, 4> reads{"stat", "lstat", "access", "readlink"};
  constexpr std::array<std::string_view, 5> writes{"unlink", "mkdir", "rmdir", "truncate", "mkfifo"};
  if (event.call == "open") {
    for (const Argument& argument : event.arguments)
      if (argument.name == "oflags") return argument.text.substr(0, 2) == "ro" ? "fsread" : "fswrite";
    return "";
  }
  if (translated(event.call, year).empty()) return "";
  if (std::find(reads.begin(), reads.end(), event.call) != reads.end()) return "fsread";
  return std::find(writes.begin(), writes.end(), event.call) != writes.end() ? "fswrite" : "";
}

Truth evaluate(const Expression& expression, const Event& event) {
  using Kind = Expression::Kind;
  switch (expression.kind) {
    case Kind::always: return Truth::yes;
    case Kind::test: return truth_of(expression, event);
    case Kind::negation: {
      const Truth inner = evaluate(expression.terms[0], event);
      return inner == Truth::maybe ? inner : inner == Truth::yes ? Truth::no : Truth::yes;
    }
    case Kind::both: return std::min(evaluate(expression.terms[0], event), evaluate(expression.terms[1], event));
    case Kind::either: return std::max(evaluate(expression.terms[0], event), evaluate(expression.terms[1], event));
  }
  return Truth::no;
}

// A bare rule beats all filters wherever it stands; the last of several counts. Then the call's filters, then those of
// its alias. A rule that may match permits, and does not refuse: then there is an argument with which the call
// succeeds.
Decision decide(const PolicyText& policy, const Event& event, unsigned year) {
  if (policy.detached) return {true, nullptr};
  const Rule* table = nullptr;
  for (const Rule& rule : policy.rules)
    if (rule.simple && !rule.has_predicate && rule.call == event.call) table = &rule;
  if (table != nullptr) return {table->action == Action::permit, table};
  for (const std::string_view name : {std::string_view(event.call), alias_of(event, year)})
    for (const Rule& rule : policy.rules) {
      if (name.empty() || rule.call != name) continue;
      const Truth truth = evaluate(rule.condition, event);
      const bool surely = truth == Truth::yes && !rule.has_predicate;
      if (truth == Truth::no || (rule.action != Action::permit && !surely)) continue;
      return {rule.action == Action::permit, &rule};
    }
  return {};
}

}  // namespace polc::systrace::syntax
