#include "apparmor/read_tokens.hpp"

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
        add(Token::Kind::mark, 2);
      } else if (std::string_view("{}(),=").find(c) != std::string_view::npos) {
        add(Token::Kind::mark, 1);
      } else {
        word();
      }
    }
    return std::move(tokens_);
  }

 private:
  bool skip_blanks() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#') at_ = std::min(text_.find('\n', at_), text_.size());
      else if (is_space(text_[at_])) line_ += text_[at_++] == '\n';
      else return true;
    }
    return false;
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

  // A path without quotes may hold braces with commas inside; other words end at any mark.
  void word() {
    const std::size_t begin = at_;
    const bool is_path = text_[at_] == '/' || text_[at_] == '@';
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

  void add(Token::Kind kind, std::size_t length) {
    tokens_.push_back({kind, std::string(text_.substr(at_, length)), line_});
    at_ += length;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  std::vector<Token> tokens_;
};

}  // namespace

tl::expected<std::vector<Token>, target::ReadError> tokens_of(std::string_view text) { return Scanner(text).run(); }

}  // namespace polc::apparmor
