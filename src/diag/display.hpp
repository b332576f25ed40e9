// Bytes of a policy as a terminal may safely have them: control characters, invisible direction marks and invalid UTF-8
// become \xHH, tabs become blanks, and every character knows how many columns it takes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace polc::diag {

/// One character as it is printed.
struct Cell {
  std::size_t begin = 0;  // its bytes in the line
  std::size_t end = 0;
  std::size_t column = 0;  // columns before it, on the terminal
  std::size_t width = 0;
  std::string text;
};

/// The cells of a line, in order. `from` says which byte of the line `part` begins with.
std::vector<Cell> cells_of(std::string_view part, std::size_t from);

/// For messages and file names: as cells_of(), but line feeds and tabs are shown too.
std::string printable(std::string_view text);

}  // namespace polc::diag
