#include "target/launching.hpp"

#include "ir/conditions.hpp"

namespace polc::target {
namespace {

constexpr std::uint64_t at_empty_path = 0x1000;  // include/uapi/linux/fcntl.h

ir::Condition equals(std::uint8_t argument, std::uint64_t value) {
  return ir::test_of({argument, 0xFFFF'FFFF, sets::Compare::equal, value, 32, false});
}

}  // namespace

std::optional<std::uint32_t> descriptor_from(std::string_view word) {
  const bool is_number = !word.empty() && word.size() <= 7 && word.front() != '0' && word.find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_number || (word.size() == 1 && word < "3")) return std::nullopt;
  std::uint32_t number = 0;
  for (const char digit : word) number = number * 10 + static_cast<std::uint32_t>(digit - '0');
  return number;
}

ir::Condition executes(std::uint32_t descriptor) {
  return ir::all_of({equals(0, descriptor), equals(4, at_empty_path)});
}

}  // namespace polc::target
