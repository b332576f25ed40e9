#include "filter.hpp"

namespace polc::calls {
namespace {

/// struct seccomp_data: nr, arch, instruction_pointer, args[6]; in words of 32 bits.
class Data {
 public:
  Data(const Machine& machine, std::uint32_t number, const Registers& registers)
      : words_{number, machine.seen_as, 0, 0} {
    for (std::size_t i = 0; i < registers.size(); ++i) {
      const auto low = static_cast<std::uint32_t>(registers[i]), high = static_cast<std::uint32_t>(registers[i] >> 32);
      words_[4 + 2 * i] = machine.is_big_endian ? high : low;
      words_[5 + 2 * i] = machine.is_big_endian ? low : high;
    }
  }
  std::optional<std::uint32_t> at(std::uint32_t offset) const {
    return offset % 4 == 0 && offset < 64 ? std::optional(words_[offset / 4]) : std::nullopt;
  }

 private:
  std::array<std::uint32_t, 16> words_{};
};

constexpr std::uint16_t load = 0x20, load_number = 0x00, and_with = 0x54, jump = 0x05, jump_equal = 0x15,
                        jump_greater = 0x25, jump_not_less = 0x35, jump_bits = 0x45, answer = 0x06;

std::optional<bool> is_taken(std::uint16_t code, std::uint32_t a, std::uint32_t k) {
  switch (code) {
    case jump_equal: return a == k;
    case jump_greater: return a > k;
    case jump_not_less: return a >= k;
    case jump_bits: return (a & k) != 0;
    default: return std::nullopt;
  }
}

}  // namespace

Filter filter_from(std::string_view bytes, bool is_big_endian) {
  Filter filter;
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    const auto number = [&](std::size_t from, std::size_t count) {
      std::uint32_t value = 0;
      for (std::size_t i = 0; i < count; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[from + (is_big_endian ? i : count - 1 - i)]);
      return value;
    };
    filter.push_back({static_cast<std::uint16_t>(number(0, 2)), static_cast<std::uint8_t>(bytes[2]),
                      static_cast<std::uint8_t>(bytes[3]), number(4, 4)});
  }
  return filter;
}

std::optional<std::uint32_t> answer_of(const Filter& filter, const Machine& machine, std::uint32_t number,
                                       const Registers& registers) {
  const Data data(machine, number, registers);
  std::uint32_t accumulator = 0;
  for (std::size_t at = 0; at < filter.size(); ++at) {
    const Instruction& now = filter[at];
    if (now.code == answer) return now.constant;
    if (now.code == load) {
      const auto word = data.at(now.constant);
      if (!word) return std::nullopt;
      accumulator = *word;
    } else if (now.code == load_number) {
      accumulator = now.constant;
    } else if (now.code == and_with) {
      accumulator &= now.constant;
    } else if (now.code == jump) {
      at += now.constant;
    } else {
      const auto taken = is_taken(now.code, accumulator, now.constant);
      if (!taken) return std::nullopt;
      at += *taken ? now.yes : now.no;
    }
  }
  return std::nullopt;
}

}  // namespace polc::calls
