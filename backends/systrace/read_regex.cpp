#include "systrace/read_regex.hpp"

#include <algorithm>
#include <array>

namespace polc::systrace::syntax {
namespace {

using sets::GlobStep;
using sets::NumberSet;

bool beyond_ascii(const NumberSet& bytes) { return !(bytes & NumberSet::range(0x80, 0xFF)).empty(); }

bool is_repetition(std::string_view regex, std::size_t at) {
  return at < regex.size() && std::string_view("*+?{").find(regex[at]) != std::string_view::npos;
}

/// A bracket expression without a negation or a named class, as bytes.
std::optional<NumberSet> bracket(std::string_view regex, std::size_t& at) {
  const std::size_t end = end_of_bracket(regex, at);
  if (end > regex.size() || end < at + 3 || regex[end - 1] != ']' || regex[at + 1] == '^') return std::nullopt;
  const std::string_view inside = regex.substr(at + 1, end - at - 2);
  std::vector<sets::Interval<std::uint32_t>> ranges;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] == '[' && i + 1 < inside.size() && std::string_view(":.=").find(inside[i + 1]) != std::string_view::npos)
      return std::nullopt;
    const auto low = static_cast<unsigned char>(inside[i]);
    unsigned char high = low;
    if (i + 2 < inside.size() && inside[i + 1] == '-') {
      high = static_cast<unsigned char>(inside[i + 2]);
      i += 2;
    }
    if (low > high) return std::nullopt;
    ranges.push_back({low, high});
  }
  at = end;
  return NumberSet::from(std::move(ranges));
}

/// What one byte of the text may be here.
std::optional<NumberSet> one_byte(std::string_view regex, std::size_t& at) {
  if (regex[at] == '[') return bracket(regex, at);
  if (regex[at] == '\\') {
    if (at + 1 >= regex.size() || std::isalnum(static_cast<unsigned char>(regex[at + 1])) != 0) return std::nullopt;
    at += 2;
    return NumberSet::of(static_cast<unsigned char>(regex[at - 1]));
  }
  if (std::string_view(".()*+?{|^$").find(regex[at]) != std::string_view::npos) return std::nullopt;
  return NumberSet::of(static_cast<unsigned char>(regex[at++]));
}

/// A sequence of byte ranges that is the UTF-8 of a range of characters. Only the last bytes that differ may be ranges
/// from the first to the last value; otherwise there are gaps, and the sequence stands for several ranges.
std::optional<NumberSet> one_sequence(std::string_view regex) {
  std::vector<NumberSet> bytes;
  for (std::size_t at = 0; at < regex.size();) {
    auto next = one_byte(regex, at);
    if (!next || is_repetition(regex, at) || bytes.size() == 4) return std::nullopt;
    bytes.push_back(std::move(*next));
  }
  if (bytes.empty()) return std::nullopt;
  if (bytes.size() == 1) return beyond_ascii(bytes[0]) ? std::nullopt : std::optional(bytes[0]);
  constexpr std::array<std::uint32_t, 5> lead{0, 0, 0xC0, 0xE0, 0xF0}, lowest{0, 0, 0x80, 0x800, 0x10000};
  const NumberSet tails = NumberSet::range(0x80, 0xBF);
  std::uint32_t low = 0, high = 0;
  bool differs = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i].intervals().size() != 1) return std::nullopt;
    const auto [from, to] = bytes[i].intervals()[0];
    if (i > 0 && !tails.includes(bytes[i])) return std::nullopt;
    if (differs && bytes[i] != tails) return std::nullopt;
    differs |= from != to;
    const std::uint32_t base = i == 0 ? lead[bytes.size()] : 0x80;
    if (from < base) return std::nullopt;
    low = (low << 6) | (from - base);
    high = (high << 6) | (to - base);
  }
  const NumberSet characters = NumberSet::range(low, high);
  // Longer than they need be, surrogates, or too large: bytes that are no character.
  const NumberSet none = NumberSet::range(0xD800, 0xDFFF) | NumberSet::range(0x110000, ~std::uint32_t{0});
  if (low < lowest[bytes.size()] || !(characters & none).empty()) return std::nullopt;
  return characters;
}

}  // namespace

std::size_t end_of_bracket(std::string_view regex, std::size_t at) {
  ++at;
  if (at < regex.size() && regex[at] == '^') ++at;
  if (at < regex.size() && regex[at] == ']') ++at;  // first, it is itself
  const std::size_t close = regex.find(']', at);
  return close == std::string_view::npos ? regex.size() : close + 1;
}

std::vector<std::string_view> alternatives_of(std::string_view regex) {
  std::vector<std::string_view> result;
  int depth = 0;
  std::size_t begin = 1;
  for (std::size_t at = 0; at < regex.size(); ++at) {
    if (regex[at] == '\\') ++at;
    else if (regex[at] == '[') at = end_of_bracket(regex, at) - 1;
    else if (regex[at] == '(') ++depth;
    else if (regex[at] == '|' && depth == 1) {
      result.push_back(regex.substr(begin, at - begin));
      begin = at + 1;
    } else if (regex[at] == ')' && --depth == 0) {
      if (at + 1 != regex.size() || regex[0] != '(') return {regex};
      result.push_back(regex.substr(begin, at - begin));
      return result;
    }
  }
  return {regex};
}

std::optional<GlobStep> one_character(std::string_view regex, std::size_t& at) {
  std::size_t end = at;
  NumberSet characters;
  if (regex[at] == '(') {
    int depth = 0;
    for (; end < regex.size(); ++end) {
      if (regex[end] == '\\') ++end;
      else if (regex[end] == '[') end = end_of_bracket(regex, end) - 1;
      else if (regex[end] == '(') ++depth;
      else if (regex[end] == ')' && --depth == 0) break;
    }
    if (end++ >= regex.size()) return std::nullopt;
    for (const std::string_view one : alternatives_of(regex.substr(at, end - at))) {
      const auto more = one_sequence(one);
      if (!more) return std::nullopt;
      characters = characters | *more;
    }
  } else {
    const auto bytes = one_byte(regex, end);
    if (!bytes) return std::nullopt;
    characters = *bytes;
  }
  if (is_repetition(regex, end) || characters.empty() || characters.contains('/') || characters.contains(0)) return std::nullopt;
  const bool are_bytes = regex[at] != '(';
  const bool is_one = characters.intervals().size() == 1 && characters.intervals()[0].low == characters.intervals()[0].high;
  if (are_bytes && !is_one && beyond_ascii(characters)) return std::nullopt;  // a class of bytes that are no characters
  at = end;
  if (are_bytes && is_one) return GlobStep{GlobStep::Kind::byte, static_cast<char>(characters.intervals()[0].low), {}};
  if (characters == sets::all_characters()) return GlobStep{GlobStep::Kind::one, 0, {}};
  return GlobStep{GlobStep::Kind::set, 0, std::move(characters)};
}

}  // namespace polc::systrace::syntax
