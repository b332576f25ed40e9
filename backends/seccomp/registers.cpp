#include "seccomp/registers.hpp"

#include "knowledge/call_arguments.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"

namespace polc::seccomp {
namespace {

using Kind = ir::Condition::Kind;
using knowledge::ArgumentPlace;
using sets::Compare;

constexpr std::uint64_t low_half = 0xFFFF'FFFF;

// Arguments that the table does not know are where they are numbered.
std::optional<ArgumentPlace> place_of(Arch arch, CallId call, unsigned argument) {
  if (argument < knowledge::call_of(Os::linux_os, call).arguments.size())
    return knowledge::place_of(arch, call, argument);
  const auto same = static_cast<std::uint8_t>(argument);
  return ArgumentPlace{same, same, static_cast<std::uint8_t>(knowledge::register_bits(arch))};
}

ir::Condition leaf(std::uint8_t argument, std::uint64_t mask, Compare op, std::uint64_t value, bool is_signed) {
  ir::Condition condition;
  condition.kind = Kind::test;
  condition.test = {argument, mask & low_half, op, value & low_half, 32, is_signed};
  return condition;
}

ir::Condition joined(Kind kind, std::vector<ir::Condition> terms) {
  ir::Condition condition;
  condition.kind = kind;
  condition.terms = std::move(terms);
  return condition;
}

// A comparison of 64 bits by its halves.
ir::Condition in_two(const ir::ArgumentTest& test, const ArgumentPlace& place) {
  const auto low = [&](Compare op) { return leaf(place.low, test.mask, op, test.value, false); };
  const auto high = [&](Compare op) { return leaf(place.high, test.mask >> 32, op, test.value >> 32, test.is_signed); };
  const auto both = [&](Compare strict, Compare op) {
    return joined(Kind::disjunction, {high(strict), joined(Kind::conjunction, {high(Compare::equal), low(op)})});
  };
  switch (test.op) {
    case Compare::equal: return joined(Kind::conjunction, {high(Compare::equal), low(Compare::equal)});
    case Compare::not_equal: return joined(Kind::disjunction, {high(Compare::not_equal), low(Compare::not_equal)});
    case Compare::less:
    case Compare::less_equal: return both(Compare::less, test.op);
    case Compare::greater:
    case Compare::greater_equal: return both(Compare::greater, test.op);
  }
  return {};
}

ir::Condition placed(const ir::ArgumentTest& test, const ArgumentPlace& place, Arch arch) {
  if (place.low != place.high && test.width != 32) return in_two(test, place);
  ir::Condition condition;
  condition.kind = Kind::test;
  condition.test = test;
  condition.test.argument = place.low;
  if (knowledge::register_bits(arch) == 64 || test.width == 32) {
    if (place.width == 16) condition.test.mask &= 0xFFFF;
    return condition;
  }
  if (place.width == 16) condition.test.mask &= 0xFFFF;
  // A long of 32 bits: a negative number is one there too.
  const bool is_negative = test.value >= 0xFFFF'FFFF'8000'0000u;
  if (test.is_signed || is_negative) {
    condition.test.width = 32;
    condition.test.value &= low_half;
    condition.test.mask &= low_half;
  }
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
  const bool is_narrow = knowledge::register_bits(arch) == 32;
  const std::size_t known = knowledge::call_of(Os::linux_os, call).arguments.size();
  sets::ArgumentSpace::Halves halves;
  for (auto& [low, high] : halves) low.from = From::any, high.from = is_narrow ? From::zero : From::any;
  for (std::uint8_t i = 0; i < halves.size(); ++i) {
    const auto place = place_of(arch, call, i);
    // One beyond the table is where it is numbered, unless another one fills that register.
    if (!place || place->low >= halves.size() || (i >= known && halves[place->low][0].from == From::word)) continue;
    halves[place->low][0] = {From::word, i, false};
    if (!is_narrow) halves[place->low][1] = {From::word, i, true};
    if (place->high != place->low && place->high < halves.size()) halves[place->high][0] = {From::word, i, true};
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
    const std::uint64_t beyond = place->width == 16 ? ~std::uint64_t{0xFFFF} : ~low_half;
    auto fits = space.compare(i, beyond, Compare::equal, 0);
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
