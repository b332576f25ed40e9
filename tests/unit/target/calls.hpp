// Parts that permit calls, as a reader makes them.
#pragma once

#include <string_view>
#include <vector>

#include "eval/meaning.hpp"
#include "knowledge/call_arguments.hpp"
#include "knowledge/calls.hpp"

namespace polc::testing {

struct Permitted {
  std::string_view call;
  std::string_view argument = {};  // empty: whatever the arguments
  sets::Compare op{};
  std::uint64_t value = 0;
  std::uint64_t mask = 0xFFFF'FFFF;
};

inline eval::Part part_of(const Permitted& permitted) {
  const auto call = knowledge::find_call(Os::linux_os, permitted.call);
  ir::CallBox box{{*call}, {}};
  if (!permitted.argument.empty()) {
    const auto argument = knowledge::find_argument(knowledge::call_of(Os::linux_os, *call), permitted.argument);
    box.where.kind = ir::Condition::Kind::test;
    box.where.test = {static_cast<std::uint8_t>(*argument), permitted.mask, permitted.op, permitted.value, 64, false};
  }
  return {ir::Effect::allow, std::move(box), {}, false};
}

inline std::vector<eval::Part> parts_of(const std::vector<Permitted>& all) {
  std::vector<eval::Part> parts;
  for (const Permitted& one : all) parts.push_back(part_of(one));
  return parts;
}

}  // namespace polc::testing
