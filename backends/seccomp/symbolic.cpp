#include "seccomp/symbolic.hpp"

#include <algorithm>
#include <utility>

namespace polc::seccomp {
namespace {

using sets::ArgumentSpace;
using sets::Compare;

constexpr std::uint32_t all_bits = 0xFFFF'FFFF;

enum class Holds : std::uint8_t { constant, number, arch };

struct Step {
  Cell cell;
  Holds holds = Holds::constant;
  std::uint32_t constant = 0;
  bool is_tested = false;
};

// The parts of [low, high] where `value OP k` is true and where it is false; nullopt: not a test of ranges.
struct Parts {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> yes, no;
};
std::optional<Parts> parts_of(std::uint16_t code, std::uint32_t k, std::uint32_t low, std::uint32_t high) {
  Parts parts;
  const auto add = [](auto& to, std::uint64_t from, std::uint64_t end) {
    if (from <= end) to.emplace_back(static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(end));
  };
  if (code == op::equal) {
    const bool is_inside = low <= k && k <= high;
    if (is_inside) parts.yes.emplace_back(k, k);
    if (!is_inside) parts.no.emplace_back(low, high);
    if (is_inside && k > low) parts.no.emplace_back(low, k - 1);
    if (is_inside && k < high) parts.no.emplace_back(k + 1, high);
    return parts;
  }
  if (code == op::any_bit && low == high) {
    ((low & k) != 0 ? parts.yes : parts.no).emplace_back(low, low);
    return parts;
  }
  if (code != op::at_least && code != op::greater) return std::nullopt;
  const std::uint64_t first = static_cast<std::uint64_t>(k) + (code == op::greater ? 1 : 0);
  add(parts.yes, std::max<std::uint64_t>(low, first), high);
  if (first > 0) add(parts.no, low, std::min<std::uint64_t>(high, first - 1));
  return parts;
}

bool constant_test(std::uint16_t code, std::uint32_t a, std::uint32_t k) {
  if (code == op::equal) return a == k;
  if (code == op::greater) return a > k;
  if (code == op::at_least) return a >= k;
  return (a & k) != 0;
}

bool is_test(std::uint16_t code) {
  return code == op::equal || code == op::greater || code == op::at_least || code == op::any_bit;
}

class Walk {
 public:
  explicit Walk(const Program& program) : program_(program) {}

  std::optional<std::vector<Cell>> run() {
    open_.push_back({});
    for (std::size_t steps = 0; !open_.empty(); ++steps) {
      constexpr std::size_t most_steps = 2'000'000;
      if (steps > most_steps) return std::nullopt;
      Step step = open_.back();
      open_.pop_back();
      failed_at = step.cell.place;
      if (!follow(std::move(step))) return std::nullopt;
    }
    return std::move(done_);
  }

  std::size_t failed_at = 0;

 private:
  // One instruction of one step.
  bool follow(Step step) {
    const Instruction& one = program_[step.cell.place];
    if (one.code == op::answer || (one.code == op::load && one.k >= 8)) {
      if (!step.is_tested) step.cell.decided = step.cell.place;
      done_.push_back(step.cell);
      return true;
    }
    if (is_test(one.code)) return branch(one, step);
    if (one.code == op::always) {
      step.cell.place += one.k;
    } else if (one.code == op::load) {
      step.holds = one.k == offset_of_number ? Holds::number : Holds::arch;
    } else if (one.code == op::mask) {
      const auto [low, high] = range_of(step);
      if (low != high) return false;
      step.holds = Holds::constant;
      step.constant = low & one.k;
    } else {
      return false;
    }
    ++step.cell.place;
    open_.push_back(step);
    return true;
  }

  static std::pair<std::uint32_t, std::uint32_t> range_of(const Step& step) {
    if (step.holds == Holds::number) return {step.cell.number_low, step.cell.number_high};
    if (step.holds == Holds::arch) return {step.cell.arch_low, step.cell.arch_high};
    return {step.constant, step.constant};
  }

  bool branch(const Instruction& one, const Step& step) {
    const auto [low, high] = range_of(step);
    const auto parts = parts_of(one.code, one.k, low, high);
    if (!parts) return false;
    for (const bool way : {true, false})
      for (const auto& [first, last] : way ? parts->yes : parts->no) {
        Step next = step;
        if (step.holds == Holds::number) next.cell.number_low = first, next.cell.number_high = last;
        if (step.holds == Holds::arch) next.cell.arch_low = first, next.cell.arch_high = last;
        next.is_tested = true;
        next.cell.decided = step.cell.place;
        next.cell.place += 1u + (way ? one.jt : one.jf);
        open_.push_back(next);
      }
    return true;
  }

  const Program& program_;
  std::vector<Step> open_;
  std::vector<Cell> done_;
};

}  // namespace

std::optional<std::vector<Cell>> Symbolic::cells() const {
  Walk walk(program_);
  auto cells = walk.run();
  failed_at_ = walk.failed_at;
  return cells;
}

std::optional<Answers> Symbolic::answers(const Cell& cell) {
  const Answers* found = answers_from(cell.place, {});
  return found == nullptr || space_->exhausted() ? std::nullopt : std::optional(*found);
}

void Symbolic::start_afresh_if_large() {
  constexpr std::size_t many = 8'000;  // small tables stay in the processor's cache
  if (space_->size() < many) return;
  if (space_.use_count() == 1) space_->clear();
  else space_ = std::make_shared<sets::ArgumentSpace>();
  memo_.clear();
}

// Null: it cannot tell.
const Answers* Symbolic::answers_from(std::size_t place, Held held) {
  const Key key{place, held};
  if (const auto at = memo_.find(key); at != memo_.end()) return &at->second;
  auto answers = computed(place, held);
  return answers ? &memo_.emplace(key, *std::move(answers)).first->second : nullptr;
}

std::optional<Answers> Symbolic::computed(std::size_t place, Held held) {
  // Straight on until something is decided; only there sets are needed.
  for (;; ++place) {
    const Instruction& one = program_[place];
    if (one.code == op::answer) return one.k == usual_ ? Answers{} : Answers{{one.k, ArgumentSpace::all}};
    if (is_test(one.code)) break;
    if (one.code == op::always) {
      place += one.k;
    } else if (one.code == op::mask) {
      held.bits &= one.k;
    } else if (one.code == op::load && one.k >= offset_of_arguments) {
      const bool is_high = ((one.k & 4) != 0) != is_big_endian_;
      held = is_high && !has_high_halves_ ? Held{std::nullopt, 0} : Held{one.k, all_bits};
    } else {
      failed_at_ = place;
      return std::nullopt;
    }
  }
  const Instruction& jump = program_[place];
  if (!held.offset) {
    const bool is_met = constant_test(jump.code, held.bits, jump.k);
    const Answers* one = answers_from(place + 1 + (is_met ? jump.jt : jump.jf), held);
    return one == nullptr ? std::nullopt : std::optional(*one);
  }
  const Answers* yes = answers_from(place + 1 + jump.jt, held);
  const Answers* no = answers_from(place + 1 + jump.jf, held);
  if (yes == nullptr || no == nullptr) return std::nullopt;
  const ArgumentSpace::Test asked = test(jump, held);
  const auto set_in = [](const Answers& answers, Action action) {
    const auto at = answers.find(action);
    return at == answers.end() ? ArgumentSpace::none : at->second;
  };
  Answers result;
  for (const Answers* side : {yes, no})
    for (const auto& [action, set] : *side)
      if (const auto [at, is_new] = result.try_emplace(action); is_new)
        at->second = space_->choose(asked, set_in(*yes, action), set_in(*no, action));
  std::erase_if(result, [](const auto& entry) { return entry.second == ArgumentSpace::none; });
  return result;
}

ArgumentSpace::Test Symbolic::test(const Instruction& jump, const Held& held) {
  const unsigned argument = (*held.offset - offset_of_arguments) / 8;
  const unsigned shift = ((*held.offset & 4) != 0) != is_big_endian_ ? 32 : 0;
  const std::uint64_t mask = static_cast<std::uint64_t>(held.bits) << shift;
  const std::uint64_t value = static_cast<std::uint64_t>(jump.k) << shift;
  switch (jump.code) {
    case op::equal: return {argument, mask, Compare::equal, value};
    case op::greater: return {argument, mask, Compare::greater, value};
    case op::at_least: return {argument, mask, Compare::greater_equal, value};
    default: return {argument, mask & value, Compare::not_equal, 0};  // any_bit: is_test() knows no other
  }
}

}  // namespace polc::seccomp
