// Limits are no accesses, so no set holds them: who keeps a policy's `limit nofile <= 1024` is asked of the targets' tables, and of
// the calls by which a process would raise it.
#pragma once

#include <span>
#include <vector>

#include "sets/path_space.hpp"
#include "target/judge.hpp"

namespace polc::target {

/// Does this target set the policy's limits?
bool keeps_limits(const Backend& backend);

struct LostLimit {
  const ir::Limit* limit = nullptr;
  ir::Point witness;  // raises it, and every target of the set permits that
};
/// Those that no target of the set sets, and whose raising not one of them refuses.
std::vector<LostLimit> lost_limits(const ir::Policy& policy, std::span<const Judged> set, sets::Budget& budget);

/// The place in Policy::accepts of what bears the loss on a target of the set; nullptr: nothing does.
const std::uint32_t* acceptance_of(const ir::Policy& policy, const ir::Limit& limit, std::span<const Judged> set);

}  // namespace polc::target
