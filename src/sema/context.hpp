// Where an access stands: what its names mean there, and in which configuration.
#pragma once

#include <utility>
#include <vector>

#include "diag/sink.hpp"
#include "ir/policy.hpp"
#include "sema/names.hpp"

namespace polc::sema {

struct Context {
  const Names& names;
  const ir::Configuration& configuration;
  const Scope& scope;
  diag::Sink& sink;
  ir::Effect effect = ir::Effect::allow;  // an allow of an act is the calls that it brings, a deny every way to do it

  Os os() const { return configuration.os; }
  Arch arch() const { return configuration.arch; }
};

/// What an access denotes: the union of the boxes. What is wrong with it was reported; then some may be missing.
using Boxes = std::vector<std::pair<ir::Box, ir::LeftOut>>;

}  // namespace polc::sema
