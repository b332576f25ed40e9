#include "driver/ledgers.hpp"

namespace polc::driver {

std::vector<target::Ledger> ledgers_of(const Compilation& compilation) {
  const auto& results = compilation.results;
  std::vector<target::Ledger> ledgers;
  for (std::size_t i = 0; i < results.size();) {
    std::vector<target::LedgerEntry> entries;
    const std::size_t first = i;
    for (; i < results.size() && results[i].policy == results[first].policy; ++i) {
      const TargetResult& one = results[i];
      entries.push_back({{one.backend, &one.enforced.outcome, one.emitted}, &one.settings,
                         one.is_alone ? &one.enforced.printed : nullptr, one.said});
    }
    ledgers.push_back(target::ledger_of(*results[first].policy, *results[first].meaning, std::move(entries)));
  }
  return ledgers;
}

}  // namespace polc::driver
