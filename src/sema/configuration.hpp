// Variants: which ones a program declares, and which are in force.
//   auto configuration = configuration_of(program, {Os::linux_os, Arch::x86_64, {"debian", "relay"}}, sink);
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sema/lower.hpp"

namespace polc::sema {

/// All variants of all files, in the order of declaration. Two of one name are both here.
std::vector<const ast::Variant*> variants_of(const Program& program);

/// Platforms are the variants with `on`; the others are features.
inline bool is_platform(const ast::Variant& variant) { return !variant.systems.empty(); }
bool lists(const ast::Variant& platform, Os os);

/// False: one of the names is no variant of the program; reported, with those that it has.
bool are_declared(const Program& program, const std::vector<std::string>& names, diag::Sink& sink);

/// nullopt: the request names unknown variants or does not fit together; reported.
std::optional<ir::Configuration> configuration_of(const Program& program, const ConfigurationRequest& request,
                                                  diag::Sink& sink);

bool is_in_force(const ir::Configuration& configuration, std::string_view variant);

}  // namespace polc::sema
