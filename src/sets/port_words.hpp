// Port numbers as words over classes of digits: the pieces that port regexes are made of. Internal to sets.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sets/port_regex.hpp"

namespace polc::sets {

/// Bit d: the digit d.
using DigitClass = std::uint16_t;
inline constexpr DigitClass any_digit = 0x3FF;

/// `10[3-9][0-9]`: one class a place.
struct PortWord {
  std::array<DigitClass, 5> letters{};
  std::uint8_t size = 0;
  bool operator==(const PortWord&) const = default;
};

/// The blocks of the classic split, ascending.
std::vector<PortWord> port_words(const PortSet& ports, PortMode mode);

/// Three neighbours `p a [x-9] any..`, `p [b-c] any any..`, `p d [0-y] any..` whose tails overlap (x <= y + 1) are two:
/// `p [a-c] [x-9] any..` and `p [b-d] [0-y] any..`. All such places, from the left.
std::vector<PortWord> with_bridges(std::vector<PortWord> words);

std::string class_text(DigitClass digits);               // 5, [45], [4-9], [0-35]
std::size_t class_length(DigitClass digits);              // of class_text
std::string repeated(DigitClass digits, unsigned times);  // [0-9]{3}
/// Without the first `head` and the last `tail` letters; runs of any digit are counted.
std::string word_text(const PortWord& word, unsigned head = 0, unsigned tail = 0);
std::size_t word_length(const PortWord& word, unsigned head, unsigned tail);

}  // namespace polc::sets
