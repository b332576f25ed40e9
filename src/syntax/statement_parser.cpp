#include "syntax/statement_parser.hpp"

#include <deque>

#include "PolicyParser.h"
#include "support/check.hpp"

namespace polc::syntax {
namespace {

using Parser = grammar::PolicyParser;

// A token of ANTLR's in 32 bytes; its own CommonToken takes 112 and a lock. Text is looked up by range, never asked of
// it.
class Word final : public antlr4::Token {
 public:
  Word(const Lexeme& lexeme, std::size_t index)
      : kind_(lexeme.kind), index_(index), begin_(lexeme.begin), end_(lexeme.end) {}
  std::string getText() const override { return {}; }
  std::size_t getType() const override { return kind_; }
  std::size_t getLine() const override { return 0; }
  std::size_t getCharPositionInLine() const override { return 0; }
  std::size_t getChannel() const override { return DEFAULT_CHANNEL; }
  std::size_t getTokenIndex() const override { return index_; }
  std::size_t getStartIndex() const override { return begin_; }
  std::size_t getStopIndex() const override { return std::size_t{end_} - 1; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  antlr4::CharStream* getInputStream() const override { return nullptr; }
  std::string toString() const override { return {}; }

  Lexeme lexeme() const { return {kind_, begin_, end_}; }
  void retype(TokenKind kind) { kind_ = kind; }

 private:
  TokenKind kind_;
  std::size_t index_;
  std::uint32_t begin_;
  std::uint32_t end_;
};

// The tokens from the start of this statement to as far as somebody looked. Indices count from the start of the file.
class Window final : public antlr4::TokenStream {
 public:
  explicit Window(TokenFeed& feed) : feed_(feed) {}

  void forget_consumed() {
    if (at_ == first_) return;
    previous_ = words_[at_ - first_ - 1].lexeme();
    words_.erase(words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(at_ - first_));
    first_ = at_;
    feed_.begin_statement();
  }
  Word& ahead(std::size_t count) {
    if (count == 0 && here_ != nullptr) return *here_;
    const auto wanted = at_ + count - first_;
    while (wanted >= words_.size() && (words_.empty() || words_.back().getType() != end_of_text))
      words_.emplace_back(feed_.next(), first_ + words_.size());
    Word& word = words_[std::min(wanted, words_.size() - 1)];
    if (count == 0) here_ = &word;
    return word;
  }
  Lexeme previous() const { return at_ > first_ ? words_[at_ - first_ - 1].lexeme() : previous_; }

  antlr4::Token* LT(ssize_t k) override {
    if (k > 0) return &ahead(static_cast<std::size_t>(k - 1));
    const auto back = static_cast<std::size_t>(-k);
    return k == 0 || back > at_ - first_ ? nullptr : &words_[at_ - first_ - back];
  }
  std::size_t LA(ssize_t k) override {
    const auto* token = LT(k);
    return token == nullptr ? static_cast<std::size_t>(antlr4::Token::INVALID_TYPE) : token->getType();
  }
  void consume() override {
    if (ahead(0).getType() != end_of_text) go_to(at_ + 1);
  }
  void seek(std::size_t index) override { go_to(std::max(index, first_)); }  // the parser's reset seeks to 0
  std::size_t index() override { return at_; }
  std::size_t size() override { return first_ + words_.size(); }
  antlr4::Token* get(std::size_t index) const override { return const_cast<Word*>(&words_.at(index - first_)); }

  ssize_t mark() override { return 0; }  // nothing goes away inside a statement
  void release(ssize_t) override {}
  std::string getSourceName() const override { return {}; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  std::string getText(const antlr4::misc::Interval&) override { return {}; }
  std::string getText() override { return {}; }
  std::string getText(antlr4::RuleContext*) override { return {}; }
  std::string getText(antlr4::Token*, antlr4::Token*) override { return {}; }

 private:
  void go_to(std::size_t index) {
    at_ = index;
    here_ = nullptr;
  }

  TokenFeed& feed_;
  std::deque<Word> words_;  // a deque: trees point at tokens while more are read
  std::size_t first_ = 0;   // the index of words_[0]
  std::size_t at_ = 0;
  Word* here_ = nullptr;  // the word at at_, once somebody asked: most questions are for it
  Lexeme previous_;
};

// What leaves the generated parser at the first token that does not fit. Not a RecognitionException: those it catches.
struct Misfit {
  std::size_t index;
  std::vector<TokenKind> expected;
};

// Never repairs anything: one good message a statement is made from where it failed, by the caller.
class StopAtFirst final : public antlr4::ANTLRErrorStrategy {
 public:
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
  /// At this token the full set of what is expected is worked out. It is too slow to do so everywhere.
  void explain_at(std::size_t index) { explained_ = index; }

  void sync(antlr4::Parser* parser) override {
    if (parser->getTokenStream()->index() != explained_) return;
    // Before an optional part or a loop: here the set still holds both what could go on and what could follow.
    const auto type = parser->getCurrentToken()->getType();
    if (!parser->getExpectedTokens().contains(static_cast<ssize_t>(type))) stop(parser);
  }
  antlr4::Token* recoverInline(antlr4::Parser* parser) override { stop(parser); }
  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) override {
    if (dynamic_cast<const antlr4::NoViableAltException*>(&error) == nullptr) stop(parser);
    throw Misfit{error.getOffendingToken()->getTokenIndex(), {}};
  }
  void recover(antlr4::Parser* parser, std::exception_ptr) override { stop(parser); }
  void reset(antlr4::Parser*) override {}
  bool inErrorRecoveryMode(antlr4::Parser*) override { return false; }
  void reportMatch(antlr4::Parser*) override {}

 private:
  [[noreturn]] void stop(antlr4::Parser* parser) const {
    const auto index = parser->getTokenStream()->index();
    Misfit misfit{index, {}};
    if (index == explained_)
      for (const auto kind : parser->getExpectedTokens().toList())
        misfit.expected.push_back(static_cast<TokenKind>(kind));
    throw misfit;
  }
  std::size_t explained_ = nowhere;
};

Context* run(Parser& parser, Entry entry) {
  switch (entry) {
    case Entry::version: return parser.version();
    case Entry::item: return parser.itemOpening();
    case Entry::statement: return parser.stmtOpening();
    case Entry::otherwise: return parser.elseOpening();
    case Entry::let: return parser.let();
    case Entry::target_entry: return parser.targetEntry();
    case Entry::expected_rule: return parser.expectedRule();
    case Entry::question: return parser.question();
  }
  POLC_CHECK(false, "every entry has a rule");
}

}  // namespace

struct StatementParser::Machinery {
  explicit Machinery(TokenFeed& feed) : window(feed), fast(&window), careful(&window) {
    const auto prepare = [](Parser& parser, antlr4::atn::PredictionMode mode, std::shared_ptr<StopAtFirst> strategy) {
      parser.removeErrorListeners();
      parser.setErrorHandler(std::move(strategy));
      parser.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(mode);
    };
    prepare(fast, antlr4::atn::PredictionMode::SLL, std::make_shared<StopAtFirst>());
    prepare(careful, antlr4::atn::PredictionMode::LL, explaining);
  }

  Window window;
  std::shared_ptr<StopAtFirst> explaining = std::make_shared<StopAtFirst>();
  Parser fast;     // SLL: right whenever it succeeds
  Parser careful;  // LL: has the last word, and says what it expected
};

StatementParser::StatementParser(TokenFeed& feed) : machinery_(std::make_unique<Machinery>(feed)) {}
StatementParser::~StatementParser() = default;

Context* StatementParser::parse(Entry entry) {
  auto& [window, explaining, fast, careful] = *machinery_;
  window.forget_consumed();
  const auto start = window.index();
  std::size_t stopped_at = StopAtFirst::nowhere;
  fast.reset();  // frees the tree of the last statement
  try {
    return run(fast, entry);
  } catch (const Misfit& misfit) {
    stopped_at = misfit.index;
  }
  window.seek(start);
  careful.reset();
  explaining->explain_at(stopped_at);
  try {
    return run(careful, entry);
  } catch (const Misfit& misfit) {
    failure_ = {misfit.index - start, misfit.expected};
  }
  window.seek(start);
  return nullptr;
}

Lexeme StatementParser::peek(std::size_t ahead) { return machinery_->window.ahead(ahead).lexeme(); }
Lexeme StatementParser::previous() const { return machinery_->window.previous(); }

void StatementParser::skip(std::size_t count) {
  for (; count > 0; --count) {
    machinery_->window.consume();
    machinery_->window.forget_consumed();
  }
}

void StatementParser::retype(std::size_t ahead, TokenKind kind) { machinery_->window.ahead(ahead).retype(kind); }

}  // namespace polc::syntax
