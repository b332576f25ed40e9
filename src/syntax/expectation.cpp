#include "syntax/expectation.hpp"

#include <algorithm>
#include <vector>

#include "PolicyLexer.h"

namespace polc::syntax {
namespace {

using Lexer = grammar::PolicyLexer;
using Kinds = std::vector<TokenKind>;

// When all of `signs` are expected, `phrase` says so for `covered` too.
struct Group {
  Kinds signs;
  std::string_view phrase;
  Kinds covered;
  bool covers_words = false;  // and every word that is not reserved
};

const Kinds& openers() {
  static const Kinds kinds{Lexer::ALLOW_,   Lexer::DENY_,   Lexer::LET_,     Lexer::PROGRAM_,     Lexer::DEFAULT_,
                           Lexer::USE_,     Lexer::WHEN_,   Lexer::TARGET_,  Lexer::DEPLOY_,      Lexer::LIMIT_,
                           Lexer::EXPECT_,  Lexer::IMPORT_, Lexer::VARIANT_, Lexer::ABSTRACTION_, Lexer::POLICY_,
                           Lexer::OVERLAY_, Lexer::RAW_,    Lexer::OPTION_};
  return kinds;
}

// In this order: an earlier group takes its kinds away from the later ones.
const std::vector<Group>& groups() {
  static const std::vector<Group> table{
      {{Lexer::ID}, "a name", {}, true},
      {{Lexer::ALLOW_, Lexer::WHEN_}, "a statement", {Lexer::AT}, true},
      {{Lexer::POLICY_, Lexer::IMPORT_}, "`policy`, `let` or another declaration", {Lexer::AT}, true},
      {{Lexer::ALLOW_, Lexer::DENY_}, "`allow` or `deny`", {Lexer::AT}},
      {{Lexer::READ_, Lexer::CONNECT_, Lexer::SYSCALL_}, "an access such as `read` or `connect`", {}, true},
      {{Lexer::READ_, Lexer::WRITE_}, "a file access such as `read`", {}, true},
      {{Lexer::CONNECT_, Lexer::BIND_}, "a network access such as `connect`", {}, true},
      {{Lexer::STRING, Lexer::INT, Lexer::LBRACE},
       "a value",
       {Lexer::VAR, Lexer::IP4, Lexer::IP6, Lexer::USER_, Lexer::GROUP_, Lexer::ANY_, Lexer::ANY4_, Lexer::ANY6_}},
      {{Lexer::TCP_, Lexer::UNIX_},
       "a protocol",
       {Lexer::UDP_, Lexer::SCTP_, Lexer::ICMP_, Lexer::NETLINK_, Lexer::PACKET_, Lexer::ANY_, Lexer::INET_, Lexer::INET6_}},
      {{Lexer::TCP_, Lexer::UDP_}, "a protocol", {Lexer::SCTP_, Lexer::ICMP_}},
      {{Lexer::IP4}, "an address", {Lexer::IP6, Lexer::ANY_, Lexer::ANY4_, Lexer::ANY6_}},
      {{Lexer::STREAM_, Lexer::DGRAM_}, "a socket type", {Lexer::SEQPACKET_, Lexer::RAW_}},
      {{Lexer::FIFO_, Lexer::CHARDEV_},
       "a file type",
       {Lexer::FILE_, Lexer::DIR_, Lexer::SOCKET_, Lexer::SYMLINK_, Lexer::BLOCKDEV_}},
      {{Lexer::OWNER_, Lexer::REQUEST_}, "a qualifier such as `owner`", {Lexer::MODE_, Lexer::TYPE_}},
      {{Lexer::EQ, Lexer::LT}, "a comparison", {Lexer::NE, Lexer::LE, Lexer::GT, Lexer::GE, Lexer::IN_, Lexer::AMP}},
      {{Lexer::STRING}, "a string in double quotes", {}},
      {{Lexer::VAR}, "a variable", {}},
      {{Lexer::INT}, "a number", {}},
      {{Lexer::SIZE}, "a size", {}},
      {{end_of_text}, "the end", {}},
  };
  return table;
}

bool is_soft_word(TokenKind kind) {
  return is_word(kind) && kind != Lexer::AND_ && kind != Lexer::OR_ && kind != Lexer::NOT_ && kind != Lexer::IN_;
}

std::vector<std::string> phrases_of(Kinds left) {
  const auto expects = [&left](TokenKind kind) { return std::find(left.begin(), left.end(), kind) != left.end(); };
  const auto among = [](const Kinds& kinds, TokenKind kind) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  };
  std::vector<std::string> phrases;
  for (const auto& group : groups()) {
    if (!std::all_of(group.signs.begin(), group.signs.end(), expects)) continue;
    phrases.emplace_back(group.phrase);
    const auto said = [&](TokenKind kind) {
      return among(group.signs, kind) || among(group.covered, kind) || (group.covers_words && is_soft_word(kind));
    };
    left.erase(std::remove_if(left.begin(), left.end(), said), left.end());
  }
  for (const auto kind : left)
    if (const auto spelt = spelling_of(kind); !spelt.empty()) phrases.push_back("`" + std::string(spelt) + "`");
  return phrases;
}

}  // namespace

std::string in_words(std::span<const TokenKind> expected) {
  constexpr std::size_t most = 6;
  const auto phrases = phrases_of(Kinds(expected.begin(), expected.end()));
  if (phrases.empty() || phrases.size() > most) return "it cannot stand here";
  std::string text = "expected " + phrases.front();
  for (std::size_t i = 1; i < phrases.size(); ++i) text += (i + 1 == phrases.size() ? " or " : ", ") + phrases[i];
  return text;
}

bool opens_statement(TokenKind kind) { return std::find(openers().begin(), openers().end(), kind) != openers().end(); }

}  // namespace polc::syntax
