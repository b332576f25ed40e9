// The options of `target systrace { ... }`.
#pragma once

#include <cstdint>

#include "target/backend.hpp"

namespace polc::systrace {

/// The releases that differ in what they can translate; in order.
enum class Version : std::uint16_t { v2003 = 2003, v2006 = 2006, v2010 = 2010, v2015 = 2015 };

/// How a name that cannot be resolved is refused.
enum class Missing : std::uint8_t { enoent, deny, none };

struct Options {
  bool is_howto = false;
  Version version = Version::v2006;
  Missing missing = Missing::enoent;
};
inline const Options& options_of(const target::Settings& settings) { return settings.options.as<Options>(); }

}  // namespace polc::systrace
