#include "apparmor/read_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace polc::apparmor {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_letter_or_digit(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }

// As the lexer of apparmor_parser goes through a text (parser_lex.l of 3.0), as far as what stands where decides where
// a word ends.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  tl::expected<std::vector<Token>, target::ReadError> run() {
    while (error_.empty() && skip_blanks()) next();
    if (!error_.empty()) return tl::unexpected(target::ReadError{line_, error_});
    return std::move(tokens_);
  }

 private:
  void next() {
    const char c = text_[at_];
    if (c == '"') quoted();
    else if (text_.substr(at_, 2) == "->") mark(2);
    else if (std::string_view("{}(),=").find(c) != std::string_view::npos && !(c == '{' && is_value())) mark(1);
    else if (const std::size_t behind = c == '@' && depth_ == 0 ? behind_assigned() : 0; behind != 0)
      assignment(behind);
    else if (is_value()) value(depth_ > 0);
    else word();
  }

  bool skip_blanks() {
    while (at_ < text_.size()) {
      if (text_.substr(at_).starts_with("#include")) return ++at_, true;  // without its `#`, which is no comment here
      if (text_[at_] == '#') at_ = std::min(text_.find('\n', at_), text_.size());
      else if (is_space(text_[at_])) line_ += text_[at_++] == '\n';
      else return true;
    }
    return false;
  }

  // The lexer takes the longest: behind two backslashes a quote may be the end or not, by what comes later.
  void quoted() {
    const std::size_t begin = ++at_;
    for (; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      if (text_[at_] == '\\' && text_.substr(at_, 3) == "\\\\\"") return fail("a quoted name ends in a backslash");
      if (text_[at_] == '\\') ++at_;
      else if (text_[at_] == '"') return add(Token::Kind::quoted, text_.substr(begin, at_++ - begin));
    }
    fail("a quoted name has no end");
  }

  /// Behind `=` and `->`, and in names that begin as paths and labels do, braces and parentheses are signs as others.
  bool is_value() const {
    const char c = text_[at_];
    if (c == '/' || c == '@' || c == ':' || c == '&') return true;
    if (tokens_.empty()) return false;
    const Token& last = tokens_.back();
    return last.is("=") || last.is("->") || last.is("profile") || last.is("hat");
  }

  // A comma is part of it where more of it follows; between parentheses it never is.
  void value(bool in_list) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto ends = [&](char c) { return blanks.find(c) != blanks.npos || c == '"' || c == '!'; };
    const std::size_t begin = at_;
    for (; at_ < text_.size() && !ends(text_[at_]); ++at_) {
      const char c = text_[at_], behind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\n';
      if (c == '\\' && std::string_view(" \t\"!,()").find(behind) != std::string_view::npos) ++at_;
      else if (in_list && (c == ',' || c == '(' || c == ')')) break;
      else if (c == ',' && (behind == ',' || ends(behind))) break;
    }
    at_ = std::min(at_, text_.size());
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '!'))
      return fail("a name without quotes has a quote or `!` inside");
    add(Token::Kind::word, text_.substr(begin, at_ - begin));
  }

  void word() {
    const std::size_t begin = at_;
    if (text_[at_] == '<' && text_.substr(at_, 2) != "<=") {  // <a file>
      while (at_ < text_.size() && text_[at_] != '>' && text_[at_] != '\n') ++at_;
      at_ = std::min(at_ + 1, text_.size());
    } else if (text_.substr(at_, 7) == "include" && at_ + 7 < text_.size() && text_[at_ + 7] != ' ') {
      at_ += 7;  // `#include<file>`
    } else {
      while (at_ < text_.size() && !is_space(text_[at_]) &&
             std::string_view("(),{}=\"").find(text_[at_]) == std::string_view::npos)
        ++at_;
    }
    add(Token::Kind::word, text_.substr(begin, at_ - begin));
  }

  /// Where `@{NAME} =` or `@{NAME} +=` ends; 0: no such thing stands here.
  std::size_t behind_assigned() const {
    std::size_t at = at_ + 1;
    const bool braced = at < text_.size() && text_[at] == '{';
    if (braced) ++at;
    if (at >= text_.size() || !is_letter(text_[at])) return 0;
    while (at < text_.size() && is_letter_or_digit(text_[at])) ++at;
    if (braced && (at >= text_.size() || text_[at++] != '}')) return 0;
    while (at < text_.size() && (text_[at] == ' ' || text_[at] == '\t')) ++at;
    if (text_.substr(at, 2) == "+=") return at + 2;
    return text_.substr(at, 1) == "=" ? at + 1 : 0;
  }

  // The values stand on the rest of the line: a comma would be wrong, and `#` begins no comment.
  void assignment(std::size_t behind) {
    std::string name;
    for (const char c : text_.substr(at_, behind - at_))
      if (is_letter_or_digit(c)) name += c;
    add(Token::Kind::assigned, name);
    add(Token::Kind::mark, text_[behind - 2] == '+' ? "+=" : "=");
    for (at_ = behind; at_ < text_.size() && text_[at_] != '\n' && error_.empty();) {
      if (text_.substr(at_, 2) == "\\\n") ++line_, at_ += 2;
      else if (is_space(text_[at_])) ++at_;
      else if (text_[at_] == ',') fail("the values of a variable have no commas between or behind them");
      else if (text_[at_] == '"') quoted();
      else value(false);
    }
    add(Token::Kind::mark, "\n");
  }

  void mark(std::size_t length) {
    const char c = text_[at_];
    if (c == '(') ++depth_;
    if (c == ')' && depth_ > 0) --depth_;
    add(Token::Kind::mark, text_.substr(at_, length));
    at_ += length;
  }

  void add(Token::Kind kind, std::string_view text) { tokens_.push_back({kind, std::string(text), line_}); }
  void fail(std::string message) { error_ = std::move(message); }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned line_ = 1, depth_ = 0;
  std::vector<Token> tokens_;
  std::string error_;
};

}  // namespace

tl::expected<std::vector<Token>, target::ReadError> tokens_of(std::string_view text) { return Scanner(text).run(); }

unsigned Cursor::line() const {
  return at_ < tokens_.size() ? tokens_[at_].line : tokens_.empty() ? 1 : tokens_.back().line;
}

bool Cursor::next_is_path() const {
  // In quotes, too: apparmor_parser 3.0.8 refuses `"{/a,/b}" r`.
  return at_ < tokens_.size() && (tokens_[at_].text.starts_with('/') || tokens_[at_].text.starts_with('@'));
}

bool Cursor::take(std::string_view mark) {
  if (!next_is(mark)) return false;
  ++at_;
  return true;
}

void Cursor::fail(unsigned line, std::string message) {
  if (good()) error_ = {line, std::move(message)};
}

void Cursor::fail_of_size(std::string message) {
  if (good()) error_ = {line(), std::move(message), target::ReadError::Kind::too_complex};
}

void Cursor::expect(std::string_view mark) {
  if (!take(mark)) fail(fmt::format("`{}` stands where `{}` is expected", peek(), mark));
}

std::string Cursor::word(std::string_view what) {
  if (at_ < tokens_.size() && tokens_[at_].kind != Token::Kind::mark) return tokens_[at_++].text;
  fail(fmt::format("`{}` stands where {} is expected", peek(), what));
  return "";
}

std::vector<std::string> Cursor::words() {
  if (!take("(")) return {word("a word")};
  std::vector<std::string> words;
  while (more() && !next_is(")"))
    if (!take(",")) words.push_back(word("a word"));
  expect(")");
  return words;
}

std::vector<std::string> Cursor::some_words(std::string_view what) {
  std::vector<std::string> all = words();
  if (all.empty()) fail(fmt::format("there is nothing where {} is expected", what));
  return all;
}

void Cursor::words_with_values() {
  expect("(");
  while (more() && !next_is(")")) ++at_;
  expect(")");
}

std::vector<Token> Cursor::tokens_since(std::size_t place) const {
  return {tokens_.begin() + static_cast<std::ptrdiff_t>(place), tokens_.begin() + static_cast<std::ptrdiff_t>(at_)};
}

std::string Cursor::since(std::size_t place) const {
  std::string text;
  for (std::size_t i = place; i < at_; ++i) {
    const Token& token = tokens_[i];
    const bool is_value = text.ends_with('=') && !text.ends_with("<=");
    const bool is_glued =
        text.empty() || text.back() == '(' || is_value || token.is(")") || token.is(",") || token.is("=");
    if (!is_glued) text += ' ';
    text += token.kind == Token::Kind::quoted ? '"' + token.text + '"' : token.text;
  }
  return text;
}

std::string Cursor::rest_of_rule() {
  const std::size_t begin = at_;
  for (int depth = 0; more() && (depth > 0 || (!next_is(",") && !next_is("}"))); ++at_)
    depth += (next_is("(") ? 1 : 0) - (next_is(")") ? 1 : 0);
  return since(begin);
}

}  // namespace polc::apparmor
