// What a name stands for where it is used: blocks inside each other, outermost the top-level names that a file sees.
//   Scope block(&outer);   block.define(let.name, let.value, block, sink);   block.find("state")->value
// A name never hides another one: a second definition of a visible name is an error.
#pragma once

#include <list>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "diag/sink.hpp"
#include "sema/references.hpp"
#include "syntax/ast.hpp"

namespace polc::sema {

class Scope;

/// A `let` or a parameter.
struct Binding {
  std::string_view name;
  diag::SourceRange range;  // of the name where it is defined
  const ast::Value* value = nullptr;
  const Scope* scope = nullptr;       // where the value's own variables are looked up
  mutable ReferenceState references;  // by check_values()
};

struct Abstraction {
  const ast::Abstraction* tree = nullptr;
  const Scope* scope = nullptr;       // of the file that defines it
  mutable ReferenceState references;  // by check_abstractions()
};

class Scope {
 public:
  /// Of a file.
  Scope() = default;
  /// Of a block in `outer`, which outlives it.
  explicit Scope(const Scope* outer) : outer_(outer) {}
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  /// `where`: the scope in which the value is written. A visible name is not defined again but reported.
  void define(const ast::Name& name, const ast::Value& value, const Scope& where, diag::Sink& sink);
  void define(const ast::Abstraction& abstraction, diag::Sink& sink);
  /// Makes everything that another file defines itself visible here.
  void import(const Scope& other, diag::Sink& sink);

  /// nullptr: no such name is visible.
  const Binding* find(std::string_view name) const;
  const Abstraction* find_abstraction(std::string_view name) const;

  /// Those defined in this very scope.
  const std::list<Binding>& bindings() const { return bindings_; }
  const std::list<Abstraction>& abstractions() const { return abstractions_; }
  /// All that can be named here, sorted: for "did you mean".
  std::vector<std::string_view> visible_variables() const;
  std::vector<std::string_view> visible_abstractions() const;

 private:
  const Scope* outer_ = nullptr;
  std::list<Binding> bindings_;  // lists: others point into them
  std::list<Abstraction> abstractions_;
  std::unordered_map<std::string_view, const Binding*> variables_by_name_;
  std::unordered_map<std::string_view, const Abstraction*> abstractions_by_name_;
};

/// Reports a second definition.
void report_defined_twice(diag::SourceRange second, diag::SourceRange first, std::string_view name, diag::Sink& sink);

/// Defines the lets among a block's statements and checks them.
void define_lets(const ast::Block& block, Scope& scope, diag::Sink& sink);

/// Reports values that are defined by themselves, or by too long a chain; whoever meets one of them later keeps silent.
void check_values(const Scope& scope, diag::Sink& sink);
/// The same for abstractions that use themselves, whatever the guards around the `use`.
void check_abstractions(const Scope& scope, diag::Sink& sink);

}  // namespace polc::sema
