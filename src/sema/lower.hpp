// From syntax trees to the IR: names, variants, abstractions and variables are resolved, rules become boxes.
//   sema::Program program = driver::load(...);            // all files, imports resolved
//   auto policies = sema::lower(program, request, sink);  // one ir::Policy for each policy that the main files declare
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/sink.hpp"
#include "ir/policy.hpp"
#include "syntax/ast.hpp"

namespace polc::sema {

/// One file, with its imports in the order of their statements (places in Program::units).
struct Unit {
  ast::File file;
  std::vector<std::size_t> imports;
  bool is_main = false;  // named by the user: its policies are compiled, its overlays hold
};

/// An abstraction of a file that could be imported: for who forgot to.
struct Offer {
  std::string_view abstraction;
  std::string import;  // "std/linux.pol"
};

/// Every file that takes part, each once. Imports have no cycle (the loader has seen to that).
struct Program {
  std::vector<Unit> units;
  std::vector<Offer> offers = {};
};

/// What the user chose: --variant=debian,relay --arch=x86_64, and the OS of the target.
struct ConfigurationRequest {
  Os os = Os::linux_os;
  Arch arch = Arch::x86_64;
  std::vector<std::string> variants;
};

/// The names of the policies that the main files declare, in order.
std::vector<std::string> policy_names(const Program& program);

/// The platform variants (those with `on`) that list `os`, in the order of declaration: for `polc test`, which runs once each.
std::vector<std::string> platforms_of(const Program& program, Os os);
/// Every OS that some platform variant lists; empty when the program has no platform variants.
std::vector<Os> systems_of(const Program& program);

/// All policies of the main files in one configuration, sorted as declared. nullopt: something was wrong and is reported.
std::optional<std::vector<ir::Policy>> lower(const Program& program, const ConfigurationRequest& request, diag::Sink& sink);

/// One access from the command line, read in the scope of the file's top-level names.
std::optional<std::vector<std::pair<ir::Box, ir::LeftOut>>> lower_access(const Program& program, const ConfigurationRequest& request,
                                                                         const ast::Access& access, diag::Sink& sink);

}  // namespace polc::sema
