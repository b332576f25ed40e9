// The words that are only names for calls: fork, thread, socketpair, memory, namespace, time, mount, ipc. And
// capability, which is written like them but is an access of its own.
#include <fmt/format.h>

#include <algorithm>

#include "diag/catalogue.hpp"
#include "knowledge/names.hpp"
#include "sema/access.hpp"
#include "sema/other_names.hpp"
#include "sema/suggest.hpp"

namespace polc::sema {
namespace {

void lower_capabilities(const ast::ClassAccess& access, const Context& context, Boxes& boxes) {
  ir::CapabilityBox box;
  for (const ast::Name& name : access.members) {
    if (name.text == "any") {
      box.capabilities = ~std::uint64_t{0};
    } else if (const auto number = knowledge::find_capability(name.text)) {
      box.capabilities |= std::uint64_t{1} << *number;
    } else {
      suggest(context.sink.add(diag::unknown_member, name.range, access.verb.text, name.text), name.range,
              nearest_of(folded(name.text, "cap_"), knowledge::capabilities(), context.sink));
    }
  }
  if (box.capabilities != 0) boxes.emplace_back(box, ir::LeftOut{});
}

// Adds the calls of `klass member`; reports a class or member that this OS does not have.
void add_named(std::string_view klass, std::string_view member, std::uint64_t kinds, diag::SourceRange range, const Context& context,
               Boxes& boxes) {
  const knowledge::Parameter of_namespaces{"$kinds", {{kinds, kinds}}};
  const auto rows = knowledge::find_rows(context.os(), relation_of(context.effect), klass, member);
  const auto patterns = knowledge::patterns_of(rows, context.os(), context.arch(), std::span(&of_namespaces, 1));
  if (patterns.empty()) {
    const std::string what = member.empty() ? std::string(klass) : fmt::format("{} {}", klass, member);
    context.sink.add(diag::unknown_on_system, range, name_of(context.os()), what);
  }
  add_calls(patterns, boxes);
}

}  // namespace

std::vector<ir::Act> acts_of(const ast::Access& access) {
  std::vector<ir::Act> acts;
  if (const auto* process = std::get_if<ast::ProcessAccess>(&access.value))
    for (const ast::Name& verb : process->verbs) acts.push_back({verb.text, ""});
  if (const auto* net = std::get_if<ast::NetAccess>(&access.value))
    for (const ast::Name& verb : net->verbs)
      if (verb.text == "socket" || verb.text == "any") acts.push_back({"socket", ""});
  if (const auto* named = std::get_if<ast::ClassAccess>(&access.value))
    for (const ast::Name& member : named->members)
      for (const std::string_view known : knowledge::members_of(named->verb.text))
        if (member.text == "any" || member.text == known) acts.push_back({named->verb.text, std::string(known)});
  return acts;
}

knowledge::Relation relation_of(ir::Effect effect) {
  return effect == ir::Effect::allow ? knowledge::Relation::brings : knowledge::Relation::sure;
}

void add_calls(const std::vector<knowledge::CallPattern>& patterns, Boxes& boxes) {
  std::vector<ir::CallBox> added;
  for (const knowledge::CallPattern& pattern : patterns) {
    ir::Condition where = ir::condition_of(pattern.where);
    const auto same =
        std::find_if(added.begin(), added.end(), [&](const ir::CallBox& box) { return box.where == where; });
    if (same == added.end()) added.push_back({{pattern.call}, std::move(where)});
    else same->calls.push_back(pattern.call);
  }
  for (ir::CallBox& box : added) {
    std::sort(box.calls.begin(), box.calls.end());
    box.calls.erase(std::unique(box.calls.begin(), box.calls.end()), box.calls.end());
    boxes.emplace_back(std::move(box), ir::LeftOut{});
  }
}

void lower(const ast::ClassAccess& access, const Context& context, Boxes& boxes) {
  const std::string& klass = access.verb.text;
  if (klass == "capability") return lower_capabilities(access, context, boxes);
  const auto known = knowledge::members_of(klass);
  std::uint64_t kinds = 0;  // all of a statement: one call may make several
  for (const ast::Name& name : access.members) kinds |= klass == "namespace" ? knowledge::namespace_kinds(name.text) : 0;
  for (const ast::Name& name : access.members) {
    const bool is_member = name.text == "any" || std::find(known.begin(), known.end(), name.text) != known.end();
    if (is_member) {
      add_named(klass, name.text, kinds, name.range, context, boxes);
    } else {
      suggest(context.sink.add(diag::unknown_member, name.range, klass, name.text), name.range,
              nearest_of(folded(name.text, ""), known, context.sink));
    }
  }
}

void lower(const ast::ProcessAccess& access, const Context& context, Boxes& boxes) {
  for (const ast::Name& verb : access.verbs) add_named(verb.text, "", 0, verb.range, context, boxes);
}

}  // namespace polc::sema
