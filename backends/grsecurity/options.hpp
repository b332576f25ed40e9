// The options of `target grsecurity { ... }`.
#pragma once

#include "target/backend.hpp"

namespace polc::grsecurity {

struct Options {
  bool is_old = false;  // gradm 2.1.8, which knows fewer words
};
inline bool is_old(const target::Settings& settings) { return settings.options.as<Options>().is_old; }

}  // namespace polc::grsecurity
