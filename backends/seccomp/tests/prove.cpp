#include "prove.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "expected.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "seccomp/read.hpp"
#include "seccomp/symbolic.hpp"

namespace polc::seccomp::testing {
namespace {

using sets::ArgumentSpace;
using Difference = std::optional<ProofFailure>;

ProofFailure past_bound(std::string_view call) {
  return {fmt::format("the conditions on {} need exact sets of more than {} nodes", call, ArgumentSpace::most_nodes), true};
}

class Proof {
 public:
  Proof(Members policies, const Program& program)
      : policies_(policies),
        program_(program),
        archs_(archs_of(policies)),
        bad_arch_(choices_of(policy_of(policies.front()).configuration, policies.front().settings).bad_arch) {}

  Difference run() {
    const auto cells = Symbolic(program_, false, true, 0).cells();
    if (!cells) return failure("the dispatch of the filter is not one that can be proven");
    for (const Arch arch : archs_)
      if (!is_part_of_other(arch))
        if (auto difference = compare(arch, *cells)) return difference;
    return foreign(*cells);
  }

 private:
  // x32 is compared with x86_64, under whose AUDIT_ARCH it arrives.
  bool is_part_of_other(Arch arch) const {
    return arch == Arch::x32 && std::find(archs_.begin(), archs_.end(), Arch::x86_64) != archs_.end();
  }

  Difference foreign(const std::vector<Cell>& cells) {
    Symbolic symbolic(program_, false, true, bad_arch_);
    for (const Cell& cell : cells) {
      std::uint64_t left = static_cast<std::uint64_t>(cell.arch_high) - cell.arch_low + 1;
      std::vector<std::uint32_t> own;
      for (const Arch arch : archs_) own.push_back(knowledge::audit_arch(arch));
      std::sort(own.begin(), own.end());
      own.erase(std::unique(own.begin(), own.end()), own.end());
      for (const std::uint32_t audit : own) left -= cell.arch_low <= audit && audit <= cell.arch_high;
      if (left == 0) continue;
      const auto answers = symbolic.answers(cell);
      if (!answers || !answers->empty())
        return failure(fmt::format("a foreign architecture between {:#x} and {:#x} is not refused", cell.arch_low, cell.arch_high));
    }
    return std::nullopt;
  }

  Difference compare(Arch arch, const std::vector<Cell>& cells) {
    const std::uint32_t audit = knowledge::audit_arch(arch);
    const bool has_high_halves = knowledge::register_bits(arch) == 64;
    const Expected expected(policies_, arch);
    usual_ = expected.unknown(0);
    Symbolic symbolic(program_, knowledge::is_big_endian(arch), has_high_halves, usual_);
    for (const Cell& cell : cells) {
      if (audit < cell.arch_low || cell.arch_high < audit) continue;
      symbolic.start_afresh_if_large();
      const auto answers = symbolic.answers(cell);
      if (symbolic.space()->exhausted()) return past_bound(word_for(arch, cell, expected));
      if (!answers) return failure(fmt::format("what call {} of {} meets cannot be proven", cell.number_low, name_of(arch)));
      if (auto difference = compare(arch, cell, *answers, expected, *symbolic.space())) return difference;
    }
    return std::nullopt;
  }

  // Every number of the cell: the calls in it, and the gaps between them.
  Difference compare(Arch arch, const Cell& cell, const Answers& answers, const Expected& expected,
                     ArgumentSpace& space) {
    const auto& calls = expected.calls();
    auto call = std::lower_bound(calls.begin(), calls.end(), cell.number_low,
                                 [](const Expected::Call& c, std::uint32_t n) { return c.number < n; });
    std::uint64_t next = cell.number_low;
    const auto gap = [&](std::uint64_t from, std::uint64_t end) -> Difference {
      // A gap may cross the border of x32; each side has its own answer.
      for (const std::uint64_t number : {from, end, std::uint64_t{0x3FFF'FFFF}, std::uint64_t{0x4000'0000}}) {
        if (number < from || number > end) continue;
        const Action wanted = expected.unknown(static_cast<std::uint32_t>(number));
        if (answers != (wanted == usual_ ? Answers{} : Answers{{wanted, ArgumentSpace::all}}))
          return failure(fmt::format("number {} of {} does not meet {:#x}", number, name_of(arch), wanted));
      }
      return std::nullopt;
    };
    for (; call != calls.end() && call->number <= cell.number_high; ++call) {
      if (next < call->number)
        if (auto difference = gap(next, call->number - 1)) return difference;
      if (auto difference = compare(call->arch, call->call, answers, expected, space)) return difference;
      next = static_cast<std::uint64_t>(call->number) + 1;
    }
    return next <= cell.number_high ? gap(next, cell.number_high) : std::nullopt;
  }

  Difference compare(Arch arch, CallId call, const Answers& answers, const Expected& expected, ArgumentSpace& space) {
    const ArgumentSpace::Set universe = possible(arch, space);
    const auto within = [&](ArgumentSpace::Set set) { return space.conjunction(set, universe); };
    const auto [granted, refusal] = expected.decision(arch, call, space);
    const ArgumentSpace::Set allowed = within(granted);
    Answers wanted;
    if (allowed != ArgumentSpace::none && usual_ != action::allow) wanted[action::allow] = allowed;
    if (refusal != usual_ && allowed != universe) wanted[refusal] = space.difference(universe, allowed);
    Answers found;
    for (const auto& [action, set] : answers)
      if (const auto part = within(set); part != ArgumentSpace::none) found[action] = part;
    if (space.exhausted()) return past_bound(knowledge::call_of(Os::linux_os, call).name);
    if (found == wanted) return std::nullopt;
    return failure(words(arch, call, found, wanted, space));
  }

  // Registers of 32 bits have no high halves.
  static ArgumentSpace::Set possible(Arch arch, ArgumentSpace& space) {
    ArgumentSpace::Set all = ArgumentSpace::all;
    if (knowledge::register_bits(arch) == 64) return all;
    for (unsigned i = 0; i < 6; ++i)
      all = space.conjunction(all, space.compare(i, 0xFFFF'FFFF'0000'0000u, sets::Compare::equal, 0));
    return all;
  }

  static std::string words(Arch arch, CallId call, const Answers& found, const Answers& wanted, ArgumentSpace& space) {
    const std::string_view name = knowledge::call_of(Os::linux_os, call).name;
    const auto missing = [&](const Answers& in, const Answers& from, std::string_view what) -> std::optional<std::string> {
      for (const auto& [action, set] : in) {
        const auto at = from.find(action);
        const auto rest = at == from.end() ? set : space.difference(set, at->second);
        if (const auto witness = space.witness(rest))
          return fmt::format("on {}, {}({:#x}) {} {:#x}", name_of(arch), name, fmt::join(*witness, ", "), what, action);
      }
      return std::nullopt;
    };
    if (auto difference = missing(wanted, found, "does not meet")) return *difference;
    return missing(found, wanted, "meets").value_or(fmt::format("{} is answered otherwise", name));
  }

  static ProofFailure failure(std::string words) { return {std::move(words)}; }

  // The first call of the cell, or its number.
  static std::string word_for(Arch arch, const Cell& cell, const Expected& expected) {
    for (const Expected::Call& call : expected.calls())
      if (call.arch == arch && cell.number_low <= call.number && call.number <= cell.number_high)
        return std::string(knowledge::call_of(Os::linux_os, call.call).name);
    return fmt::format("call {}", cell.number_low);
  }

  Members policies_;
  const Program& program_;
  std::vector<Arch> archs_;
  Action bad_arch_;
  Action usual_ = 0;
};

}  // namespace

std::optional<ProofFailure> prove(Members policies, const std::string& text) {
  const auto listing = listing_from(text, policies.front().settings.format);
  if (!listing) return ProofFailure{fmt::format("line {}: {}", listing.error().line, listing.error().message)};
  return Proof(policies, listing->program).run();
}

std::string words_of(const std::optional<ProofFailure>& failure) { return failure ? failure->words : ""; }

}  // namespace polc::seccomp::testing
