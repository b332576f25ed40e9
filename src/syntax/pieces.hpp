// A file as words and comments in their order, with the lines between them. Internal to the layout.
#pragma once

#include <string_view>
#include <vector>

namespace polc::syntax {

struct Piece {
  std::string_view text;
  bool is_comment = false;
  unsigned lines_before = 0;  // line ends between the previous piece and this one
};

std::vector<Piece> pieces_of(std::string_view text);

/// What stands around a word inside a statement, for the blanks between it and the next one.
struct Surroundings {
  bool in_annotation = false;
  bool takes_arguments = false;  // the statement's names have parentheses: use, abstraction
};

bool is_apart(std::string_view before, std::string_view after, const Surroundings& where);

}  // namespace polc::syntax
