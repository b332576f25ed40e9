#include "driver/joint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "eval/certain.hpp"
#include "eval/compare.hpp"
#include "format/raise.hpp"

namespace polc::driver {
namespace {

using target::Answer;
using target::Reading;

// What is possible must be so together and what is sure, too: each formula is the product of those of the single sets.
eval::Formula product_of(const eval::Formula& a, const eval::Formula& b, std::uint8_t shift) {
  eval::Formula result;
  for (const auto& left : a)
    for (const auto& right : b) {
      auto& product = result.emplace_back(left);
      for (const std::uint8_t plane : right) product.push_back(static_cast<std::uint8_t>(plane + shift));
    }
  return result;
}

std::uint8_t planes_of(const eval::Meaning& meaning) {
  std::uint8_t planes = 1;
  for (const eval::Slot& slot : meaning.order().slots())
    planes = std::max(planes, static_cast<std::uint8_t>(slot.plane + 1));
  return planes;
}

eval::Meaning product_of(std::span<const Reading* const> singles) {
  std::vector<eval::Part> parts = singles.front()->permits.parts();
  eval::Formulas formulas = singles.front()->permits.order().formulas();
  std::uint8_t shift = planes_of(singles.front()->permits);
  for (const Reading* single : singles.subspan(1)) {
    const eval::Formulas& its = single->permits.order().formulas();
    formulas = {product_of(formulas.possible, its.possible, shift), product_of(formulas.sure, its.sure, shift)};
    for (eval::Part part : single->permits.parts()) {
      part.plane = static_cast<std::uint8_t>(part.plane + shift);
      parts.push_back(std::move(part));
    }
    shift = static_cast<std::uint8_t>(shift + planes_of(single->permits));
  }
  return eval::make_meaning(std::move(parts), singles.front()->permits.os(), false, std::move(formulas));
}

std::optional<ir::Point> only_in(const eval::Meaning& a, const eval::Meaning& b) {
  const eval::Meaning* const sides[] = {&a, &b};
  sets::Budget budget;
  return eval::find_access(sides, {.in = eval::side(0), .out = eval::side(1)}, budget);
}

/// All accesses that a text answers in a chosen way.
template <class Choose>
eval::Meaning answered(std::span<const Reading* const> readings, const Choose& choose) {
  std::vector<eval::Part> parts;
  for (const Reading* reading : readings)
    for (const Answer& answer : reading->answers)
      if (choose(answer)) parts.insert(parts.end(), answer.where.parts().begin(), answer.where.parts().end());
  return eval::make_meaning(std::move(parts), readings.front()->permits.os(), false);
}

// A call may have one answer for all its arguments, the worst of those that the single texts have for it.
eval::Meaning whatever_arguments(const eval::Meaning& meaning) {
  std::vector<eval::Part> parts = meaning.parts();
  for (eval::Part& part : parts)
    if (auto* call = std::get_if<ir::CallBox>(&part.box)) call->where = {};
  return eval::make_meaning(std::move(parts), meaning.os(), false);
}

// Each answer of the joint text is one of a single text's, and where a single text refuses it is as severe at least.
std::optional<std::string> differing_refusals(const Reading& joint, std::span<const Reading* const> singles, Os os) {
  const Reading* const all[] = {&joint};
  for (const Answer& answer : joint.answers) {
    const auto same = answered(singles, [&](const Answer& other) { return other.what == answer.what; });
    if (const auto point = only_in(answer.where, whatever_arguments(same)))
      return fmt::format("it answers `{}` with {}", format::text_of(os, *point), answer.what);
  }
  for (const Reading* single : singles)
    for (const Answer& answer : single->answers) {
      const auto severe = answered(all, [&](const Answer& other) { return other.severity >= answer.severity; });
      if (const auto point = only_in(answer.where, severe))
        return fmt::format("it answers `{}` with less than {}", format::text_of(os, *point), answer.what);
    }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> difference_of(const Reading& joint, std::span<const Reading* const> singles, Os os) {
  const eval::Meaning product = product_of(singles);
  auto more = only_in(joint.permits, eval::at_most(product)), less = only_in(product, eval::at_most(joint.permits));
  if (!more && !less && !eval::are_certain(joint.permits, product)) {
    const eval::Meaning sure = eval::at_least(joint.permits), all_sure = eval::at_least(product);
    more = only_in(sure, all_sure), less = only_in(all_sure, sure);
  }
  if (more) return fmt::format("it permits `{}`", format::text_of(os, *more));
  if (less) return fmt::format("it refuses `{}`", format::text_of(os, *less));
  return differing_refusals(joint, singles, os);
}

std::string differing_answers(const Reading& ours, const Reading& theirs) {
  const auto at = [](const Reading& reading, const ir::Point& point) -> std::string {
    for (const Answer& answer : reading.answers)
      if (eval::decide(answer.where, point).allowed) return answer.what;
    return "nothing";
  };
  const std::pair<const Reading*, const Reading*> ways[] = {{&ours, &theirs}, {&theirs, &ours}};
  for (const auto& [one, other] : ways)
    for (const Answer& answer : one->answers) {
      const Reading* const side[] = {other};
      const auto same = answered(side, [&](const Answer& each) { return each.what == answer.what; });
      const auto point = only_in(answer.where, same);
      if (point)
        return fmt::format("it answers `{}` with {}, not {}", format::text_of(ours.permits.os(), *point),
                           at(theirs, *point), at(ours, *point));
    }
  return {};
}

}  // namespace polc::driver
