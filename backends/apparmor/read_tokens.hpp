// The words of a profile's text, and a cursor over them, for the reader only.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "target/reader.hpp"

namespace polc::apparmor {

struct Token {
  /// mark: one of { } ( ) , = and ->; assigned: a variable's name before `=` or `+=`, its values and a mark for the
  /// line's end
  enum class Kind : std::uint8_t { word, quoted, mark, assigned } kind{};
  std::string text;
  unsigned line = 0;
  bool is(std::string_view mark) const { return kind != Kind::quoted && text == mark; }
};

tl::expected<std::vector<Token>, target::ReadError> tokens_of(std::string_view text);

/// Goes through the words; the first thing that is wrong is kept, and ends it.
class Cursor {
 public:
  explicit Cursor(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  bool more() const { return at_ < tokens_.size() && good(); }
  bool good() const { return error_.message.empty(); }
  const target::ReadError& error() const { return error_; }
  unsigned line() const;
  std::size_t place() const { return at_; }

  std::string peek() const { return at_ < tokens_.size() ? tokens_[at_].text : std::string("the end"); }
  bool next_is(std::string_view mark) const { return at_ < tokens_.size() && tokens_[at_].is(mark); }
  bool next_is_path() const;
  bool next_is_quoted() const { return at_ < tokens_.size() && tokens_[at_].kind == Token::Kind::quoted; }
  /// Does the word begin with that sign, without quotes?
  bool next_begins(char sign) const {
    return at_ < tokens_.size() && tokens_[at_].kind == Token::Kind::word && tokens_[at_].text.front() == sign;
  }
  bool next_is_assigned() const { return at_ < tokens_.size() && tokens_[at_].kind == Token::Kind::assigned; }
  bool take(std::string_view mark);

  void fail(std::string message) { fail(line(), std::move(message)); }
  void fail(unsigned line, std::string message);
  /// Well written, but of a size that is not read.
  void fail_of_size(std::string message);
  void expect(std::string_view mark);
  std::string word(std::string_view what);
  /// One word, or several in parentheses, with or without commas between them.
  std::vector<std::string> words();
  /// The same, and at least one of them.
  std::vector<std::string> some_words(std::string_view what);
  /// Goes over what stands in parentheses, whatever it is.
  void words_with_values();
  /// The words since that place, in one spelling, and those up to the rule's comma.
  std::vector<Token> tokens_since(std::size_t place) const;
  std::string since(std::size_t place) const;
  std::string rest_of_rule();

 private:
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  target::ReadError error_;
};

}  // namespace polc::apparmor
