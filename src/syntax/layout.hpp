// The canonical layout of a policy file: the same words and comments, other blanks. Knows nothing of what they mean.
//   const std::string text = syntax::laid_out(before);   laid_out(text) == text
// Two spaces a block, one statement a line, lines of at most 120 characters where a comma, `and` or `or` lets them break, groups
// kept apart by one empty line. Of the author's own line ends those at such places stay, and a block written in one line stays
// in one if it fits.
#pragma once

#include <string>
#include <string_view>

namespace polc::syntax {

/// `text` must parse: what fits nothing would be lost, and that is checked.
std::string laid_out(std::string_view text);

}  // namespace polc::syntax
