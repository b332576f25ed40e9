#include "target/permitted_calls.hpp"

#include <algorithm>
#include <bit>
#include <memory>

#include "eval/argument_sets.hpp"

namespace polc::target {

PermittedCalls::PermittedCalls(std::span<const eval::Part> parts) {
  for (const eval::Part& part : parts) {
    const auto* box = std::get_if<ir::CallBox>(&part.box);
    if (box == nullptr || box->calls.empty() || part.plane != 0) continue;
    if (box->calls.back().value >= by_call_.size()) by_call_.resize(box->calls.back().value + 1u);
    for (const CallId call : box->calls) by_call_[call.value].said.push_back({part.effect, &box->where});
  }
}

Extent PermittedCalls::extent(CallId call) const {
  if (call.value >= by_call_.size()) return Extent::none;
  bool plain = true, allowed = false;
  for (const auto& [effect, where] : by_call_[call.value].said) {
    plain = plain && effect == ir::Effect::allow && where->is_always();
    allowed = allowed || effect == ir::Effect::allow;
  }
  return !allowed ? Extent::none : plain ? Extent::all : Extent::some;
}

PermittedCalls::Left& PermittedCalls::left(CallId call) {
  OfCall& of = by_call_.at(call.value);
  if (of.left != nullptr) return *of.left;
  of.left = std::make_unique<Left>();
  auto& [space, set] = *of.left;
  auto allowed = space.none, denied = space.none;
  for (const Said& said : of.said) {
    auto& into = said.effect == ir::Effect::allow ? allowed : denied;
    into = space.disjunction(into, eval::argument_set(space, *said.where));
  }
  set = space.difference(allowed, denied);
  return *of.left;
}

bool PermittedCalls::permits_some(const knowledge::CallPattern& pattern) {
  auto& [space, set] = left(pattern.call);
  return space.conjunction(set, eval::argument_set(space, ir::condition_of(pattern.where))) != space.none || space.exhausted();
}

sets::NumberSet PermittedCalls::values(CallId call, const knowledge::ArgumentTest& test) {
  const std::uint64_t looked_at = test.mask & (~std::uint64_t{0} >> (64 - test.width));
  const unsigned width = std::min<unsigned>(32, static_cast<unsigned>(std::bit_width(looked_at)));
  const auto all = sets::NumberSet::range(0, static_cast<std::uint32_t>(~std::uint64_t{0} >> (64 - width)));
  const Extent extent = this->extent(call);
  if (extent != Extent::some) return extent == Extent::all ? all : sets::NumberSet::none();
  auto& [space, set] = left(call);
  const auto found = space.values(set, test.argument, width);
  if (!found) return all;
  std::vector<sets::Interval<std::uint32_t>> values;
  for (const auto& [low, high] : found->intervals()) values.push_back({static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(high)});
  return sets::NumberSet::from(std::move(values));
}

std::vector<eval::Part> permitted_by_both(PermittedCalls& a, PermittedCalls& b) {
  std::vector<eval::Part> parts;
  const auto space = std::make_shared<sets::ArgumentSpace>();
  for (std::uint16_t id = 0; id < a.by_call_.size(); ++id) {
    const CallId call{id};
    const Extent in_a = a.extent(call), in_b = b.extent(call);
    if (in_a == Extent::none || in_b == Extent::none) continue;
    ir::CallBox box{{call}, {}};
    if (in_a == Extent::some || in_b == Extent::some) {
      auto set = space->all;
      for (PermittedCalls* each : {&a, &b}) {
        if (each->extent(call) == Extent::all) continue;
        const auto& left = each->left(call);
        set = space->conjunction(set, space->import(left.space, left.set));
      }
      if (set == space->none && !space->exhausted()) continue;
      box.where.kind = ir::Condition::Kind::exact;
      box.where.exact = {space, set};
    }
    parts.push_back({ir::Effect::allow, std::move(box), {}, false});
  }
  return parts;
}

}  // namespace polc::target
