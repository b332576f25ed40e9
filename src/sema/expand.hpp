// Blocks laid flat: `when` is decided, `use` replaced by what the abstraction holds.
//   Expander(names, configuration, sink, visit).expand(policy.block, names.scope_of(unit), {});   // visit(statement, scope,
//   trail)
// Statements come one at a time and are not kept, since a policy may have very many.
#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "ir/policy.hpp"
#include "sema/names.hpp"

namespace polc::sema {

/// An annotation and the scope that its strings are read in.
struct Annotated {
  const ast::Annotation* annotation = nullptr;
  const Scope* scope = nullptr;
};

/// How the expansion came to a statement, and what was said on the way.
struct Trail {
  std::vector<diag::SourceRange> uses;  // the nearest first
  std::vector<Annotated> accepts;       // the outermost first
  Annotated reason;                     // the nearest; none: null

  /// With what these annotations say.
  Trail with(const ast::Annotations& annotations, const Scope& scope) const;
};

class Expander {
 public:
  /// Gets every statement but `let`, `use` and `when`. Its own annotations are in the trail already.
  using Visit = std::function<void(const ast::Statement&, const Scope&, const Trail&)>;

  Expander(const Names& names, const ir::Configuration& configuration, diag::Sink& sink, Visit visit)
      : names_(names), configuration_(configuration), sink_(sink), visit_(std::move(visit)) {}

  void expand(const ast::Block& block, const Scope& outer, const Trail& trail);

 private:
  void expand(const ast::Statement& statement, const Scope& scope, const Trail& trail);
  void expand(const ast::Usage& usage, const Scope& scope, const Trail& trail);
  /// Counts what a policy's own `use` brings in, before a statement of it is looked at. False: too many, reported.
  bool spend(const Abstraction& abstraction, diag::SourceRange at);
  /// With all that it uses in turn, up to just past the bound.
  std::uint64_t statements_in(const Abstraction& abstraction);
  std::uint64_t statements_in(const ast::Block& block, const Scope& file);

  const Names& names_;
  const ir::Configuration& configuration_;
  diag::Sink& sink_;
  Visit visit_;
  std::uint64_t used_statements_ = 0;  // brought in by `use`
  std::unordered_map<const Abstraction*, std::uint64_t> sizes_;
};

}  // namespace polc::sema
