// Ways to do what a deny names that no call's arguments tell: memory, or another object, decides (docs/language.md, section 1).
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "eval/meaning.hpp"
#include "ir/policy.hpp"
#include "sets/path_space.hpp"
#include "target/backend.hpp"

namespace polc::target {

struct BlindWay {
  ir::Point point;        // the call or access
  std::string_view why;   // it cannot be told; may be empty
};

struct Permitting {
  const Backend* backend = nullptr;
  const eval::Meaning* permits = nullptr;
};

/// Something of these ways that the policy and each target permit.
std::optional<ir::Point> permitted_by_all(std::vector<ir::Box> ways, Os os, const eval::Meaning& meaning, std::span<const Permitting> targets,
                                          sets::Budget& budget);

/// The ways to do an act that the rule denies which the policy and each target allow, one for each row of the table, in its order;
/// of ptrace those by files of /proc. None where one of the targets decides the act itself.
std::vector<BlindWay> blind_ways(const ir::Policy& policy, const ir::Rule& rule, const eval::Meaning& meaning,
                                 std::span<const Permitting> targets, sets::Budget& budget);

}  // namespace polc::target
