// Which calls a text permits, asked call by call: of hundreds most are permitted whole or not at all.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "eval/meaning.hpp"
#include "knowledge/relation.hpp"
#include "sets/arguments.hpp"

namespace polc::target {

enum class Extent : std::uint8_t { none, some, all };

class PermittedCalls {
 public:
  /// The parts must live on. Other planes than the first are not looked at.
  explicit PermittedCalls(std::span<const eval::Part> parts);

  /// Of a call, whatever its arguments: mostly all that need be known.
  Extent extent(CallId call) const;
  /// Of a call of which some is permitted.
  bool permits_some(const knowledge::CallPattern& pattern);
  /// The values that an argument of it may have, of those bits that the test looks at; too many to tell: all.
  sets::NumberSet values(CallId call, const knowledge::ArgumentTest& test);

  /// What both permit, as parts.
  friend std::vector<eval::Part> permitted_by_both(PermittedCalls& a, PermittedCalls& b);

 private:
  struct Said {
    ir::Effect effect;
    const ir::Condition* where;
  };
  struct Left {
    sets::ArgumentSpace space;
    sets::ArgumentSpace::Set set{};
  };
  struct OfCall {
    std::vector<Said> said;
    std::unique_ptr<Left> left;  // allows less denies: several rows ask about one call
  };
  Left& left(CallId call);

  std::vector<OfCall> by_call_;  // by its number; those behind the last are not permitted
};

}  // namespace polc::target
