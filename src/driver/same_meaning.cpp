#include "driver/same_meaning.hpp"

#include <algorithm>

#include "eval/compare.hpp"

namespace polc::driver {
namespace {

using Names = std::vector<std::string>;

Names features_of(const sema::Program& program) {
  Names features;
  for (const sema::Unit& unit : program.units)
    for (const ast::Item& item : unit.file.items)
      if (const auto* variant = std::get_if<ast::Variant>(&item.value); variant != nullptr && variant->systems.empty()) features.push_back(variant->name.text);
  return features;
}

std::vector<Names> choices_of(const sema::Program& program, Os os) {
  const Names features = features_of(program);
  std::vector<Names> chosen{{}};
  for (const std::string& feature : features) chosen.push_back({feature});
  if (features.size() > 1) chosen.push_back(features);
  Names platforms = sema::platforms_of(program, os);
  if (platforms.empty()) return chosen;
  std::vector<Names> choices;
  for (const std::string& platform : platforms)
    for (const Names& some : chosen) {
      choices.push_back({platform});
      choices.back().insert(choices.back().end(), some.begin(), some.end());
    }
  return choices;
}

bool speaks_of_calls(const std::vector<ir::Policy>& policies) {
  return std::any_of(policies.begin(), policies.end(), [](const ir::Policy& policy) {
    return std::any_of(policy.rules.begin(), policy.rules.end(), [](const ir::Rule& rule) {
      return std::any_of(rule.boxes.begin(), rule.boxes.end(), [](const ir::Box& box) { return std::holds_alternative<ir::CallBox>(box); });
    });
  });
}

bool are_equal(const ir::Policy& one, const ir::Policy& other) {
  if (one.name != other.name || one.programs != other.programs) return false;
  const eval::Meaning left = eval::meaning_of(one), right = eval::meaning_of(other);
  const eval::Meaning* const sides[] = {&left, &right};
  const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)}, {.in = eval::side(1), .out = eval::side(0)}};
  sets::Budget budget;
  bool differ = false;
  const bool complete = eval::compare(sides, terms, budget, [&](const ir::Point&, eval::TermSet) { return !(differ = true); });
  return complete && !differ;
}

bool are_equal(const std::vector<ir::Policy>& one, const std::vector<ir::Policy>& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](const ir::Policy& a, const ir::Policy& b) { return are_equal(a, b); });
}

}  // namespace

bool mean_the_same(const sema::Program& one, const sema::Program& other) {
  std::vector<Os> systems = sema::systems_of(one);
  if (systems.empty()) systems = {Os::linux_os, Os::openbsd};
  for (const Os os : systems)
    for (const Names& variants : choices_of(one, os))
      for (std::size_t arch = 0; arch < arch_names.size(); ++arch) {
        diag::Sink mistakes;
        const sema::ConfigurationRequest request{os, static_cast<Arch>(arch), variants};
        const auto before = sema::lower(one, request, mistakes), after = sema::lower(other, request, mistakes);
        // A configuration without a meaning has none to lose.
        if (!before) continue;
        if (!after || !are_equal(*before, *after)) return false;
        if (os != Os::linux_os || !speaks_of_calls(*before)) break;
      }
  return true;
}

}  // namespace polc::driver
