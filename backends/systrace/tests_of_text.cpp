// When a test holds (filter.c: filter_match).
#include <algorithm>
#include <cctype>

#include "systrace/syntax.hpp"

namespace polc::systrace::syntax {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
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

std::string words_of(const Expression& test) {
  return std::string(operator_names[static_cast<std::size_t>(test.op)]) + " \"" + test.text + "\"";
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
  if (argument.size() == 1) return argument == "/";  // the root is above everything
  return path.substr(0, argument.size()) == argument &&
         (path.size() == argument.size() || path[argument.size()] == '/');
}

}  // namespace polc::systrace::syntax
