// A launch as plain values: what choose makes, print writes down and read finds again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "target/backend.hpp"
#include "target/launching.hpp"

namespace polc::launch {

struct Limit {
  std::uint64_t resource = 0;  // knowledge::limits_of
  std::uint64_t bound = 0;
};

struct Options {
  std::uint32_t descriptor = target::usual_descriptor;  // that executes the program
};

struct Launch {
  std::uint32_t descriptor = 0;    // the program is executed by it; no descriptor of that number or above exists then
  std::uint64_t capabilities = 0;  // bit n: capability number n stays
  target::Behind capable = {};     // the parts that these are there for
  std::vector<Limit> limits = {};
};

/// Whoever has it raises the limit again, and with it makes such a descriptor.
bool can_raise_limits(std::uint64_t capabilities);

target::Chosen choose(const target::Source& source, const target::Settings& settings);
target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings& settings);
target::Read read(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings);
std::span<const target::Capability> capabilities();

}  // namespace polc::launch
