#include <regex.h>

#include <cctype>
#include <utility>

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
  regex->compiled_ = std::make_unique<Compiled>(text);
  return regex->compiled_->valid ? regex : nullptr;
}

bool Regex::matches(const std::string& text) const {
  if (text.compare(0, beginning_.size(), beginning_) != 0) return false;
  if (!compiled_) compiled_ = std::make_unique<Compiled>(text_);
  return compiled_->valid && regexec(&compiled_->regex, text.c_str(), 0, nullptr, 0) == 0;
}

}  // namespace polc::systrace::syntax
