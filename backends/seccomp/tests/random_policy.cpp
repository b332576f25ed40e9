#include "random_policy.hpp"

#include <algorithm>
#include <array>

#include "knowledge/calls.hpp"
#include "support/check.hpp"

namespace polc::seccomp::testing {
namespace {

using ir::Condition;

constexpr std::array<std::string_view, 10> idle_calls{"afs_syscall",   "tuxcall",       "security",   "getpmsg",
                                                      "putpmsg",       "create_module", "nfsservctl", "vserver",
                                                      "epoll_ctl_old", "epoll_wait_old"};

CallId random_call(Random& random) {
  const auto id = knowledge::find_call(Os::linux_os, idle_calls[random.below(idle_calls.size())]);
  POLC_CHECK(id, "the reserved calls of x86_64 are in the table");
  return *id;
}

std::uint64_t random_value(Random& random) {
  switch (random.below(6)) {
    case 0: return random.below(4);
    case 1: return std::uint64_t{1} << random.below(64);
    case 2: return random.below(64) << 32 | random.below(8);
    case 3: return random.next() & 0xFFFF'FFFFu;
    case 4: return ~random.below(4);
    default: return random.below(300);
  }
}

std::uint64_t random_mask(Random& random) {
  switch (random.below(7)) {
    case 0: return std::uint64_t{1} << random.below(64);
    case 1: return 0xFFFF'FFFFu;
    case 2: return random.next() << 7;
    case 3: return ~((std::uint64_t{1} << random.below(40)) - 1);
    default: return ~std::uint64_t{0};
  }
}

ir::ArgumentTest random_test(Random& random, bool& is_plain) {
  ir::ArgumentTest test;
  test.argument = static_cast<std::uint8_t>(random.below(3) * random.below(3));
  test.mask = random_mask(random);
  test.value = random_value(random);
  if (!random.one_in(8)) test.value &= test.mask;
  test.op = random.one_in(2) ? sets::Compare::equal : static_cast<sets::Compare>(random.below(6));
  if (test.mask != ~std::uint64_t{0} && test.op != sets::Compare::equal) is_plain = false;
  if (random.one_in(5)) test.width = 32, is_plain = false;
  if (random.one_in(8)) test.is_signed = true, is_plain = false;
  return test;
}

Condition leaf(const ir::ArgumentTest& test) {
  Condition condition;
  condition.kind = Condition::Kind::test;
  condition.test = test;
  return condition;
}

Condition random_condition(Random& random, unsigned depth, bool& is_plain) {
  Condition condition;
  if (depth == 0 || random.one_in(3)) return leaf(random_test(random, is_plain));
  if (depth > 1 && random.one_in(7)) {
    is_plain = false;
    condition.kind = Condition::Kind::negation;
    condition.terms.push_back(random_condition(random, depth - 1, is_plain));
    return condition;
  }
  const bool is_and = random.one_in(2);
  if (!is_and) is_plain = false;
  condition.kind = is_and ? Condition::Kind::conjunction : Condition::Kind::disjunction;
  for (std::uint64_t n = 1 + random.below(3); n > 0; --n) {
    const bool inner_and = depth > 1 && !is_and;
    condition.terms.push_back(inner_and ? random_condition(random, depth - 1, is_plain)
                                        : leaf(random_test(random, is_plain)));
  }
  std::array<unsigned, 6> tests{};
  for (const Condition& term : condition.terms)
    if (term.kind == Condition::Kind::test && ++tests[term.test.argument] > 1) is_plain = false;
  return condition;
}

void collect(const Condition& condition, std::vector<ir::ArgumentTest>& out) {
  if (condition.kind == Condition::Kind::test) out.push_back(condition.test);
  for (const Condition& term : condition.terms) collect(term, out);
}

}  // namespace

RandomPolicy random_policy(std::uint64_t seed) {
  Random random(seed);
  RandomPolicy result;
  result.policy.name = "random";
  ir::Default refusal;
  refusal.reaction.error_name = "EXFULL";
  result.policy.defaults.push_back(refusal);
  if (random.one_in(3)) {
    result.is_plain = false;
    ir::Default other;
    other.call = random_call(random);
    if (random.one_in(2)) other.reaction.kind = ir::Reaction::Kind::kill;
    else other.reaction.error_name = "ENODATA";
    result.policy.defaults.push_back(other);
  }
  for (std::uint64_t n = 1 + random.below(5); n > 0; --n) {
    ir::Rule rule;
    rule.effect = random.one_in(6) ? ir::Effect::deny : ir::Effect::allow;
    if (rule.effect == ir::Effect::deny) result.is_plain = false;
    ir::CallBox box;
    for (std::uint64_t calls = 1 + random.below(2); calls > 0; --calls) box.calls.push_back(random_call(random));
    std::sort(box.calls.begin(), box.calls.end());
    box.calls.erase(std::unique(box.calls.begin(), box.calls.end()), box.calls.end());
    if (!random.one_in(8))
      box.where = random_condition(random, static_cast<unsigned>(1 + random.below(3)), result.is_plain);
    rule.boxes.emplace_back(box);
    rule.origin.emplace_back();
    result.policy.rules.push_back(rule);
  }
  return result;
}

std::vector<ir::CallPoint> random_calls(const ir::Policy& policy, Random& random, std::size_t count) {
  std::vector<ir::ArgumentTest> tests;
  for (const ir::Rule& rule : policy.rules)
    for (const ir::Box& box : rule.boxes) collect(std::get<ir::CallBox>(box).where, tests);
  std::vector<ir::CallPoint> calls;
  while (calls.size() < count) {
    const auto& rule = policy.rules[random.below(policy.rules.size())];
    const auto& box = std::get<ir::CallBox>(rule.boxes.front());
    ir::CallPoint point{random.one_in(9) ? random_call(random) : box.calls[random.below(box.calls.size())], {}};
    // Mostly what this rule's own tests ask for, so that several hold at once.
    std::vector<ir::ArgumentTest> own;
    collect(box.where, own);
    for (const ir::ArgumentTest& test : own)
      if (!random.one_in(5)) point.arguments[test.argument] = test.value;
    if (!tests.empty() && random.one_in(2)) {
      const auto& test = tests[random.below(tests.size())];
      std::uint64_t& argument = point.arguments[test.argument];
      switch (random.below(5)) {
        case 0: argument = test.value + 1; break;
        case 1: argument = test.value - 1; break;
        case 2: argument = test.value ^ (std::uint64_t{1} << random.below(64)); break;
        case 3: argument = test.value | ~test.mask; break;
        default: argument = random.next();
      }
    }
    calls.push_back(point);
  }
  return calls;
}

}  // namespace polc::seccomp::testing
