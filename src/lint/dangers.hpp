// What nobody should allow without saying why: a table of accesses, written in the policy language itself.
// A check that asks "is any of this allowed?" is a row here and a page; src/lint/find.hpp asks them all at once.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "diag/diagnostic.hpp"

namespace polc::lint {

/// How much of the access a rule must allow to be found.
enum class Extent : std::uint8_t { some, all };

struct Danger {
  const diag::Kind<std::string>* kind;
  std::string_view access;  // behind `allow`
  bool linux_only = true;   // names calls or classes that only Linux has
  Extent extent = Extent::some;
  std::string_view harmless = {};  // what it leaves out; a rule that says no more is not blamed for the calls that do it, either
};

std::span<const Danger> dangers();

}  // namespace polc::lint
