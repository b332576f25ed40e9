// One rule: words, strings and the grammar. systrace declares no precedence, so yacc shifts: `and` and `or` are
// right-associative with equal weight, and `not` takes everything behind it.
#include <algorithm>
#include <array>
#include <cctype>

#include "systrace/error_names.hpp"
#include "systrace/syntax.hpp"

namespace polc::systrace::syntax {
namespace {

// Deeper than this no policy nests; it bounds the parser's recursion.
constexpr unsigned deepest = 500;

struct Token {
  enum class Kind : std::uint8_t { word, string, mark, end };
  Kind kind = Kind::end;
  std::string text;
};

bool is_word_start(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '/'; }
// lex.l lets a word go on through brackets: `true)` is one word, and unknown.
bool goes_on(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || std::string_view("_().-/$").find(c) != std::string_view::npos;
}

/// Splits a rule; the message says what is no token.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  tl::expected<std::vector<Token>, std::string> run() {
    std::vector<Token> tokens;
    while (true) {
      while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
      if (at_ == text_.size()) break;
      Token token;
      if (const char c = text_[at_]; c == '"') {
        if (!string(token)) return tl::unexpected(message_);
      } else if (is_word_start(c) || std::isdigit(static_cast<unsigned char>(c))) {
        token.kind = Token::Kind::word;
        while (at_ < text_.size() && goes_on(text_[at_])) token.text += text_[at_++];
      } else if (text_.substr(at_, 2) == "->") {
        token = {Token::Kind::word, "then"};
        at_ += 2;
      } else if (std::string_view("()[]:").find(c) != std::string_view::npos) {
        token = {Token::Kind::mark, std::string{c}};
        ++at_;
      } else {
        return tl::unexpected(std::string("syntax error at `") + c + "`");
      }
      tokens.push_back(std::move(token));
    }
    tokens.push_back({});
    return tokens;
  }

 private:
  bool string(Token& token) {
    token.kind = Token::Kind::string;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        c = text_[++at_];
        c = c == 'n' ? '\n' : c == 'r' ? '\r' : c;
      }
      token.text += c;
    }
    if (at_ == text_.size()) {
      message_ = "a string is not closed";
      return false;
    }
    ++at_;
    for (const std::string_view name : {"$HOME", "$USER", "$CWD"})
      if (const auto found = token.text.find(name); found != std::string::npos) {
        const char next = found + name.size() < token.text.size() ? token.text[found + name.size()] : ' ';
        if (std::isalnum(static_cast<unsigned char>(next))) continue;
        message_ = "`" + std::string(name) + "` depends on who runs the program";
        return false;
      }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string message_;
};

std::string in_small_letters(std::string_view word) {
  std::string text(word);
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool is_keyword(std::string_view word) {
  constexpr std::array<std::string_view, 11> others{"and",  "or",  "not", "true", "then", "permit",
                                                    "deny", "ask", "log", "as",   "if"};
  return std::find(operator_names.begin(), operator_names.end(), word) != operator_names.end() ||
         std::find(others.begin(), others.end(), word) != others.end();
}

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  bool filter(Rule& rule) {
    if (!expression(rule.condition, 0)) return false;
    if (!word("then")) return fail("`then` is expected");
    return action(rule) && elevation(rule) &&
           (here().kind == Token::Kind::end || fail("something stands behind the rule's end"));
  }
  const std::string& message() const { return message_; }

 private:
  const Token& here() const { return tokens_[at_]; }
  bool fail(std::string message) {
    if (message_.empty()) message_ = std::move(message);
    return false;
  }
  bool take(Token::Kind kind, std::string_view text) {
    if (here().kind != kind || here().text != text) return false;
    ++at_;
    return true;
  }
  bool word(std::string_view text) { return take(Token::Kind::word, text); }
  bool mark(std::string_view text) { return take(Token::Kind::mark, text); }

  bool expression(Expression& out, unsigned depth) {
    if (depth > deepest) return fail("nested too deep");
    if (word("not")) {
      out.kind = Expression::Kind::negation;
      return expression(out.terms.emplace_back(), depth + 1);
    }
    Expression left;
    if (!operand(left, depth)) return false;
    const bool both = word("and");
    if (!both && !word("or")) {
      out = std::move(left);
      return true;
    }
    out.kind = both ? Expression::Kind::both : Expression::Kind::either;
    out.terms.push_back(std::move(left));
    return expression(out.terms.emplace_back(), depth + 1);
  }

  bool operand(Expression& out, unsigned depth) {
    if (mark("(")) return expression(out, depth + 1) && (mark(")") || fail("`)` is expected"));
    if (word("true")) return true;
    return test(out);
  }

  bool test(Expression& out) {
    const bool is_number = std::isdigit(static_cast<unsigned char>(here().text.empty() ? ' ' : here().text[0])) != 0;
    if (here().kind != Token::Kind::word || is_number || is_keyword(here().text)) return fail("an argument's name is expected");
    out.kind = Expression::Kind::test;
    out.argument = tokens_[at_++].text;
    if (out.argument.find_first_of("()") != std::string::npos)
      return fail("`" + out.argument + "` is one word; blanks go round parentheses");
    out.argument = in_small_letters(out.argument);
    if (mark("[")) {
      if (here().text.size() != 1 || !std::isdigit(static_cast<unsigned char>(here().text[0])))
        return fail("an index is 0 to 9");
      out.index = static_cast<unsigned>(tokens_[at_++].text[0] - '0');
      if (!mark("]")) return fail("`]` is expected");
    }
    const auto op = std::find(operator_names.begin(), operator_names.end(), here().text);
    if (here().kind != Token::Kind::word || op == operator_names.end()) return fail("an operator is expected");
    out.op = static_cast<Operator>(op - operator_names.begin());
    ++at_;
    if (here().kind != Token::Kind::string) return fail("a string is expected");
    out.text = tokens_[at_++].text;
    return out.op != Operator::re || compile(out);
  }

  bool compile(Expression& out) {
    out.regex = Regex::make(out.text);
    return out.regex != nullptr || fail("a bad regular expression, or one whose repetitions make it too large");
  }

  bool action(Rule& rule) {
    if (word("permit")) rule.action = Action::permit;
    else if (word("deny")) rule.action = Action::deny;
    else if (word("ask")) rule.action = Action::ask;
    else return fail("permit, deny or ask is expected");
    if (mark("[")) {
      if (here().kind != Token::Kind::word) return fail("a word is expected between brackets");
      rule.word = tokens_[at_++].text;
      if (rule.action == Action::permit) rule.word = in_small_letters(rule.word);
      if (!mark("]")) return fail("`]` is expected");
    }
    if (word("log")) rule.aside += " log";
    return true;
  }

  bool elevation(Rule& rule) {
    if (!word("as")) return true;
    rule.aside += " as ";
    if (here().kind == Token::Kind::word) rule.aside += tokens_[at_++].text;
    if (mark(":")) {
      if (here().kind != Token::Kind::word) return fail("a group is expected");
      rule.aside += ":" + tokens_[at_++].text;
    }
    return true;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::string message_;
};

// In any case.
bool is_error_name(std::string_view word) { return has_error_name(in_capitals(word)); }

bool is_word_allowed(const Rule& rule) {
  if (rule.word.empty()) return true;
  if (rule.action != Action::permit) return is_error_name(rule.word);
  return rule.word == "inherit" || rule.word == "detach";
}

/// `user` or `group`, one of `=`, `!=`, `<`, `>`, and a word: what stands behind `if`.
bool is_predicate(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const auto skip = [&] { text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size())); };
  skip();
  if (text.starts_with("user")) text.remove_prefix(4);
  else if (text.starts_with("group")) text.remove_prefix(5);
  else return false;
  skip();
  if (text.starts_with("!=")) text.remove_prefix(2);
  else if (!text.empty() && std::string_view("=<>").find(text[0]) != std::string_view::npos) text.remove_prefix(1);
  else return false;
  skip();
  std::size_t length = 0;
  while (length < text.size() && (std::isalnum(static_cast<unsigned char>(text[length])) != 0 || std::string_view("_.-/").find(text[length]) != std::string_view::npos)) ++length;
  if (length == 0 || text[0] == '-') return false;
  text.remove_prefix(length);
  skip();
  return text.empty();
}

/// Exactly `permit`, `deny` or `deny[errno]`.
bool is_simple(std::string_view text, Rule& rule) {
  rule.simple = true;
  if (text == "permit") return true;
  rule.action = Action::deny;
  if (text == "deny") return true;
  if (text.substr(0, 5) != "deny[" || text.back() != ']') return false;
  rule.word = text.substr(5, text.size() - 6);
  return is_error_name(rule.word);
}

}  // namespace

bool names_argument(const Expression& condition) {
  return condition.kind == Expression::Kind::test || std::any_of(condition.terms.begin(), condition.terms.end(), names_argument);
}

std::string in_capitals(std::string_view word) {
  std::string text(word);
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

tl::expected<Rule, std::string> parse_rule(std::string_view text) {
  using Failure = tl::unexpected<std::string>;
  Rule rule;
  if (text.substr(0, 10) == "permit-now" || text.substr(0, 8) == "deny-now")
    return Failure("`permit-now` and `deny-now` crash systrace in a file");
  // The last one counts, wherever it stands.
  const auto if_behind = [&](std::size_t at) { return text.substr(at, 2) == "if" || text.substr(at, 3) == " if"; };
  if (const auto comma = text.rfind(','); comma != std::string_view::npos && if_behind(comma + 1)) {
    if (!is_predicate(text.substr(text.find("if", comma) + 2))) return Failure("`, if` asks for user or group, with =, !=, < or > and a name or number");
    rule.has_predicate = true;
    rule.aside = text.substr(comma + 1);
    text = text.substr(0, comma);
  }
  if (is_simple(text, rule)) return rule;
  rule.simple = false;
  rule.action = Action::permit;
  rule.word.clear();
  auto tokens = Lexer(text).run();
  if (!tokens) return Failure(std::move(tokens.error()));
  Parser parser(std::move(*tokens));
  if (!parser.filter(rule)) return Failure(parser.message());
  if (!is_word_allowed(rule)) return Failure("`" + rule.word + "` cannot stand in these brackets");
  return rule;
}

}  // namespace polc::systrace::syntax
