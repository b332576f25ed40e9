// One access of the language as boxes. Each function adds to `boxes` and reports what is wrong.
#pragma once

#include <optional>
#include <vector>

#include "knowledge/relation.hpp"
#include "sema/context.hpp"

namespace polc::sema {

void lower(const ast::Access& access, const Context& context, Boxes& boxes);

void lower(const ast::FileAccess& access, const Context& context, Boxes& boxes);      // file_access.cpp
void lower(const ast::NetAccess& access, const Context& context, Boxes& boxes);       // net_access.cpp
void lower(const ast::CallAccess& access, const Context& context, Boxes& boxes);      // call_access.cpp
void lower(const ast::IdentityAccess& access, const Context& context, Boxes& boxes);  // process_access.cpp
void lower(const ast::PeerAccess& access, const Context& context, Boxes& boxes);      // process_access.cpp
void lower(const ast::ClassAccess& access, const Context& context, Boxes& boxes);     // named_calls.cpp
void lower(const ast::ProcessAccess& access, const Context& context, Boxes& boxes);   // named_calls.cpp

/// The call by its name, with a report if there is none on this OS.
std::optional<CallId> call_named(const ast::Name& name, const Context& context);

/// No call of this OS is called so.
diag::Added report_unknown_call(const ast::Name& name, const Context& context);

/// What calls an act stands for: those that it needs, or every way to do it.
knowledge::Relation relation_of(ir::Effect effect);

/// The acts that an access names.
std::vector<ir::Act> acts_of(const ast::Access& access);

/// Patterns of calls from knowledge's tables as boxes, one a condition.
void add_calls(const std::vector<knowledge::CallPattern>& patterns, Boxes& boxes);

}  // namespace polc::sema
