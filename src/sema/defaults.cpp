#include "sema/defaults.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "diag/catalogue.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "sema/access.hpp"
#include "sema/other_names.hpp"
#include "sema/suggest.hpp"

namespace polc::sema {
namespace {

ir::Reaction reaction_of(const ast::Reaction& reaction, const Context& context) {
  ir::Reaction result;
  switch (reaction.kind) {
    case ast::Reaction::Kind::deny: result.kind = ir::Reaction::Kind::deny; break;
    case ast::Reaction::Kind::kill: result.kind = ir::Reaction::Kind::kill; break;
    case ast::Reaction::Kind::hidden: result.kind = ir::Reaction::Kind::hidden; break;
    case ast::Reaction::Kind::log: result.kind = ir::Reaction::Kind::log; break;
  }
  result.log = reaction.log;
  if (!reaction.error_name) return result;
  const ast::Name& name = *reaction.error_name;
  result.error_name = name.text;
  if (!knowledge::find_errno(context.os(), name.text))
    suggest(context.sink.add(diag::unknown_errno, name.range, name.text, name_of(context.os())), name.range,
            nearest_of(upper_case(name.text), knowledge::errnos_of(context.os()), context.sink));
  return result;
}

std::optional<ir::AccessClass> class_named(std::string_view name) {
  const auto found = std::find(ir::access_class_names.begin(), ir::access_class_names.end(), name);
  if (found == ir::access_class_names.end()) return std::nullopt;
  return static_cast<ir::AccessClass>(found - ir::access_class_names.begin());
}

// A class is meant more often than a call.
void report_unknown_scope(const ast::Name& name, const Context& context) {
  if (const auto klass = nearest_of(name.text, ir::access_class_names, context.sink))
    return suggest(context.sink.add(diag::unknown_syscall, name.range, name.text), name.range, klass);
  report_unknown_call(name, context).note(fmt::format("a default is for calls or for a class: {}", fmt::join(ir::access_class_names, ", ")));
}

}  // namespace

void Defaults::add(const ast::Default& d, const std::string& target, diag::SourceRange range, const Context& context) {
  const ir::Reaction reaction = reaction_of(d.reaction, context);
  if (d.scope.empty()) add({reaction, std::nullopt, std::nullopt, target, range}, context.sink);
  for (const ast::Name& name : d.scope) {
    if (const auto klass = class_named(name.text)) add({reaction, klass, std::nullopt, target, range}, context.sink);
    else if (const auto call = knowledge::find_call(context.os(), name.text))
      add({reaction, std::nullopt, call, target, range}, context.sink);
    else report_unknown_scope(name, context);
  }
}

void Defaults::add(ir::Default d, diag::Sink& sink) {
  const auto [known, is_new] = places_.emplace(Key{d.target, d.klass, d.call}, defaults_.size());
  if (is_new) {
    defaults_.push_back(std::move(d));
    return;
  }
  const ir::Default& first = defaults_[known->second];
  if (first.reaction != d.reaction) sink.add(diag::defaults_differ, d.range).note(first.range, "the other one");
}

}  // namespace polc::sema
