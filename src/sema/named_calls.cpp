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

ir::Condition condition_of(const std::vector<knowledge::ArgumentTest>& tests) {
  ir::Condition all;
  for (const knowledge::ArgumentTest& test : tests) {
    const auto op = test.equal ? sets::Compare::equal : sets::Compare::not_equal;
    all.terms.push_back({ir::Condition::Kind::test, {test.argument, test.mask, op, test.value, 64, false}, {}});
  }
  return all.terms.size() == 1 ? std::move(all.terms.front()) : all;
}

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
void add_named(std::string_view klass, std::string_view member, diag::SourceRange range, const Context& context,
               Boxes& boxes) {
  const auto patterns = knowledge::calls_named(context.os(), klass, member, context.arch());
  if (patterns.empty()) {
    const std::string what = member.empty() ? std::string(klass) : fmt::format("{} {}", klass, member);
    context.sink.add(diag::unknown_on_system, range, name_of(context.os()), what);
  }
  add_calls(patterns, boxes);
}

}  // namespace

void add_calls(const std::vector<knowledge::CallPattern>& patterns, Boxes& boxes) {
  std::vector<ir::CallBox> added;
  for (const knowledge::CallPattern& pattern : patterns) {
    ir::Condition where = condition_of(pattern.tests);
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
  for (const ast::Name& name : access.members) {
    const bool is_member = name.text == "any" || std::find(known.begin(), known.end(), name.text) != known.end();
    if (is_member) {
      add_named(klass, name.text, name.range, context, boxes);
    } else {
      suggest(context.sink.add(diag::unknown_member, name.range, klass, name.text), name.range,
              nearest_of(folded(name.text, ""), known, context.sink));
    }
  }
}

void lower(const ast::ProcessAccess& access, const Context& context, Boxes& boxes) {
  for (const ast::Name& verb : access.verbs) add_named(verb.text, "", verb.range, context, boxes);
}

}  // namespace polc::sema
