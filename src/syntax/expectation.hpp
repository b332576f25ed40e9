// A set of token kinds in a reader's words: "expected a name or `{`".
#pragma once

#include <span>
#include <string>

#include "syntax/scanner.hpp"

namespace polc::syntax {

/// Folds the set ("a name" instead of a hundred words). A set of too many things yields "it cannot stand here".
std::string in_words(std::span<const TokenKind> expected);

/// Whether a statement, an item or an entry of a block begins with this word.
bool opens_statement(TokenKind kind);

}  // namespace polc::syntax
