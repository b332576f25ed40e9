// Makes a policy small before a target sees it, without changing a decision. The passes stand in one table and run in its
// order; each is a pure function from the parts of a meaning to fewer or smaller parts.
//   Parts parts = optimise(meaning.parts(), {});
// A part keeps the rules that it stands for, so a merged one knows every line that it came from, and each rule still gets
// a verdict of its own.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "opt/passes.hpp"

namespace polc::opt {

struct Pass {
  std::string_view name;
  std::string_view what;
  Parts (*run)(Parts parts);
};

std::span<const Pass> passes();

/// Called after each pass that ran.
using Watch = std::function<void(const Pass&, const Parts&)>;

/// All passes but those named in `disabled`, once each.
Parts optimise(Parts parts, std::span<const std::string_view> disabled = {}, const Watch& watch = {});

}  // namespace polc::opt
