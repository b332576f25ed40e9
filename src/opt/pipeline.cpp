#include "opt/pipeline.hpp"

#include <algorithm>
#include <array>

namespace polc::opt {
namespace {

// What is dropped first need not be merged; what is merged by verb and place can then be merged by address.
constexpr std::array table{
    Pass{"drop_denied", "drops what a deny takes away wholly", drop_denied},
    Pass{"drop_subsumed", "drops what another rule says already", drop_subsumed},
    Pass{"merge_verbs", "one rule for all verbs of the same places", merge_verbs},
    Pass{"merge_places", "one rule for all places of the same verbs", merge_places},
    Pass{"unite_addresses", "one rule for all addresses and ports of the same verbs", unite_addresses},
    Pass{"merge_process", "one rule for all capabilities, accounts and peers", merge_process},
    Pass{"merge_calls", "one rule for all calls under the same condition", merge_calls},
    Pass{"factor_conditions", "one condition for each call, what all alternatives share in front", factor_conditions},
};

}  // namespace

std::span<const Pass> passes() { return table; }

Parts optimise(Parts parts, std::span<const std::string_view> disabled, const Watch& watch) {
  for (const Pass& pass : table) {
    if (std::find(disabled.begin(), disabled.end(), pass.name) != disabled.end()) continue;
    parts = pass.run(std::move(parts));
    if (watch) watch(pass, parts);
  }
  return parts;
}

}  // namespace polc::opt
