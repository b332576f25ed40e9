#include <algorithm>

#include "knowledge/names.hpp"
#include "launch/model.hpp"
#include "target/inherited.hpp"
#include "target/launching.hpp"

namespace polc::launch {
namespace {

std::uint32_t descriptor_for(const ir::Policy& policy, const target::Settings& settings) {
  std::uint64_t number = settings.options.as<Options>().descriptor;
  for (const ir::Limit& limit : policy.limits)
    if (limit.resource == knowledge::find_limit(Os::linux_os, "nofile")) number = std::min(number, limit.bound);
  return static_cast<std::uint32_t>(number);
}

}  // namespace

bool can_raise_limits(std::uint64_t capabilities) {
  const auto number = knowledge::find_capability("sys_resource");
  return number && (capabilities >> *number & 1) != 0;
}

target::Chosen choose(const target::Source& source, const target::Settings& settings) {
  Launch launch;
  launch.descriptor = descriptor_for(source.policy, settings);
  std::uint64_t denied = 0;
  for (std::uint32_t i = 0; i < source.parts.size(); ++i) {
    const auto* box = std::get_if<ir::CapabilityBox>(&source.parts[i].box);
    if (box == nullptr) continue;
    launch.capable.parts.push_back(i);
    (source.parts[i].effect == ir::Effect::allow ? launch.capabilities : denied) |= box->capabilities;
  }
  launch.capabilities &= ~denied;
  for (const ir::Limit& limit : source.policy.limits) launch.limits.push_back({limit.resource, limit.bound});
  return {std::make_shared<const Launch>(std::move(launch)), target::losing_gaps(source, settings)};
}

}  // namespace polc::launch
