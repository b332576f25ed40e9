// Expectations: what the author says should hold, decided exactly on a set of accesses (language.md, section 5).
//   `allow X` holds when everything X names is allowed; `deny X` when nothing of it is. In a dimension that X leaves out
//   `allow` asks for some value, `deny` for all.
#pragma once

#include <optional>
#include <vector>

#include "eval/meaning.hpp"
#include "sets/path_space.hpp"

namespace polc::eval {

struct Judgement {
  bool holds = true;
  std::uint64_t too_complex = 0;            // the steps that did not suffice: `holds` is false and nothing is known; else 0
  std::optional<ir::Point> counterexample;  // an access that contradicts the expectation
  /// `allow` of something left out: for each thing that was asked, the allowed access which was found.
  std::vector<ir::Point> examples;
};
Judgement judge(const Meaning& meaning, const ir::Expectation& expectation, sets::Budget& budget);

/// The accesses that a concrete expectation names, to ask of an artefact: each inner list holds the values of what was
/// left out; `allow` wants one of them permitted, `deny` none. nullopt: the expectation is a pattern, or leaves out so much
/// (the arguments of a call, an address, a port) that no list can hold it.
std::optional<std::vector<std::vector<ir::Point>>> concrete_points(const ir::Box& box, const ir::LeftOut& left_out);

}  // namespace polc::eval
