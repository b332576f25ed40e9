#include "driver/profile.hpp"

#include <charconv>
#include <optional>
#include <vector>

#include "support/lines.hpp"

namespace polc::driver {
namespace {

std::vector<std::string_view> words_of(std::string_view line, std::string_view separators) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t start = line.find_first_not_of(separators);
    if (start == std::string_view::npos) break;
    line.remove_prefix(start);
    const std::size_t end = std::min(line.find_first_of(separators), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

std::optional<std::uint64_t> count_of(std::string_view text) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count > (std::uint64_t{1} << 48)) return std::nullopt;
  return count;
}

bool is_decoration(const std::vector<std::string_view>& words) {
  return words.empty() || words[0][0] == '#' || words[0][0] == '%' || words[0][0] == '-' || words.back() == "total";
}

}  // namespace

tl::expected<Profile, ProfileError> read_profile(std::string_view text) {
  Profile profile;
  for (unsigned number = 1; !text.empty(); ++number) {
    std::string_view line = take_line(text);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    const bool is_table = line.find(',') == std::string_view::npos;
    const auto words = words_of(line, is_table ? " \t" : " \t,");
    if (is_decoration(words) || (number == 1 && words == std::vector<std::string_view>{"syscall", "count"})) continue;
    // strace -c: % time, seconds, usecs/call, calls, errors (often empty), syscall
    const bool is_row = is_table ? words.size() == 5 || words.size() == 6 : words.size() == 2;
    const auto count = is_row ? count_of(words[is_table ? 3 : 1]) : std::nullopt;
    if (!count) return tl::unexpected(ProfileError{number, "it is neither `CALL,COUNT` nor a line of strace -c"});
    profile[std::string(is_table ? words.back() : words[0])] += *count;
  }
  return profile;
}

}  // namespace polc::driver
