#include "apparmor/read_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace polc::apparmor {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  tl::expected<std::vector<Token>, target::ReadError> run() {
    while (skip_blanks()) {
      const char c = text_[at_];
      if (c == '"') {
        if (!quoted()) return tl::unexpected(target::ReadError{line_, "a quoted name has no end"});
      } else if (text_.substr(at_, 2) == "->") {
        mark(2);
      } else if (std::string_view("{}(),=").find(c) != std::string_view::npos && !(c == '{' && is_label())) {
        mark(1);
      } else {
        word();
      }
    }
    return std::move(tokens_);
  }

 private:
  bool skip_blanks() {
    while (at_ < text_.size()) {
      if (is_include()) return ++at_, true;  // without its `#`, which is no comment here
      if (text_[at_] == '#') at_ = std::min(text_.find('\n', at_), text_.size());
      else if (is_space(text_[at_])) line_ += text_[at_++] == '\n';
      else return true;
    }
    return false;
  }

  bool is_include() const {
    constexpr std::string_view word = "#include";
    if (!text_.substr(at_).starts_with(word)) return false;
    const std::size_t behind = at_ + word.size();
    return behind < text_.size() && (is_space(text_[behind]) || text_[behind] == '<' || text_[behind] == '"');
  }

  bool quoted() {
    const std::size_t begin = ++at_;
    for (; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      if (text_[at_] == '\\') ++at_;
      else if (text_[at_] == '"') {
        tokens_.push_back({Token::Kind::quoted, std::string(text_.substr(begin, at_++ - begin)), line_});
        return true;
      }
    }
    return false;
  }

  /// Behind `peer=` stands a pattern of labels.
  bool is_label() const {
    return tokens_.size() > 1 && tokens_.back().is("=") && tokens_[tokens_.size() - 2].is("peer");
  }

  // A path without quotes may hold braces with commas inside; other words end at any mark.
  void word() {
    const std::size_t begin = at_;
    const bool is_path = text_[at_] == '/' || text_[at_] == '@' || is_label();
    int depth = 0;
    for (; at_ < text_.size() && !is_space(text_[at_]); ++at_) {
      const char c = text_[at_];
      if (c == '\\') ++at_;
      else if (is_path && c == '{') ++depth;
      else if (is_path && c == '}') --depth;
      else if (c == '(' || c == ')') break;
      else if (c == ',' && depth == 0) break;
      else if (!is_path && (c == '{' || c == '}' || c == '=')) break;
    }
    at_ = std::min(at_, text_.size());
    tokens_.push_back({Token::Kind::word, std::string(text_.substr(begin, at_ - begin)), line_});
  }

  void mark(std::size_t length) {
    tokens_.push_back({Token::Kind::mark, std::string(text_.substr(at_, length)), line_});
    at_ += length;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  std::vector<Token> tokens_;
};

}  // namespace

tl::expected<std::vector<Token>, target::ReadError> tokens_of(std::string_view text) { return Scanner(text).run(); }

unsigned Cursor::line() const { return at_ < tokens_.size() ? tokens_[at_].line : tokens_.empty() ? 1 : tokens_.back().line; }

bool Cursor::next_is_path() const {
  return at_ < tokens_.size() && (tokens_[at_].kind == Token::Kind::quoted || tokens_[at_].text.starts_with('/'));
}

bool Cursor::take(std::string_view mark) {
  if (!next_is(mark)) return false;
  ++at_;
  return true;
}

void Cursor::fail(unsigned line, std::string message) {
  if (good()) error_ = {line, std::move(message)};
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

std::string Cursor::since(std::size_t place) const {
  std::string text;
  for (std::size_t i = place; i < at_; ++i) {
    const Token& token = tokens_[i];
    const bool is_value = text.ends_with('=') && !text.ends_with("<=");
    const bool is_glued = text.empty() || text.back() == '(' || is_value || token.is(")") || token.is(",") || token.is("=");
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
