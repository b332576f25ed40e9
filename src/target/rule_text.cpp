#include "target/rule_text.hpp"

#include <algorithm>
#include <string_view>

#include "support/visible.hpp"

namespace polc::target {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// Behind `@name(...)` and the blanks that follow; the text parsed, so that it closes. A string may hold anything.
std::string_view without_annotation(std::string_view text) {
  bool quoted = false;
  std::size_t at = 0, depth = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted && c == '\\') ++at;
    else if (c == '"') quoted = !quoted;
    else if (!quoted && c == '(') ++depth;
    else if (!quoted && c == ')' && --depth == 0) break;
  }
  text.remove_prefix(std::min(at + 1, text.size()));
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

}  // namespace

std::string rule_text(const ir::Rule& rule, const diag::SourceMap& sources) {
  std::string_view text = sources.text_of(rule.origin.front());
  while (!text.empty() && text.front() == '@') text = without_annotation(text);
  std::string line;
  for (const char c : text) {
    if (!is_blank(c)) line += c;
    else if (!line.empty() && line.back() != ' ') line += ' ';
  }
  return visible(line);
}

}  // namespace polc::target
