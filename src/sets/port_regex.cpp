#include "sets/port_regex.hpp"

#include <array>

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

std::string text_of(const Block& block) {
  const std::uint32_t size = power_of_ten[block.free_digits];
  const std::uint32_t low = block.low / size, high = block.high / size;
  const char first = static_cast<char>('0' + low % 10), last = static_cast<char>('0' + high % 10);
  std::string text = low >= 10 ? std::to_string(low / 10) : std::string();
  if (low == high) text += first;
  else if (low + 1 == high) text += std::string{'[', first, last, ']'};
  else text += std::string{'[', first, '-', last, ']'};
  if (block.free_digits > 0) text += "[0-9]";
  if (block.free_digits > 1) text += "{" + std::to_string(block.free_digits) + "}";
  return text;
}

}  // namespace

std::vector<std::string> port_regex_blocks(const PortSet& ports, PortMode mode) {
  std::vector<std::string> blocks;
  for (const auto& range : ports.intervals()) {
    const std::uint32_t limit = mode == PortMode::domain && range.high == 65535 ? 99999 : range.high;
    for (std::uint32_t low = range.low; low <= limit;) {
      const Block block = first_block(low, limit);
      blocks.push_back(text_of(block));
      low = block.high + 1;
    }
  }
  return blocks;
}

std::string port_regex(const PortSet& ports, PortMode mode) {
  std::string regex;
  for (const auto& block : port_regex_blocks(ports, mode)) regex += (regex.empty() ? "" : "|") + block;
  return regex;
}

}  // namespace polc::sets
