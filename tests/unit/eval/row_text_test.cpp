// The rows' conditions are the language's own: each, written into a policy, means the same on every architecture as the small reader
// of src/knowledge/ says.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "compiled.hpp"
#include "eval/argument_sets.hpp"
#include "knowledge/call_arguments.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/relation.hpp"

namespace polc {
namespace {

using knowledge::Row;

// One value for each parameter, which stands in the policy as itself.
constexpr std::pair<std::string_view, std::uint64_t> values[] = {
    {"$mode", 0644}, {"$id", 101}, {"$sig", 15}, {"$request", 0x5401}, {"$kinds", 0x10000000}};

// x86's and arm's first calls for accounts have ids of 16 bits: there 0xffff is what 0xffffffff is elsewhere, and changes nothing.
bool has_old_ids(const Row& row, Os os, Arch arch) {
  const knowledge::Call& call = knowledge::call_of(os, *knowledge::find_call(os, row.call));
  return os == Os::linux_os && std::any_of(call.arguments.begin(), call.arguments.end(), [&](const auto& argument) { return knowledge::is_old_id(arch, call, argument); });
}

std::string text_of(const Row& row, Os os, Arch arch) {
  std::string text(row.condition);
  if (has_old_ids(row, os, arch))
    for (std::size_t at = text.find("0xffffffff"); at != text.npos; at = text.find("0xffffffff")) text.replace(at, 10, "0xffff");
  for (const auto& [name, value] : values)
    for (std::size_t at = text.find(name); at != text.npos; at = text.find(name)) text.replace(at, name.size(), std::to_string(value));
  return text;
}

void check(const Row& row, Os os, Arch arch) {
  std::vector<knowledge::Parameter> parameters;
  for (const auto& [name, value] : values) parameters.push_back({name, {{value, value}}});
  const auto pattern = knowledge::pattern_of(row, os, arch, parameters);
  if (!pattern) return;
  const std::string condition = text_of(row, os, arch);
  INFO(name_of(os), " ", name_of(arch), ": ", row.access, ": ", row.call, " where ", condition);
  sema::ConfigurationRequest request;
  request.os = os;
  request.arch = arch;
  const auto compiled = sema_test::rule("syscall " + std::string(row.call) + (condition.empty() ? "" : " where " + condition), request);
  REQUIRE_MESSAGE(compiled.ok(), compiled.reports());
  sets::ArgumentSpace space;
  const auto here = eval::argument_set(space, ir::condition_of(pattern->where));
  auto there = sets::ArgumentSpace::none;
  for (const ir::Box& box : compiled.boxes()) {
    const auto& call = std::get<ir::CallBox>(box);
    CHECK(std::find(call.calls.begin(), call.calls.end(), pattern->call) != call.calls.end());
    there = space.disjunction(there, eval::argument_set(space, call.where));
  }
  CHECK(here == there);
}

}  // namespace

TEST_CASE("every row means in a policy what the table's reader says, on every architecture") {
  for (const Os os : {Os::linux_os, Os::openbsd, Os::freebsd})
    for (const Row& row : knowledge::rows_of(os)) {
      if (row.relation == knowledge::Relation::file) continue;  // a path
      for (unsigned a = 0; a < (os == Os::linux_os ? arch_names.size() : 1); ++a) check(row, os, static_cast<Arch>(a));
    }
}

}  // namespace polc
