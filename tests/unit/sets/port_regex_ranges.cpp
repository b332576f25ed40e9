// Do all ranges of ports read back as themselves? port_regex_ranges classic|short STEP: every STEP-th start, all ends.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "sets/port_regex.hpp"

using namespace polc::sets;

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const bool is_short = std::string_view(arguments[1]) == "short";
  const auto step = static_cast<std::uint32_t>(std::max(1, std::atoi(arguments[2])));
  std::uint64_t ranges = 0, wrong = 0;
  for (std::uint32_t low = 0; low <= 65535; low += step)
    for (std::uint32_t high = low; high <= 65535; ++high, ++ranges) {
      const PortSet ports = PortSet::range(static_cast<std::uint16_t>(low), static_cast<std::uint16_t>(high));
      const auto read = read_port_regex(is_short ? short_port_regex(ports, PortMode::strict) : port_regex(ports, PortMode::strict));
      if (read == NumberSet::range(low, high)) continue;
      if (wrong++ < 10) std::printf("%u-%u is wrong\n", low, high);
    }
  std::printf("%llu ranges, %llu wrong\n", static_cast<unsigned long long>(ranges), static_cast<unsigned long long>(wrong));
  return wrong == 0 ? 0 : 1;
}
