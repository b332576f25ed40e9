#include "seccomp/registers.hpp"

#include <algorithm>

#include "ir/conditions.hpp"
#include "knowledge/call_arguments.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"

namespace polc::seccomp {
namespace {

using Kind = ir::Condition::Kind;
using knowledge::ArgumentPlace;
using sets::Compare;

constexpr std::uint64_t all_ones = ~std::uint64_t{0}, low_half = 0xFFFF'FFFF;

// Arguments that the table does not know are in the registers that carry no other.
std::optional<ArgumentPlace> place_of(Arch arch, CallId call, unsigned argument) {
  if (argument < knowledge::call_of(Os::linux_os, call).arguments.size())
    return knowledge::place_of(arch, call, argument);
  const auto contents = knowledge::contents_of_registers(arch, call);
  const auto at =
      std::find_if(contents.begin(), contents.end(), [&](const auto& content) { return content.argument == argument; });
  if (at == contents.end()) return std::nullopt;
  const auto same = static_cast<std::uint8_t>(at - contents.begin());
  return ArgumentPlace{same, same, static_cast<std::uint8_t>(knowledge::register_bits(arch))};
}

// The register as it comes: with 32 bits its high half is 0.
ir::Condition as_named(const ir::ArgumentTest& test, Arch arch) {
  ir::ArgumentTest there = test;
  there.argument = test.in_register.number;
  if (knowledge::register_bits(arch) == 32) there.in_register.part = knowledge::RegisterContent::Part::low;
  else there.in_register = {};
  return ir::of_argument(there);
}

ir::Condition leaf(std::uint8_t argument, std::uint64_t mask, Compare op, std::uint64_t value, bool is_signed) {
  return ir::test_of({argument, mask & low_half, op, value & low_half, 32, is_signed});
}

// A comparison of 64 bits by its halves.
ir::Condition in_two(const ir::ArgumentTest& test, const ArgumentPlace& place) {
  const auto low = [&](Compare op) { return leaf(place.low, test.mask, op, test.value, false); };
  const auto high = [&](Compare op) { return leaf(place.high, test.mask >> 32, op, test.value >> 32, test.is_signed); };
  const auto both = [&](Compare strict, Compare op) {
    return ir::any_of({high(strict), ir::all_of({high(Compare::equal), low(op)})});
  };
  switch (test.op) {
    case Compare::equal: return ir::all_of({high(Compare::equal), low(Compare::equal)});
    case Compare::not_equal: return ir::any_of({high(Compare::not_equal), low(Compare::not_equal)});
    case Compare::less:
    case Compare::less_equal: return both(Compare::less, test.op);
    case Compare::greater:
    case Compare::greater_equal: return both(Compare::greater, test.op);
  }
  return {};
}

// What a comparison of 64 bits says where the high half is this one and the low half in a register.
ir::Condition with_high_half(const ir::ArgumentTest& test, std::uint8_t low, std::uint64_t high) {
  const auto order = [&](std::uint64_t half) { return test.is_signed ? half ^ 0x8000'0000u : half; };
  const std::uint64_t ours = order(high & (test.mask >> 32)), theirs = order(test.value >> 32);
  if (ours == theirs) return leaf(low, test.mask, test.op, test.value, false);
  const bool is_less = test.op == Compare::less || test.op == Compare::less_equal;
  const bool holds = test.op == Compare::not_equal || (test.op != Compare::equal && is_less == (ours < theirs));
  return holds ? ir::all_of({}) : ir::any_of({});
}

// A long of 32 bits is compared as one of 64 is, which a sign goes on into.
ir::Condition of_short(const ir::ArgumentTest& test, std::uint8_t low) {
  constexpr std::uint64_t sign = 0x8000'0000u;
  const std::uint64_t extended =
      static_cast<std::uint64_t>(static_cast<std::int32_t>(static_cast<std::uint32_t>(test.value)));
  if (!test.is_signed) {
    ir::ArgumentTest ours = test;
    if (test.value >= ~(sign - 1)) ours.value &= low_half;  // on another architecture than the policy's own: -1
    return with_high_half(ours, low, 0);
  }
  if (test.mask >> 31 == all_ones >> 31 && test.value == extended)
    return leaf(low, test.mask, test.op, test.value, true);
  return ir::any_of({ir::all_of({leaf(low, sign, Compare::equal, 0, false), with_high_half(test, low, 0)}),
                     ir::all_of({leaf(low, sign, Compare::equal, sign, false), with_high_half(test, low, low_half)})});
}

ir::Condition placed(const ir::ArgumentTest& test, const ArgumentPlace& place, Arch arch) {
  if (place.low != place.high && test.width != 32) return in_two(test, place);
  if (knowledge::register_bits(arch) == 32 && test.width == 64) return of_short(test, place.low);
  ir::Condition condition;
  condition.kind = Kind::test;
  condition.test = test;
  condition.test.argument = place.low;
  if (place.width == 16) condition.test.mask &= 0xFFFF;  // on another architecture than the policy's own
  return condition;
}

}  // namespace

bool has_plain_registers(CallId call, Arch arch) {
  if (knowledge::register_bits(arch) != 64) return false;
  for (unsigned i = 0; i < knowledge::call_of(Os::linux_os, call).arguments.size(); ++i) {
    const auto place = place_of(arch, call, i);
    if (!place || place->low != i) return false;
  }
  return true;
}

std::optional<ir::Condition> on_registers(const ir::Condition& condition, CallId call, Arch arch) {
  if (condition.kind == Kind::test && condition.test.in_register.number != ir::TestedRegister::none)
    return as_named(condition.test, arch);
  if (condition.kind == Kind::test) {
    const auto place = place_of(arch, call, condition.test.argument);
    return place ? std::optional(placed(condition.test, *place, arch)) : std::nullopt;
  }
  ir::Condition result;
  result.kind = condition.kind;
  for (const ir::Condition& term : condition.terms) {
    auto one = on_registers(term, call, arch);
    if (!one) return std::nullopt;
    result.terms.push_back(*std::move(one));
  }
  return result;
}

sets::Arguments registers_of(const sets::Arguments& arguments, CallId call, Arch arch) {
  sets::Arguments result{};
  const bool is_narrow = knowledge::register_bits(arch) == 32;
  for (unsigned i = 0; i < arguments.size(); ++i) {
    const auto place = place_of(arch, call, i);
    if (!place || place->low >= result.size()) continue;
    result[place->low] = is_narrow ? arguments[i] & low_half : arguments[i];
    if (place->high != place->low && place->high < result.size()) result[place->high] = arguments[i] >> 32;
  }
  return result;
}

sets::ArgumentSpace::Halves arguments_behind(CallId call, Arch arch) {
  using From = sets::ArgumentSpace::Half::From;
  using Part = knowledge::RegisterContent::Part;
  const bool is_narrow = knowledge::register_bits(arch) == 32;
  const auto contents = knowledge::contents_of_registers(arch, call);
  sets::ArgumentSpace::Halves halves;
  for (std::size_t i = 0; i < halves.size(); ++i) {
    auto& [low, high] = halves[i];
    const auto& [argument, part] = contents[i];
    low = {From::word, argument, part == Part::high};
    high = is_narrow ? sets::ArgumentSpace::Half{From::zero, 0, false}
                     : sets::ArgumentSpace::Half{From::word, argument, true};
  }
  return halves;
}

sets::ArgumentSpace::Set carried(sets::ArgumentSpace& space, CallId call, Arch arch) {
  auto all = sets::ArgumentSpace::all;
  if (knowledge::register_bits(arch) == 64) return all;
  const auto& arguments = knowledge::call_of(Os::linux_os, call).arguments;
  for (std::uint8_t i = 0; i < 6; ++i) {
    const auto place = place_of(arch, call, i);
    if (!place || place->low != place->high) continue;
    const bool is_long = i < arguments.size() && arguments[i].width == 64 && arguments[i].is_signed;
    auto fits = space.compare(i, ~low_half, Compare::equal, 0);
    if (is_long) {
      const auto negative = space.compare(i, 0xFFFF'FFFF'8000'0000u, Compare::equal, 0xFFFF'FFFF'8000'0000u);
      const auto other = space.compare(i, 0xFFFF'FFFF'8000'0000u, Compare::equal, 0);
      fits = space.disjunction(negative, other);
    }
    all = space.conjunction(all, fits);
  }
  return all;
}

}  // namespace polc::seccomp
