// What a filter answers, for all calls at once; machine.hpp runs it for one.
//   Symbolic symbolic(program, is_big_endian, has_high_halves, usual);
//   for (const Cell& cell : *symbolic.cells()) symbolic.answers(cell)     which action for which arguments
// The walk over number and architecture splits ranges at every test; from the first load of an argument on, sets of
// arguments are computed backwards, once for each instruction. It knows what a code generator needs: loads, AND with a
// constant, tests against constants. For anything else it says that it cannot tell; it never guesses.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "seccomp/instruction.hpp"
#include "sets/arguments.hpp"

namespace polc::seccomp {

/// All (architecture, number) pairs of two ranges, which reach the same instruction in the same state.
struct Cell {
  std::uint32_t arch_low = 0, arch_high = 0xFFFF'FFFF;
  std::uint32_t number_low = 0, number_high = 0xFFFF'FFFF;
  std::size_t place = 0;  // an answer or the first load of an argument
  std::size_t decided = 0;  // the last test on the way; the place itself where nothing was tested
};

/// For each action but the usual one the arguments that meet it; they are disjoint, and the rest meets the usual one.
using Answers = std::map<Action, sets::ArgumentSpace::Set>;

class Symbolic {
 public:
  /// `usual`: any action; the sets of the others are kept.
  Symbolic(const Program& program, bool is_big_endian, bool has_high_halves, Action usual)
      : program_(program), is_big_endian_(is_big_endian), has_high_halves_(has_high_halves), usual_(usual) {}

  /// nullopt: the program does something that this walk does not follow, or has too many ways.
  std::optional<std::vector<Cell>> cells() const;
  /// nullopt: as above, or the sets grew too large. Sets of space().
  std::optional<Answers> answers(const Cell& cell);
  /// Whoever keeps a set keeps its space.
  const std::shared_ptr<sets::ArgumentSpace>& space() const { return space_; }
  /// Goes on in another space, once the sets have become many: later sets are no longer those of earlier ones.
  void start_afresh_if_large();
  /// Where cells() or answers() could not go on.
  std::size_t failed_at() const { return failed_at_; }

 private:
  /// What the accumulator holds: a constant (offset none) or a word of an argument under a mask.
  struct Held {
    std::optional<std::uint32_t> offset;
    std::uint32_t bits = 0;  // the constant, or the mask
    auto operator<=>(const Held&) const = default;
  };
  struct Key {
    std::size_t place;
    Held held;
    auto operator<=>(const Key&) const = default;
  };
  const Answers* answers_from(std::size_t place, Held held);
  std::optional<Answers> computed(std::size_t place, Held held);
  sets::ArgumentSpace::Test test(const Instruction& jump, const Held& held);

  const Program& program_;
  bool is_big_endian_, has_high_halves_;
  Action usual_;
  std::shared_ptr<sets::ArgumentSpace> space_ = std::make_shared<sets::ArgumentSpace>();
  mutable std::size_t failed_at_ = 0;
  std::map<Key, Answers> memo_;
};

}  // namespace polc::seccomp
