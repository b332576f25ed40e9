// `syscall a, b where c` as CallBoxes.
#include <fmt/format.h>

#include <algorithm>

#include "diag/catalogue.hpp"
#include "knowledge/calls.hpp"
#include "sema/access.hpp"
#include "sema/conditions.hpp"
#include "sema/suggest.hpp"
#include "sema/values.hpp"
#include "support/overloaded.hpp"

namespace polc::sema {
namespace {

constexpr std::array all_systems{Os::linux_os, Os::openbsd, Os::freebsd};

std::optional<Os> system_with(std::string_view call) {
  for (const Os os : all_systems)
    if (knowledge::find_call(os, call)) return os;
  return std::nullopt;
}

}  // namespace

diag::Added report_unknown_call(const ast::Name& name, const Context& context) {
  auto added = context.sink.add(diag::unknown_syscall, name.range, name.text);
  if (const auto other = system_with(name.text)) {
    added.note(fmt::format("{} has a call of that name, {} has none", name_of(*other), name_of(context.os())));
  } else if (context.sink.error_count() <= suggestions_at_most) {
    suggest(added, name.range, knowledge::nearest_call(context.os(), name.text));
  }
  return added;
}

std::optional<CallId> call_named(const ast::Name& name, const Context& context) {
  if (const auto call = knowledge::find_call(context.os(), name.text)) return call;
  report_unknown_call(name, context);
  return std::nullopt;
}

namespace {

void add_named(const ast::Name& name, const Context& context, std::vector<CallId>& calls) {
  if (name.text == "any") {
    for (std::size_t i = 0; i < knowledge::calls_of(context.os()).size(); ++i) calls.push_back(CallId{static_cast<std::uint16_t>(i)});
  } else if (const auto call = call_named(name, context)) {
    calls.push_back(*call);
  }
}

// The names of a `let` set, of the sets in it, too.
void add_set(const ast::Variable& set, const Context& context, std::vector<CallId>& calls) {
  for (const Leaf& leaf : leaves_of(set, context.scope, context.sink)) {
    const auto* names = std::get_if<const ast::Alternatives*>(&leaf.value);
    if (names != nullptr && (*names)->names.size() == 1) add_named((*names)->names.front(), context, calls);
    else report_wrong_kind(leaf, "a system call", context.sink);
  }
}

}  // namespace

void lower(const ast::CallAccess& access, const Context& context, Boxes& boxes) {
  std::vector<CallId> calls;
  for (const auto& one : access.calls)
    std::visit(Overloaded{[&](const ast::Name& name) { add_named(name, context, calls); },
                          [&](const ast::Variable& set) { add_set(set, context, calls); }},
               one);
  std::sort(calls.begin(), calls.end());
  calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
  ir::LeftOut left_out;
  left_out.arguments = !access.where;
  if (!access.where) {
    if (!calls.empty()) boxes.emplace_back(ir::CallBox{std::move(calls), {}}, left_out);
    return;
  }
  for (ir::CallBox& box : conditions_of(*access.where, calls, context)) boxes.emplace_back(std::move(box), left_out);
}

}  // namespace polc::sema
