#include <fmt/format.h>

#include "knowledge/names.hpp"
#include "launch/model.hpp"

namespace polc::launch {
namespace {

using Kind = target::Origin::Kind;

std::string names_of(std::uint64_t capabilities) {
  std::string names;
  for (const knowledge::NamedNumber& one : knowledge::capabilities())
    if ((capabilities >> one.value & 1) != 0) names.append(names.empty() ? "" : ",").append(one.name);
  return names.empty() ? "-" : names;
}

}  // namespace

target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings&) {
  const auto& launch = *static_cast<const Launch*>(chosen.ruleset.get());
  target::Printed out;
  out.comment(fmt::format("launch 1 {}", source.policy.name));
  out.mark_head();
  out.add("no_new_privs", {Kind::fixed, {}, "what set-id files and file capabilities would give is given to nobody"});
  out.add(fmt::format("descriptor {}", launch.descriptor), {Kind::fixed, {}, "it executes the program, and nothing can be it afterwards"});
  const std::string kept = "capabilities " + names_of(launch.capabilities);
  if (launch.capable.parts.empty()) out.add(kept, {Kind::fixed, {}, "what is not allowed is dropped"});
  else out.add(kept, launch.capable.origin());
  for (const Limit& limit : launch.limits)
    out.add(fmt::format("limit {} {}", knowledge::find_name(knowledge::limits_of(Os::linux_os), limit.resource).value_or("?"), limit.bound),
            {Kind::fixed, {}, "a limit"});
  return out;
}

}  // namespace polc::launch
