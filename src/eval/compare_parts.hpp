// The pieces of compare(), one a class of accesses. Private to src/eval.
#pragma once

#include <span>
#include <vector>

#include "eval/compare.hpp"
#include "eval/index.hpp"

namespace polc::eval {

/// Goes on after a visit?
enum class Walk : std::uint8_t { on, stopped, too_complex };

struct Comparison {
  std::span<const Meaning* const> sides;
  std::span<const Term> terms;
  sets::Budget& budget;
  const Visitor& visit;
  Kinds kinds = Kinds::by_answer;
};

/// What the sides say of one access.
struct Membership {
  Sides allowed = 0;  // in the meaning
  Sides sure = 0;     // in it whatever is not known
  Sides denied = 0;   // a deny names it
};
TermSet terms_holding(std::span<const Term> terms, Membership membership);

Walk compare_paths(const Comparison& comparison);      // files, pairs, unix socket paths and abstract names
Walk compare_addresses(const Comparison& comparison);  // the other families, and unnamed unix sockets
Walk compare_calls(const Comparison& comparison);
Walk compare_process(const Comparison& comparison);

}  // namespace polc::eval
