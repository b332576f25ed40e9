#include "eval/order.hpp"

#include <algorithm>
#include <iterator>

#include "eval/meaning.hpp"
#include "support/check.hpp"

namespace polc::eval {
namespace {

/// Who decides in one plane.
struct Top {
  bool any = false, denies = false;
  std::uint8_t rank = 0;
};

std::vector<Top> tops_of(std::size_t planes, const std::vector<Part>& parts, const std::vector<std::uint32_t>& places) {
  std::vector<Top> tops(planes);
  for (const std::uint32_t place : places) {
    const Part& part = parts[place];
    Top& top = tops[part.plane];
    if (top.any && part.rank < top.rank) continue;
    if (!top.any || part.rank > top.rank) top = {true, false, part.rank};
    top.denies |= part.effect == ir::Effect::deny;
  }
  return tops;
}

bool allows(const Top& top) { return top.any && !top.denies; }

bool allows_all(const std::vector<Top>& tops, const std::vector<std::uint8_t>& product) {
  return std::all_of(product.begin(), product.end(), [&](std::uint8_t plane) { return allows(tops[plane]); });
}

}  // namespace

Order::Order(std::vector<Slot> slots, Formulas formulas) : slots_(std::move(slots)), formulas_(std::move(formulas)) {
  if (slots_.empty()) slots_.emplace_back();
  std::sort(slots_.begin(), slots_.end());
  slots_.erase(std::unique(slots_.begin(), slots_.end()), slots_.end());
  planes_ = slots_.back().plane + std::size_t{1};
  for (const Formula* formula : {&formulas_.possible, &formulas_.sure})
    for (const auto& product : *formula) {
      POLC_CHECK(!product.empty(), "a product of planes names one");
      planes_ = std::max(planes_, *std::max_element(product.begin(), product.end()) + std::size_t{1});
    }
  is_plain_ = slots_.size() == 1 && slots_.front().plane == 0 && formulas_ == Formulas{};
}

std::size_t Order::slot_of(const Part& part) const {
  if (slots_.size() == 1) return 0;
  const auto found = std::lower_bound(slots_.begin(), slots_.end(), Slot{part.plane, part.rank});
  return static_cast<std::size_t>(found - slots_.begin());
}

std::vector<std::uint32_t> Order::deciding(const std::vector<Part>& parts, const std::vector<std::uint32_t>& places) const {
  if (is_plain_) {
    const auto denies = [&](std::uint32_t place) { return parts[place].effect == ir::Effect::deny; };
    const bool denied = std::any_of(places.begin(), places.end(), denies);
    std::vector<std::uint32_t> result;
    std::copy_if(places.begin(), places.end(), std::back_inserter(result), [&](std::uint32_t place) { return denies(place) == denied; });
    return result;
  }
  const std::vector<Top> tops = tops_of(planes_, parts, places);
  std::vector<bool> has_a_say(planes_, false);
  bool allowed = false;
  for (const auto& product : formulas_.possible)
    if (!allowed && allows_all(tops, product)) {
      allowed = true;
      for (const std::uint8_t plane : product) has_a_say[plane] = true;
    }
  // What is refused, is so by each plane that refuses it.
  if (!allowed)
    for (std::size_t plane = 0; plane < planes_; ++plane) has_a_say[plane] = tops[plane].denies;
  std::vector<std::uint32_t> result;
  for (const std::uint32_t place : places) {
    const Part& part = parts[place];
    const bool speaks = has_a_say[part.plane] && part.rank == tops[part.plane].rank;
    if (speaks && (part.effect == ir::Effect::allow) == allowed) result.push_back(place);
  }
  return result;
}

bool Order::holds(const Formula& formula, const std::vector<Part>& parts, const std::vector<std::uint32_t>& places) const {
  const std::vector<Top> tops = tops_of(planes_, parts, places);
  return std::any_of(formula.begin(), formula.end(), [&](const auto& product) { return allows_all(tops, product); });
}

}  // namespace polc::eval
