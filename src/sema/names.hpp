// Every top-level name of a program in one configuration.
//   Names names(program, configuration, sink);   names.scope_of(unit).find("state");   names.has_policy("tor")
//
// Variables and abstractions are visible in their file and in the files that import it, directly or through others.
// Policies are known everywhere: an overlay named on the command line need not import what it adds to. The four kinds
// of names (variables, abstractions, policies, variants) stand in different places and do not disturb each other.
#pragma once

#include <list>
#include <map>
#include <string_view>
#include <vector>

#include "sema/lower.hpp"
#include "sema/scope.hpp"

namespace polc::sema {

/// An overlay and the file scope in which it is written.
struct Overlaid {
  const ast::Overlay* overlay = nullptr;
  const ast::Annotations* annotations = nullptr;
  const Scope* scope = nullptr;
};

class Names {
 public:
  /// Reports names that are defined twice, defined by themselves, or (of overlays) add to no policy.
  Names(const Program& program, const ir::Configuration& configuration, diag::Sink& sink);
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  const Scope& scope_of(std::size_t unit) const { return *scopes_[unit]; }
  /// What the command line sees: the top-level names of all main files.
  const Scope& main_scope() const { return main_scope_; }
  bool has_policy(std::string_view name) const { return policies_.count(name) > 0; }
  /// Sorted: for "did you mean".
  std::vector<std::string_view> policies() const;
  const std::vector<Overlaid>& overlays_of(std::string_view policy) const;
  /// No abstraction of this name is visible where it is used: what was meant, or what must be imported for it.
  void report_unknown_abstraction(const ast::Name& name, const Scope& scope, diag::Sink& sink) const;

 private:
  void define_all(const Program& program, const ir::Configuration& configuration, diag::Sink& sink);
  void import_all(const Program& program, diag::Sink& sink);
  void collect_policies(const Program& program, diag::Sink& sink);
  void collect_overlays(const Program& program, diag::Sink& sink);

  const Program& program_;
  std::vector<const Scope*> scopes_;  // by unit
  std::list<Scope> owned_scopes_;
  Scope main_scope_;
  std::map<std::string_view, diag::SourceRange> policies_;
  std::map<std::string_view, std::vector<Overlaid>> overlays_;
};

}  // namespace polc::sema
