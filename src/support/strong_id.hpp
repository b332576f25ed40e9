// An index that cannot be mixed up with another: struct RuleTag; using RuleId = StrongId<RuleTag>;
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace polc {

template <class Tag, class Number = std::uint32_t>
struct StrongId {
  Number value = 0;
  auto operator<=>(const StrongId&) const = default;
};

}  // namespace polc

template <class Tag, class Number>
struct std::hash<polc::StrongId<Tag, Number>> {
  std::size_t operator()(polc::StrongId<Tag, Number> id) const noexcept { return std::hash<Number>{}(id.value); }
};
