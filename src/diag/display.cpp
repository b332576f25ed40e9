#include "diag/display.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

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
// Controls, and marks that reorder or hide the text around them ("Trojan source").
constexpr std::array unsafe{Range{0x00, 0x1F},     Range{0x7F, 0x9F},      Range{0x061C, 0x061C},
                            Range{0x200B, 0x200F}, Range{0x2028, 0x202E},  Range{0x2060, 0x206F},
                            Range{0xFEFF, 0xFEFF}, Range{0xE0000, 0xE007F}};

template <class Ranges>
bool holds(const Ranges& ranges, std::uint32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [c](Range r) { return c >= r.first && c <= r.last; });
}

struct Character {
  std::uint32_t code = 0;
  std::size_t length = 1;
  bool valid = false;
};

Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const auto first = byte(at);
  if (first < 0x80) return {first, 1, true};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + length > text.size()) return {};
  std::uint32_t code = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(at + i) & 0x3F);
  }
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};  // by length: anything below is overlong
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < least[length] || code > 0x10FFFF || surrogate) return {};
  return {code, length, true};
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
  } else if (!character.valid || holds(unsafe, character.code)) {
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
