// What this host enforces, by asking it: nothing is changed, attempts are made in children, and no right is needed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace polc::sandbox {

enum class State : std::uint8_t {
  enforced,  // there, and does what it says
  partial,   // there, with something missing that the detail names
  absent,
  unknown,   // it cannot be asked
};
struct Found {
  std::string name;
  State state{};
  std::string detail;
};
std::vector<Found> probe_host();

}  // namespace polc::sandbox
