#include "seccomp/lower.hpp"

#include <algorithm>
#include <unordered_map>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "seccomp/lower_call.hpp"
#include "seccomp/search_tree.hpp"

namespace polc::seccomp {
namespace {

constexpr std::uint32_t x32_bit = 0x4000'0000;

class Lowering {
 public:
  Lowering(const Decision& decision, Weights weights, const CallCounts& counts)
      : decision_(decision), weights_(weights), counts_(counts) {
    for (const auto& [name, count] : counts_) most_ = std::max(most_, static_cast<double>(count));
  }

  Lowered run() {
    allow_ = result_.code.answer(action::allow);
    const CodeId bad = result_.code.answer(decision_.bad_arch);
    if (weights_ != Weights::uniform) find_busiest();
    // The first architecture is asked for first, so the chain is built from its end.
    CodeId chain = bad;
    std::vector<std::uint32_t> audits;
    for (const ArchDecision& arch : decision_.archs) {
      const std::uint32_t audit = knowledge::audit_arch(arch.arch);
      if (std::find(audits.begin(), audits.end(), audit) == audits.end()) audits.push_back(audit);
    }
    for (auto audit = audits.rbegin(); audit != audits.rend(); ++audit)
      chain = result_.code.jump(op::equal, *audit, result_.code.load(offset_of_number, numbers(*audit)), chain);
    result_.root = result_.code.load(offset_of_arch, chain);
    return std::move(result_);
  }

 private:
  // The search over all numbers that arrive under one AUDIT_ARCH: x86_64 and x32 share theirs.
  CodeId numbers(std::uint32_t audit) {
    const ArchDecision* low = nullptr;
    const ArchDecision* high = nullptr;
    for (const ArchDecision& arch : decision_.archs)
      if (knowledge::audit_arch(arch.arch) == audit) (arch.arch == Arch::x32 ? high : low) = &arch;
    std::vector<Range> ranges;
    if (low != nullptr) add(ranges, 0, *low);
    else ranges.push_back({0, result_.code.answer(decision_.bad_arch), background, false});
    if (high != nullptr) {
      add(ranges, x32_bit, *high);
    } else if (audit == knowledge::audit_arch(Arch::x32) && !is_refusal(low->beyond)) {
      // Where unknown numbers get through, the foreign ABI must not.
      ranges.push_back({x32_bit, result_.code.answer(decision_.bad_arch), background, false});
    }
    return search(result_.code, ranges, {.price = weights_ == Weights::uniform ? 0.02 : 0.005});
  }

  static bool is_refusal(Action a) { return a != action::log && a != action::allow; }

  void add(std::vector<Range>& ranges, std::uint32_t from, const ArchDecision& arch) {
    const CodeId unknown = result_.code.answer(arch.unknown);
    const Layout layout = layout_of(arch.arch);
    std::uint32_t next = from;
    for (const CallDecision& call : arch.calls) {
      if (call.number != next) ranges.push_back({next, unknown, background, call.number == next + 1});
      const CodeId entry = entry_of(call, layout);
      if (result_.code[entry].code != op::answer) result_.calls_at[entry].push_back(call.call);
      ranges.push_back({call.number, entry, weight(call, entry), true});
      next = call.number + 1;
    }
    ranges.push_back({next, result_.code.answer(arch.beyond), background, false});
  }

  // The busiest call that runs the filter; what the profile does not know weighs a share of it.
  void find_busiest() {
    for (const ArchDecision& arch : decision_.archs) {
      const Layout layout = layout_of(arch.arch);
      for (const CallDecision& call : arch.calls)
        if (runs(entry_of(call, layout))) busiest_ = std::max(busiest_, calls_made(call));
    }
  }

  CodeId entry_of(const CallDecision& call, const Layout& layout) {
    const auto [at, is_new] = entries_.try_emplace(&call);
    if (is_new) at->second = lower_call(result_.code, call, layout, budget_);
    return at->second;
  }

  static Layout layout_of(Arch arch) { return {knowledge::is_big_endian(arch), knowledge::register_bits(arch) == 64}; }
  bool runs(CodeId entry) const { return result_.code[entry].code != op::answer; }
  double calls_made(const CallDecision& call) const {
    const auto at = counts_.find(knowledge::call_of(Os::linux_os, call.call).name);
    return at == counts_.end() ? 0.0 : static_cast<double>(at->second);
  }

  // What the kernel's cache answers weighs next to nothing, but among its like by how often it is called: for kernels
  // without the cache, and for filters in which nothing runs.
  double weight(const CallDecision& call, CodeId entry) const {
    if (!runs(entry) && entry != allow_) return background;
    if (weights_ == Weights::uniform) return 1;
    if (weights_ == Weights::cache && !runs(entry))
      return background + cached * std::max(busiest_, 1.0) * calls_made(call) / std::max(most_, 1.0);
    return prior * std::max(busiest_, 1.0) + calls_made(call);
  }

  static constexpr double prior = 0.01;       // of a call that the profile does not know
  static constexpr double cached = 0.001;     // the share of a cached call
  static constexpr double background = 1e-8;  // of what is refused
  const Decision& decision_;
  Weights weights_;
  const CallCounts& counts_;
  double most_ = 0, busiest_ = 0;
  sets::Budget budget_{5'000'000};  // one to two seconds
  std::unordered_map<const CallDecision*, CodeId> entries_;
  CodeId allow_ = 0;
  Lowered result_;
};

}  // namespace

Lowered lower(const Decision& decision, Weights weights, const CallCounts& counts) {
  return Lowering(decision, weights, counts).run();
}

}  // namespace polc::seccomp
