#include "diag/display.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "support/visible.hpp"

namespace polc::diag {
namespace {

constexpr std::size_t tab_stop = 8;

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};
// Two columns: East Asian wide and full-width, and emoji. Coarse, as every terminal is; only the caret's place hangs on
// it.
constexpr std::array wide{Range{0x1100, 0x115F},  Range{0x2E80, 0x303E},   Range{0x3041, 0x33FF},
                          Range{0x3400, 0x4DBF},  Range{0x4E00, 0xA4CF},   Range{0xAC00, 0xD7A3},
                          Range{0xF900, 0xFAFF},  Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},
                          Range{0xFFE0, 0xFFE6},  Range{0x1F300, 0x1F64F}, Range{0x1F900, 0x1F9FF},
                          Range{0x20000, 0x3FFFD}};
constexpr std::array combining{Range{0x0300, 0x036F}, Range{0x1AB0, 0x1AFF}, Range{0x20D0, 0x20FF},
                               Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}};
constexpr std::array controls{Range{0x00, 0x1F}, Range{0x7F, 0x9F}};

template <class Ranges>
bool holds(const Ranges& ranges, std::uint32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [c](Range r) { return c >= r.first && c <= r.last; });
}

std::string escaped(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
  }
  return text;
}

// The character at `part[at]`, as it is printed behind `column` columns.
Cell cell_at(std::string_view part, std::size_t at, std::size_t column) {
  const auto character = character_at(part, at);
  Cell cell{at, at + character.length, column, 1, std::string(part.substr(at, character.length))};
  if (part[at] == '\t') {
    cell.width = tab_stop - column % tab_stop;
    cell.text = std::string(cell.width, ' ');
  } else if (!character.valid || holds(controls, character.code) || is_invisible(character.code)) {
    cell.text = escaped(cell.text);
    cell.width = cell.text.size();
  } else if (holds(wide, character.code)) {
    cell.width = 2;
  } else if (holds(combining, character.code)) {
    cell.width = 0;
  }
  return cell;
}

}  // namespace

std::vector<Cell> cells_of(std::string_view part, std::size_t from) {
  std::vector<Cell> cells;
  std::size_t column = 0;
  for (std::size_t at = 0; at < part.size();) {
    auto cell = cell_at(part, at, column);
    at = cell.end;
    column += cell.width;
    cell.begin += from;
    cell.end += from;
    cells.push_back(std::move(cell));
  }
  return cells;
}

std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto cell = cell_at(text, at, 0);
    result += text[at] == '\t' ? escaped("\t") : cell.text;
    at = cell.end;
  }
  return result;
}

}  // namespace polc::diag
