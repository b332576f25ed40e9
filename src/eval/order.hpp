// How the parts of a set decide together. Most sets have one plane of one rank: allows less denies. A target's own rules of
// precedence are ranks (of the parts of a plane that hold an access, those of the highest rank decide, and there a deny wins);
// what it asks of several of its rules at once are planes, joined by a formula.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace polc::eval {

struct Part;

/// A sum of products of planes: an access is in the set where every plane of some product has it.
using Formula = std::vector<std::vector<std::uint8_t>>;

/// What is possibly in the set and what is surely: they differ where the reader of an artefact cannot know (a file that it
/// includes, say). `sure` has nothing that `possible` has not.
struct Formulas {
  Formula possible{{0}};
  Formula sure{{0}};
  bool operator==(const Formulas&) const = default;
};

/// The parts that decide together: those of one plane and rank.
struct Slot {
  std::uint8_t plane = 0;
  std::uint8_t rank = 0;
  auto operator<=>(const Slot&) const = default;
};

class Order {
 public:
  /// More planes than this, or ranks in use, no comparison takes on: it ends as too complex.
  static constexpr std::size_t most_planes = 16, most_slots = 1'024;

  Order() : Order({}, {}) {}
  /// Of the slots in use, in any order and however often.
  Order(std::vector<Slot> slots, Formulas formulas);

  /// One plane of one rank: allows less denies.
  bool is_plain() const { return is_plain_; }
  bool is_too_large() const { return planes_ > most_planes || slots_.size() > most_slots; }
  /// By plane, then rank; never empty.
  std::span<const Slot> slots() const { return slots_; }
  std::size_t slot_of(const Part& part) const;
  const Formulas& formulas() const { return formulas_; }
  /// Do both formulas say the same?
  bool is_certain() const { return formulas_.possible == formulas_.sure; }

  /// The set from what each slot allows and denies, in any algebra of sets:
  ///   none()             the empty set
  ///   after(set, slot)   (set | what the slot allows) less what it denies
  ///   both(a, b), either(a, b)
  /// It grows with what is allowed and shrinks with what is denied, so bounds of these give bounds of the set.
  template <class Algebra>
  auto evaluate(const Formula& formula, const Algebra& algebra) const {
    std::vector<decltype(algebra.none())> planes(planes_, algebra.none());
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
      auto& plane = planes[slots_[slot].plane];
      plane = algebra.after(std::move(plane), slot);
    }
    auto result = algebra.none();
    for (const auto& product : formula) {
      auto all = planes[product.front()];
      for (std::size_t i = 1; i < product.size(); ++i) all = algebra.both(std::move(all), planes[product[i]]);
      result = algebra.either(std::move(result), std::move(all));
    }
    return result;
  }

  /// Of parts that hold an access those that decide it: of each plane that has a say in the outcome, the allows or denies of
  /// its highest rank. Empty where nothing is said. `places` are places in `parts`, and the result is in their order.
  std::vector<std::uint32_t> deciding(const std::vector<Part>& parts, const std::vector<std::uint32_t>& places) const;
  /// Is an access that exactly these parts hold in the set?
  bool holds(const Formula& formula, const std::vector<Part>& parts, const std::vector<std::uint32_t>& places) const;

 private:
  std::vector<Slot> slots_;
  std::size_t planes_ = 1;
  Formulas formulas_;
  bool is_plain_ = true;
};

}  // namespace polc::eval
