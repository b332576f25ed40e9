#include <regex.h>

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "systrace/syntax.hpp"

namespace polc::systrace::syntax {
namespace {

constexpr std::string_view operators = ".[]()*+?{}|^$\\";

/// Behind `^`, up to the first operator; a choice outside of parentheses may begin with anything.
std::string beginning_of(std::string_view regex) {
  if (regex.empty() || regex[0] != '^') return "";
  int depth = 0;
  for (std::size_t i = 1; i < regex.size(); ++i) {
    if (regex[i] == '\\') ++i;
    else if (regex[i] == '(') ++depth;
    else if (regex[i] == ')') --depth;
    else if (regex[i] == '|' && depth <= 0) return "";
  }
  std::string plain;
  for (std::size_t i = 1; i < regex.size(); ++i) {
    std::size_t next = i;
    if (regex[i] == '\\' && i + 1 < regex.size() && std::ispunct(static_cast<unsigned char>(regex[i + 1]))) ++next;
    else if (operators.find(regex[i]) != std::string_view::npos) break;
    const bool is_repeated = next + 1 < regex.size() && std::string_view("*+?{").find(regex[next + 1]) != std::string_view::npos;
    if (is_repeated) break;
    plain += regex[next];
    i = next;
  }
  return plain;
}

/// `^`, a beginning without operators but for escapes, then nothing or one of the usual ends: surely well formed.
bool is_plain(std::string_view regex, std::size_t beginning) {
  std::size_t at = 1;
  for (std::size_t taken = 0; taken < beginning; ++taken) at += at < regex.size() && regex[at] == '\\' ? 2 : 1;
  const std::string_view end = at <= regex.size() ? regex.substr(at) : "";
  return end == "$" || end == ".+$" || end == "[^/]*$" || end == "[^/]+$";
}

/// regcomp copies what is repeated: `a++++` doubles with each mark, `(a{99}){99}` multiplies. At most this many atoms may come of it.
constexpr std::size_t most_atoms = 20'000;

std::size_t bounded(std::size_t count) { return std::min(count, most_atoms + 1); }

/// Where the brackets that open at `at` close.
std::size_t end_of_brackets(std::string_view regex, std::size_t at) {
  if (++at < regex.size() && regex[at] == '^') ++at;
  for (std::size_t i = at; i < regex.size(); ++i) {
    if (regex[i] == ']' && i > at) return i;
    const bool has_name = regex[i] == '[' && i + 1 < regex.size() && std::string_view(":.=").find(regex[i + 1]) != std::string_view::npos;
    if (has_name) i = std::min(regex.find(std::string{regex[i + 1], ']'}, i + 2), regex.size() - 1) + 1;
  }
  return regex.size();
}

/// How often braces at `at` repeat at most; moves on to their last digit.
std::size_t count_of(std::string_view regex, std::size_t& at) {
  std::size_t highest = 0, number = 0;
  for (; at + 1 < regex.size() && (regex[at + 1] == ',' || std::isdigit(static_cast<unsigned char>(regex[at + 1]))); ++at) {
    number = regex[at + 1] == ',' ? 0 : bounded(number * 10 + static_cast<std::size_t>(regex[at + 1] - '0'));
    highest = std::max(highest, number);
  }
  return highest;
}

/// At least the atoms that regcomp makes of the expression, or more than `most_atoms`.
std::size_t atoms_of(std::string_view regex) {
  struct Group {
    std::size_t before = 0, last = 0;  // all pieces but the last; the last, which a mark repeats
  };
  std::vector<Group> open(1);
  const auto add = [&](std::size_t atoms) { open.back() = {bounded(open.back().before + open.back().last), atoms}; };
  for (std::size_t i = 0; i < regex.size(); ++i) {
    const char c = regex[i];
    if (c == '*' || c == '+' || c == '?') open.back().last = bounded(2 * open.back().last);
    else if (c == '{') open.back().last = bounded(open.back().last * (count_of(regex, i) + 1));
    else if (c == '(') open.emplace_back();
    else if (c == ')' && open.size() > 1) {
      const std::size_t inside = bounded(open.back().before + open.back().last + 1);
      open.pop_back();
      add(inside);
    } else {
      if (c == '[') i = end_of_brackets(regex, i);
      if (c == '\\') ++i;
      add(1);
    }
  }
  std::size_t all = 0;
  for (const Group& group : open) all = bounded(all + group.before + group.last);
  return all;
}

}  // namespace

struct Regex::Compiled {
  regex_t regex{};
  bool valid = false;
  explicit Compiled(const std::string& text) : valid(regcomp(&regex, text.c_str(), REG_EXTENDED | REG_NOSUB) == 0) {}
  ~Compiled() {
    if (valid) regfree(&regex);
  }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
};

Regex::Regex(std::string text) : text_(std::move(text)), beginning_(beginning_of(text_)) {}
Regex::~Regex() = default;

std::shared_ptr<const Regex> Regex::make(const std::string& text) {
  std::shared_ptr<Regex> regex(new Regex(text));
  if (is_plain(text, regex->beginning_.size())) return regex;
  if (atoms_of(text) > most_atoms) return nullptr;
  regex->compiled_ = std::make_unique<Compiled>(text);
  return regex->compiled_->valid ? regex : nullptr;
}

bool Regex::matches(const std::string& text) const {
  if (text.compare(0, beginning_.size(), beginning_) != 0) return false;
  if (!compiled_) compiled_ = std::make_unique<Compiled>(text_);
  return compiled_->valid && regexec(&compiled_->regex, text.c_str(), 0, nullptr, 0) == 0;
}

}  // namespace polc::systrace::syntax
