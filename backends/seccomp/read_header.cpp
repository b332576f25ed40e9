// A C header: its instructions, each a line `{code, jt, jf, k},`, and the code around them, which decides whether and how the
// filter is installed. Code is compared by its letters, line by line in order; what it does is not followed.
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "seccomp/read.hpp"

#include "support/lines.hpp"

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
  if (line.starts_with(',')) line.remove_prefix(1);
  if (line.find_first_not_of(blanks) != std::string_view::npos) return std::nullopt;
  if (numbers[0] > 0xFFFF || numbers[1] > 0xFF || numbers[2] > 0xFF) return std::nullopt;
  return numbers;
}

std::string_view trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(blanks);
  return first == std::string_view::npos ? std::string_view() : line.substr(first, line.find_last_not_of(blanks) + 1 - first);
}

/// Lines without their comments, which may go over several.
class Comments {
 public:
  std::string without(std::string_view line) {
    std::string code;
    while (!line.empty()) {
      const auto next = line.find(is_open_ ? "*/" : "/");
      if (next == std::string_view::npos) return is_open_ ? code : code.append(line);
      if (!is_open_) code.append(line.substr(0, next));
      line.remove_prefix(next);
      if (!is_open_ && line.starts_with("//")) return code;
      const bool turns = is_open_ || line.starts_with("/*");
      if (!turns) code += line.front();
      line.remove_prefix(turns ? 2 : 1);
      is_open_ = is_open_ != turns;
    }
    return code;
  }

 private:
  bool is_open_ = false;
};

bool begins_filter(std::string_view line) {
  return line.find("struct sock_filter") != std::string_view::npos && line.find("= {") != std::string_view::npos;
}

}  // namespace

ListingResult listing_from_header(std::string_view text) {
  Listing listing;
  Comments comments;
  bool is_inside = false;
  for (unsigned number = 1; !text.empty(); ++number) {
    const std::string code = comments.without(take_line(text));
    const std::string_view line = trimmed(code);
    const bool begins = begins_filter(line), ends = is_inside && line.substr(0, 2) == "};";
    if (begins && !listing.program.empty()) return tl::unexpected(target::ReadError{number, "a second filter"});
    const bool is_instruction = is_inside && !begins && !ends;
    is_inside = begins || is_instruction;
    if (line.empty()) continue;
    if (!is_instruction) {
      listing.directives.insert({fmt::format("line {} of code: {}", listing.directives.size() + 1, line), {}, number});
      continue;
    }
    const auto numbers = numbers_from(line);
    if (!numbers) return tl::unexpected(target::ReadError{number, "not an instruction `{code, jt, jf, k},`"});
    if (listing.program.size() == longest_program)
      return tl::unexpected(target::ReadError{number, "more than 4096 instructions"});
    const auto [code_of, jt, jf, k] = *numbers;
    listing.program.push_back(
        {static_cast<std::uint16_t>(code_of), static_cast<std::uint8_t>(jt), static_cast<std::uint8_t>(jf), k});
    listing.lines.push_back(number);
  }
  return listing;
}

}  // namespace polc::seccomp
