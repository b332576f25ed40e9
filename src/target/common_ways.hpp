// Several targets that see only calls, together: one may leave sendto open and another connect, and no way is open on both.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "eval/compare.hpp"
#include "eval/meaning.hpp"
#include "ir/policy.hpp"
#include "target/judge.hpp"

namespace polc::target {

/// The accesses that have one and the same way on all of them, and all calls and capabilities. None where at most one of the set
/// sees calls.
std::optional<eval::Meaning> common_ways(const ir::Configuration& configuration, std::span<const Judged> set);

/// A comparison of a meaning, side 0, with what a set of targets permits: what all of `targets` allow.
class SidesOfSet {
 public:
  SidesOfSet(const ir::Configuration& configuration, const eval::Meaning& meaning, std::span<const Judged> set);
  SidesOfSet(const SidesOfSet&) = delete;
  SidesOfSet& operator=(const SidesOfSet&) = delete;

  const std::vector<const eval::Meaning*>& sides() const { return sides_; }
  eval::Sides targets() const { return targets_; }

 private:
  std::optional<eval::Meaning> common_;
  std::vector<const eval::Meaning*> sides_;
  eval::Sides targets_ = 0;
};

}  // namespace polc::target
