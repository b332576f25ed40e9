// gradm's lexer (gradm.l of 3.1): blanks and newlines only separate, braces are thrown away, and a path takes
// everything up to the next blank, also a brace glued to it.
#include "grsecurity/syntax.hpp"

#include <algorithm>
#include <charconv>

namespace polc::grsecurity {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  tl::expected<Tokens, target::ReadError> run() {
    while (at_ < text_.size()) {
      if (const auto wrong = step()) return tl::unexpected(target::ReadError{line_, *wrong});
    }
    result_.tokens.push_back({Token::Kind::end, {}, line_});
    return std::move(result_);
  }

 private:
  std::optional<std::string> step() {
    const char c = text_[at_];
    if (c == '\n') ++line_;
    if (is_blank(c) || c == '{' || c == '}') {
      ++at_;
      return std::nullopt;
    }
    if (c == '\r') return "a carriage return is an invalid character";
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "an invalid character";
    if (c == '#') return comment();
    if (c == '"') return quoted();
    if (c == '!') return add(Token::Kind::bang, 1);
    return c == '/' ? path() : word();
  }

  std::optional<std::string> comment() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    const std::string_view text = text_.substr(at_, end - at_);
    if (text.find('\r') != std::string_view::npos) return "a carriage return is an invalid character";
    note_account(text);
    at_ = end;
    return std::nullopt;
  }

  // "# user tor is 1001"
  void note_account(std::string_view comment) {
    std::vector<std::string_view> words;
    while (!comment.empty()) {
      const std::size_t end = std::min(comment.find(' '), comment.size());
      if (end > 0) words.push_back(comment.substr(0, end));
      comment.remove_prefix(std::min(end + 1, comment.size()));
    }
    if (words.size() != 5 || words[0] != "#" || (words[1] != "user" && words[1] != "group") || words[3] != "is") return;
    std::uint32_t id = 0;
    const auto [rest, wrong] = std::from_chars(words[4].data(), words[4].data() + words[4].size(), id);
    if (wrong != std::errc{} || rest != words[4].data() + words[4].size()) return;
    const auto kind = words[1] == "user" ? ir::IdentityKind::user : ir::IdentityKind::group;
    result_.accounts[{kind, std::string(words[2])}] = id;
  }

  std::optional<std::string> quoted() {
    const std::size_t end = text_.find_first_of("\"\n", at_ + 1);
    if (end == std::string_view::npos || text_[end] == '\n') return "a quote without an end";
    result_.tokens.push_back({Token::Kind::path, text_.substr(at_ + 1, end - at_ - 1), line_});
    at_ = end + 1;
    return std::nullopt;
  }

  std::optional<std::string> path() {
    std::size_t end = at_;
    while (end < text_.size() && !is_blank(text_[end])) {
      if (text_[end] == '\r') return "a carriage return is an invalid character";
      if (text_[end] == '"') return "a quote inside a path";
      ++end;
    }
    return add(Token::Kind::path, end - at_);
  }

  std::optional<std::string> word() {
    std::size_t end = at_;
    while (end < text_.size() && !is_blank(text_[end]) && text_[end] != '{' && text_[end] != '}' && text_[end] != '#') {
      if (text_[end] == '\r') return "a carriage return is an invalid character";
      ++end;
    }
    return add(Token::Kind::word, end - at_);
  }

  std::optional<std::string> add(Token::Kind kind, std::size_t length) {
    result_.tokens.push_back({kind, text_.substr(at_, length), line_});
    at_ += length;
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  Tokens result_;
};

}  // namespace

tl::expected<Tokens, target::ReadError> scan(std::string_view text) { return Scanner(text).run(); }

}  // namespace polc::grsecurity
