#include "seccomp/read_gaps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"

namespace polc::seccomp {
namespace {

constexpr std::uint64_t past_all = std::uint64_t{1} << 32;

// The numbers under one AUDIT_ARCH that are a call's of an architecture that the filter is read for.
std::vector<std::uint32_t> numbers_of(std::uint32_t audit, const std::vector<Arch>& archs) {
  std::vector<std::uint32_t> numbers;
  for (const Arch arch : archs) {
    if (knowledge::audit_arch(arch) != audit) continue;
    for (std::size_t i = 0; i < knowledge::calls_of(Os::linux_os).size(); ++i)
      if (const auto number = knowledge::number_of(arch, CallId{static_cast<std::uint16_t>(i)}))
        numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

}  // namespace

// Equal sets have equal words, whatever the program.
std::optional<std::string> Gaps::answer_of(Symbolic& symbolic, const Cell& cell) {
  const Instruction& one = listing_.program[cell.place];
  if (one.code == op::answer) return answer_words(one.k, arch_);
  symbolic.start_afresh_if_large();
  const auto answers = symbolic.answers(cell);
  if (!answers) return std::nullopt;
  if (answers->empty()) return answer_words(action::kill_process, arch_);
  if (answers->size() == 1 && answers->begin()->second == sets::ArgumentSpace::all)
    return answer_words(answers->begin()->first, arch_);
  std::vector<std::string> words;
  for (const auto& [action, set] : *answers)
    words.push_back(
        fmt::format("{} for some arguments ({:016x})", answer_words(action, arch_), symbolic.space()->digest(set)));
  return fmt::format("{}", fmt::join(words, ", "));
}

bool Gaps::add_numbers(const std::vector<Cell>& cells) {
  const std::uint32_t audit = knowledge::audit_arch(arch_);
  const std::vector<std::uint32_t> numbers = numbers_of(audit, served_);
  Symbolic symbolic(listing_.program, knowledge::is_big_endian(arch_), knowledge::register_bits(arch_) == 64,
                    action::kill_process);
  Intervals gaps;
  for (const Cell& cell : cells) {
    if (audit < cell.arch_low || cell.arch_high < audit) continue;
    std::uint64_t next = cell.number_low;
    const auto add = [&](std::uint64_t end) {
      if (next < end) gaps.push_back({next, end - 1, {}, listing_.lines[cell.decided]});
    };
    const std::size_t first = gaps.size();
    for (auto number = std::lower_bound(numbers.begin(), numbers.end(), cell.number_low);
         number != numbers.end() && *number <= cell.number_high; ++number) {
      add(*number);
      next = std::uint64_t{*number} + 1;
    }
    add(std::uint64_t{cell.number_high} + 1);
    if (gaps.size() == first) continue;
    const auto answer = answer_of(symbolic, cell);
    if (!answer)
      return failure_ = fmt::format("what call {} of {} meets cannot be followed", cell.number_low, name_of(arch_)),
             false;
    for (std::size_t i = first; i < gaps.size(); ++i) gaps[i].answer = *answer;
  }
  std::sort(gaps.begin(), gaps.end(), [](const Interval& a, const Interval& b) { return a.low < b.low; });
  // Neighbours, but for calls between them, that meet the same are one.
  for (std::size_t i = 0; i < gaps.size();) {
    std::size_t end = i + 1;
    while (end < gaps.size() && gaps[end].answer == gaps[i].answer) ++end;
    directives_.insert(
        {fmt::format("numbers {:#x} to {:#x} that are no call: {}", gaps[i].low, gaps[end - 1].high, gaps[i].answer),
         {},
         gaps[i].line});
    i = end;
  }
  return true;
}

bool Gaps::add_architectures(const std::vector<Cell>& cells) {
  Symbolic symbolic(listing_.program, false, true, action::kill_process);
  std::set<std::uint64_t> borders{0, past_all};
  for (const Cell& cell : cells) borders.insert(cell.arch_low), borders.insert(std::uint64_t{cell.arch_high} + 1);
  std::set<std::uint64_t> ours;
  for (const Arch arch : served_) ours.insert(knowledge::audit_arch(arch));
  for (const std::uint64_t audit : ours) borders.insert(audit), borders.insert(audit + 1);
  Intervals archs;
  for (auto low = borders.begin(), high = std::next(low); high != borders.end(); low = high++) {
    if (ours.contains(*low)) continue;
    Intervals numbers;
    for (const Cell& cell : cells) {
      if (*low < cell.arch_low || *low > cell.arch_high) continue;
      const auto answer = answer_of(symbolic, cell);
      if (!answer) return failure_ = fmt::format("what architecture {:#x} meets cannot be followed", *low), false;
      numbers.push_back({cell.number_low, cell.number_high, *answer, listing_.lines[cell.decided]});
    }
    std::sort(numbers.begin(), numbers.end(), [](const Interval& a, const Interval& b) { return a.low < b.low; });
    std::string words;
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (i == 0 || numbers[i].answer != numbers[i - 1].answer)
        words += (i == 0 ? "" : fmt::format(", from number {:#x} on ", numbers[i].low)) + numbers[i].answer;
    const unsigned line = numbers.empty() ? 0 : numbers.front().line;
    if (!archs.empty() && archs.back().answer == words) archs.back().high = *high - 1;
    else archs.push_back({*low, *high - 1, std::move(words), line});
  }
  for (const Interval& one : archs)
    directives_.insert({fmt::format("architectures {:#x} to {:#x}: {}", one.low, one.high, one.answer), {}, one.line});
  return true;
}

bool Gaps::add_all(const std::vector<Cell>& cells) { return add_numbers(cells) && add_architectures(cells); }

}  // namespace polc::seccomp
