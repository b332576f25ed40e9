// Guards: `when variant == relay and os != openbsd`.
#pragma once

#include <span>
#include <string_view>

#include "diag/sink.hpp"
#include "ir/policy.hpp"
#include "syntax/ast.hpp"

namespace polc::sema {

/// Reports names of variants, systems and architectures that do not exist. `variants`: all that the program declares,
/// sorted.
void check_guard(const ast::Guard& guard, std::span<const std::string_view> variants, diag::Sink& sink);

/// All terms hold: `==` asks for one of its names, `!=` for none of them.
bool holds(const ast::Guard& guard, const ir::Configuration& configuration);

}  // namespace polc::sema
