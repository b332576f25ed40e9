// How long are the regexes of random ranges, and how long do they take? Figures for docs/port-regexes.md.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "sets/port_regex.hpp"

namespace {

using Range = std::pair<std::uint32_t, std::uint32_t>;

// splitmix64: the same ranges on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

Range ordered(std::uint32_t a, std::uint32_t b) { return a < b ? Range{a, b} : Range{b, a}; }

void report(const char* name, const std::vector<Range>& ranges, polc::sets::PortMode mode) {
  const auto start = std::chrono::steady_clock::now();
  std::size_t total = 0, longest = 0;
  for (const auto& [low, high] : ranges) {
    const auto regex = polc::sets::short_port_regex(
        polc::sets::PortSet::range(static_cast<std::uint16_t>(low), static_cast<std::uint16_t>(high)), mode);
    total += regex.size();
    longest = std::max(longest, regex.size());
  }
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  const auto count = static_cast<double>(ranges.size());
  std::printf("%-28s %7zu ranges, mean %6.2f, longest %3zu, %5.2f us each\n", name, ranges.size(),
              static_cast<double>(total) / count, longest, took.count() / count);
}

}  // namespace

int main() {
  constexpr std::uint64_t seed = 1;
  constexpr int count = 100'000;
  Random random(seed);
  std::vector<Range> uniform, logarithmic, to_the_top;
  for (int i = 0; i < count; ++i) uniform.push_back(ordered(random.next() % 65536, random.next() % 65536));
  const auto log_port = [&] {
    return static_cast<std::uint32_t>(std::exp(static_cast<double>(random.next() >> 11) * 0x1p-53 * std::log(65536.0))) - 1;
  };
  for (int i = 0; i < count; ++i) logarithmic.push_back(ordered(log_port(), log_port()));
  for (std::uint32_t low = 0; low <= 65535; low += 7) to_the_top.emplace_back(low, 65535);
  report("uniform, strict", uniform, polc::sets::PortMode::strict);
  report("log-uniform, strict", logarithmic, polc::sets::PortMode::strict);
  report("a-65535, strict", to_the_top, polc::sets::PortMode::strict);
  report("a-65535, domain", to_the_top, polc::sets::PortMode::domain);
}
