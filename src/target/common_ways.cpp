#include "target/common_ways.hpp"

#include "target/features.hpp"
#include "target/permitted_calls.hpp"
#include "target/ways.hpp"

namespace polc::target {

std::optional<eval::Meaning> common_ways(const ir::Configuration& configuration, std::span<const Judged> set) {
  std::size_t seeing = 0;
  std::vector<eval::Part> calls;
  for (const Judged& one : set) {
    if (!one.backend->asks_ways) continue;
    const std::vector<eval::Part>& own = one.outcome->permitted.parts();
    if (seeing++ == 0) {
      calls = own;
      continue;
    }
    PermittedCalls before(calls), more(own);
    calls = permitted_by_both(before, more);
  }
  if (seeing < 2) return std::nullopt;
  std::vector<ir::Box> boxes = permitted_by_ways(calls, configuration.os, configuration.arch);
  for (ir::Box& box : everything(ir::AccessClass::syscall, configuration.os)) boxes.push_back(std::move(box));
  boxes.emplace_back(ir::CapabilityBox{~std::uint64_t{0}});
  return eval::set_of(std::move(boxes), configuration.os);
}

SidesOfSet::SidesOfSet(const ir::Configuration& configuration, const eval::Meaning& meaning, std::span<const Judged> set)
    : common_(common_ways(configuration, set)), sides_{&meaning} {
  for (const Judged& one : set) sides_.push_back(&one.outcome->permitted);
  if (common_) sides_.push_back(&*common_);
  for (unsigned i = 1; i < sides_.size(); ++i) targets_ |= eval::side(i);
}

}  // namespace polc::target
