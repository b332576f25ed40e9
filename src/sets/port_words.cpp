#include "sets/port_words.hpp"

#include <algorithm>
#include <bit>

namespace polc::sets {
namespace {

/// The numbers `low`..`high` where both begin alike, differ in one digit at most, and then have `free_digits` digits
/// that may be anything.
struct Block {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  unsigned free_digits = 0;
};

constexpr std::array<std::uint32_t, 6> power_of_ten{1, 10, 100, 1000, 10000, 100000};

/// The longest block that starts at `low` and ends by `limit`: as many free digits as `low` has zeros for, then as far
/// as the digit in front of them can count.
Block first_block(std::uint32_t low, std::uint32_t limit) {
  unsigned free_digits = 0;
  while (free_digits + 1 < power_of_ten.size() && low >= power_of_ten[free_digits + 1] &&
         low % power_of_ten[free_digits + 1] == 0 && limit - low >= power_of_ten[free_digits + 1] - 1)
    ++free_digits;
  const std::uint32_t size = power_of_ten[free_digits];
  std::uint32_t high = low + size - 1;
  while (limit - high >= size && (high / size) % 10 != 9) high += size;
  return {low, high, free_digits};
}

constexpr DigitClass digits_from(unsigned low, unsigned high) {
  return static_cast<DigitClass>(((1u << (high + 1)) - 1) & ~((1u << low) - 1));
}

PortWord word_of(const Block& block) {
  const std::uint32_t size = power_of_ten[block.free_digits];
  PortWord word;
  for (std::uint32_t prefix = block.low / size / 10; prefix != 0; prefix /= 10)
    word.letters[word.size++] = static_cast<DigitClass>(1u << (prefix % 10));
  std::reverse(word.letters.begin(), word.letters.begin() + word.size);
  word.letters[word.size++] = digits_from(block.low / size % 10, block.high / size % 10);
  for (unsigned i = 0; i < block.free_digits; ++i) word.letters[word.size++] = any_digit;
  return word;
}

unsigned lowest(DigitClass digits) { return static_cast<unsigned>(std::countr_zero(digits)); }
unsigned highest(DigitClass digits) { return 15 - static_cast<unsigned>(std::countl_zero(digits)); }
bool is_one_digit(DigitClass digits) { return digits != 0 && (digits & (digits - 1)) == 0; }
bool is_interval(DigitClass digits) { return digits == digits_from(lowest(digits), highest(digits)); }

constexpr std::uint8_t length_of_class(DigitClass digits) {
  if (digits != 0 && (digits & (digits - 1)) == 0) return 1;
  std::uint8_t length = 2;
  for (unsigned d = 0, run = 0; d <= 10; ++d) {
    const bool goes_on = ((digits >> d) & 1u) != 0;
    if (!goes_on) length = static_cast<std::uint8_t>(length + (run < 3 ? run : 3));
    run = goes_on ? run + 1 : 0;
  }
  return length;
}
constexpr auto class_lengths = [] {
  std::array<std::uint8_t, any_digit + 1> lengths{};
  for (DigitClass digits = 0; digits <= any_digit; ++digits) lengths[digits] = length_of_class(digits);
  return lengths;
}();

// Do the three make two, and where? The place of the first letter in which they differ.
bool is_bridge(const PortWord& low, const PortWord& middle, const PortWord& high, unsigned& at) {
  if (low.size != middle.size || middle.size != high.size) return false;
  at = 0;
  while (at < low.size && low.letters[at] == middle.letters[at] && middle.letters[at] == high.letters[at]) ++at;
  if (at + 1 >= low.size) return false;
  for (unsigned i = at + 1; i < low.size; ++i)
    if (middle.letters[i] != any_digit || (i > at + 1 && (low.letters[i] != any_digit || high.letters[i] != any_digit))) return false;
  const DigitClass a = low.letters[at], b = middle.letters[at], c = high.letters[at];
  if (!is_one_digit(a) || !is_one_digit(c) || !is_interval(b)) return false;
  if (highest(a) + 1 != lowest(b) || highest(b) + 1 != lowest(c)) return false;
  const DigitClass from = low.letters[at + 1], until = high.letters[at + 1];
  if (!is_interval(from) || !is_interval(until) || highest(from) != 9 || lowest(until) != 0) return false;
  return lowest(from) <= highest(until) + 1;
}

}  // namespace

std::vector<PortWord> port_words(const PortSet& ports, PortMode mode) {
  std::vector<PortWord> words;
  for (const auto& range : ports.intervals()) {
    const std::uint32_t limit = mode == PortMode::domain && range.high == 65535 ? 99999 : range.high;
    for (std::uint32_t low = range.low; low <= limit;) {
      const Block block = first_block(low, limit);
      words.push_back(word_of(block));
      low = block.high + 1;
    }
  }
  return words;
}

std::vector<PortWord> with_bridges(std::vector<PortWord> words) {
  for (std::size_t i = 0; i + 2 < words.size(); ++i) {
    unsigned at = 0;
    if (!is_bridge(words[i], words[i + 1], words[i + 2], at)) continue;
    const auto middle = words[i + 1].letters[at];
    words[i].letters[at] = static_cast<DigitClass>(words[i].letters[at] | middle);
    words[i + 2].letters[at] = static_cast<DigitClass>(words[i + 2].letters[at] | middle);
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }
  return words;
}

std::string class_text(DigitClass digits) {
  const auto digit = [](unsigned d) { return static_cast<char>('0' + d); };
  if (is_one_digit(digits)) return {digit(lowest(digits))};
  std::string text = "[";
  for (unsigned d = 0; d <= 9; ++d) {
    if (((digits >> d) & 1u) == 0) continue;
    unsigned end = d;
    while (end < 9 && ((digits >> (end + 1)) & 1u) != 0) ++end;
    text += digit(d);
    if (end > d + 1) text += '-';
    if (end > d) text += digit(end);
    d = end;
  }
  return text + "]";
}

std::size_t class_length(DigitClass digits) { return class_lengths[digits]; }

std::string repeated(DigitClass digits, unsigned times) {
  if (times == 0) return "";
  return times == 1 ? class_text(digits) : class_text(digits) + "{" + std::to_string(times) + "}";
}

std::string word_text(const PortWord& word, unsigned head, unsigned tail) {
  std::string text;
  for (unsigned i = head; i + tail < word.size;) {
    unsigned end = i + 1;
    while (word.letters[i] == any_digit && end + tail < word.size && word.letters[end] == any_digit) ++end;
    text += repeated(word.letters[i], end - i);
    i = end;
  }
  return text;
}

std::size_t word_length(const PortWord& word, unsigned head, unsigned tail) {
  std::size_t length = 0;
  for (unsigned i = head; i + tail < word.size; ++i) {
    const DigitClass digits = word.letters[i];
    const bool goes_on = digits == any_digit && i > head && word.letters[i - 1] == any_digit;
    const bool is_second = goes_on && !(i > head + 1 && word.letters[i - 2] == any_digit);
    if (goes_on) length += is_second ? 3 : 0;
    else length += class_length(digits);
  }
  return length;
}

}  // namespace polc::sets
