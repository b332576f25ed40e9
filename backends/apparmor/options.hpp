// The options of `target apparmor { ... }`.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "target/backend.hpp"

namespace polc::apparmor {

/// The feature ABI that a profile declares. It decides which constructs mean anything.
enum class Abi : std::uint8_t { v3, v4, v5 };
inline constexpr std::array<std::string_view, 3> abi_names{"3.0", "4.0", "5.0"};

struct Options {
  std::string name, child_of;  // empty: the policy's, none
  std::string attachment;  // instead of the programs: a pattern
  bool complains = false;
  bool tells_others = true;  // rules for what others do to it
  bool attaches_disconnected = false;
  Abi abi = Abi::v3;
  std::vector<std::string> abstractions;  // of the host, to include
  bool has_source_comments = true;

  /// With any abstraction everything that no rule denies counts as permitted.
  bool is_unknown() const { return !abstractions.empty(); }
};
inline const Options& options_of(const target::Settings& settings) { return settings.options.as<Options>(); }

}  // namespace polc::apparmor
