#include "eval/rule_parameters.hpp"

#include <algorithm>
#include <string>

#include "knowledge/names.hpp"

namespace polc::eval {
namespace {

std::vector<knowledge::Range> ranges_of(const sets::NumberSet& numbers) {
  std::vector<knowledge::Range> ranges;
  for (const auto& interval : numbers.intervals()) ranges.push_back({interval.low, interval.high});
  return ranges;
}

std::uint64_t number_on(Arch arch, std::uint64_t signal) {
  const auto known = knowledge::find_name(knowledge::signals_of(Os::linux_os), signal);
  if (!known) return signal;
  std::string name = "SIG";
  for (const char c : *known) name += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return knowledge::find_constant(Os::linux_os, arch, name).value_or(signal);
}

}  // namespace

knowledge::Parameter mode_parameter(std::uint16_t mode) {
  const std::uint64_t value = ~std::uint64_t{ir::all_mode_bits} | mode;
  return {"$mode", {{value, value}}};
}

knowledge::Parameter request_parameter(const sets::NumberSet& requests) { return {"$request", ranges_of(requests)}; }

knowledge::Parameter id_parameter(const sets::NumberSet& ids) { return {"$id", ranges_of(ids)}; }

knowledge::Parameter signal_parameter(std::uint64_t signals, Arch arch) {
  if (signals == ~std::uint64_t{0}) return {"$sig", {{0, 0xFFFF'FFFFu}}};
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t n = 0; n < 64; ++n)
    if ((signals >> n) & 1u) numbers.push_back(number_on(arch, n));
  std::sort(numbers.begin(), numbers.end());
  knowledge::Parameter parameter{"$sig", {}};
  for (const std::uint64_t number : numbers) {
    auto& ranges = parameter.values;
    if (!ranges.empty() && number <= ranges.back().high + 1) ranges.back().high = number;
    else ranges.push_back({number, number});
  }
  return parameter;
}

bool sends_one_of(const knowledge::Row& row, std::uint64_t signals) {
  if (row.of.empty()) return true;
  const auto signal = knowledge::find_signal(Os::linux_os, row.of);
  return signal && ((signals >> *signal) & 1u) != 0;
}

sets::NumberSet ids_of(const ir::IdentityBox& box, bool unknown_is_any) {
  sets::NumberSet ids = box.ids;
  for (const ir::Account& account : box.accounts) {
    if (account.has_id) ids = ids | sets::NumberSet::of(account.id);
    else if (unknown_is_any) return sets::NumberSet::all();
  }
  return ids;
}

}  // namespace polc::eval
