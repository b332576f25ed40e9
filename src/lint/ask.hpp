// Questions about sets that every check asks. `budget` says afterwards whether "none" is certain.
//   if (const auto witness = ask::shared(subject.meaning, subject.set_of("memory write_exec"), subject.budget)) ...
#pragma once

#include <optional>

#include "eval/compare.hpp"

namespace polc::lint::ask {

/// An access that both allow.
std::optional<ir::Point> shared(const eval::Meaning& one, const eval::Meaning& other, sets::Budget& budget);

/// An access that `wanted` allows and `given` does not; nullopt: `given` allows all of it.
std::optional<ir::Point> missing(const eval::Meaning& wanted, const eval::Meaning& given, sets::Budget& budget);

using eval::set_of;

/// Every set of arguments of the call.
ir::Box whole_call(CallId call);

}  // namespace polc::lint::ask
