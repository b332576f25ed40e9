// The instructions of a C header: every line `{code, jt, jf, k},` and nothing else.
#include <array>
#include <charconv>

#include "seccomp/read.hpp"

namespace polc::seccomp {
namespace {

constexpr std::string_view blanks = " \t\r";

// The four numbers of an initialiser; nullopt: the line is none.
std::optional<std::array<std::uint32_t, 4>> numbers_from(std::string_view line) {
  const auto first = line.find_first_not_of(blanks);
  if (first == std::string_view::npos || line[first] != '{') return std::nullopt;
  line.remove_prefix(first + 1);
  std::array<std::uint32_t, 4> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    const bool is_hex = line.substr(0, 2) == "0x";
    if (is_hex) line.remove_prefix(2);
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), numbers[i], is_hex ? 16 : 10);
    if (error != std::errc{}) return std::nullopt;
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    if (line.empty() || line.front() != (i + 1 < numbers.size() ? ',' : '}')) return std::nullopt;
    line.remove_prefix(1);
  }
  if (numbers[0] > 0xFFFF || numbers[1] > 0xFF || numbers[2] > 0xFF) return std::nullopt;
  return numbers;
}

}  // namespace

ListingResult listing_from_header(std::string_view text) {
  Listing listing;
  bool is_inside = false;
  for (unsigned number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find("struct sock_filter") != std::string_view::npos && line.find("= {") != std::string_view::npos) {
      if (!listing.program.empty()) return tl::unexpected(target::ReadError{number, "a second filter"});
      is_inside = true;
      continue;
    }
    if (is_inside && line.substr(0, 2) == "};") is_inside = false;
    if (!is_inside) continue;
    const auto numbers = numbers_from(line);
    if (!numbers) return tl::unexpected(target::ReadError{number, "not an instruction `{code, jt, jf, k},`"});
    if (listing.program.size() == longest_program)
      return tl::unexpected(target::ReadError{number, "more than 4096 instructions"});
    const auto [code, jt, jf, k] = *numbers;
    listing.program.push_back(
        {static_cast<std::uint16_t>(code), static_cast<std::uint8_t>(jt), static_cast<std::uint8_t>(jf), k});
    listing.lines.push_back(number);
  }
  return listing;
}

}  // namespace polc::seccomp
