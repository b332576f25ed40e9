#include "draw.hpp"

#include <algorithm>

#include "support/check.hpp"

namespace polc::calls {
namespace {

constexpr std::uint64_t all_bits = ~std::uint64_t{0};
constexpr std::string_view errnos[] = {"EPERM", "EACCES",     "EINVAL",   "ENOSYS",
                                       "ELOOP", "EADDRINUSE", "ENETDOWN", "ETIMEDOUT"};

unsigned bits_of(Kind kind) {
  switch (kind) {
    case Kind::integer:
    case Kind::count:
    case Kind::mode:
    case Kind::id: return 32;
    case Kind::length:
    case Kind::word:
    case Kind::offset:
    case Kind::mask64: break;
  }
  return 64;
}

/// A policy's conditions ask for either arguments or registers of a call whose arguments may lie in memory, since one
/// that cannot be seen hides what stands beside it.
enum class By : std::uint8_t { either, name, number };

class Drawing {
 public:
  Drawing(std::uint64_t seed, const Drawn& how)
      : random_(seed), how_(how), in_memory_(random_.one_in(2) ? By::name : By::number) {}

  Policy run() {
    if (how_.reactions) draw_reactions();
    for (std::uint64_t n = 1 + random_.below(6); n > 0; --n) {
      const bool is_act = how_.acts && random_.one_in(4);
      policy_.statements.push_back(is_act ? act() : calls());
    }
    return std::move(policy_);
  }

 private:
  std::string refusal() { return random_.one_in(4) ? "kill" : "deny errno " + std::string(random_.of(errnos)); }

  void draw_reactions() {
    policy_.reaction = random_.one_in(12) ? "log" : refusal();
    if (!random_.one_in(3)) return;
    policy_.other_call = random_.of(shapes()).name;
    policy_.other_reaction = refusal();
  }

  Statement act() {
    Statement statement;
    statement.is_allow = !random_.one_in(2);
    statement.act = random_.of(acts());
    return statement;
  }

  // Mostly of a call that the policy speaks of already, so that statements meet.
  const Shape& call() {
    if (!policy_.statements.empty() && random_.one_in(2))
      if (const Statement& earlier = random_.of(policy_.statements); !earlier.calls.empty())
        return shape_of(random_.of(earlier.calls));
    return random_.of(shapes());
  }

  Statement calls() {
    Statement statement;
    statement.is_allow = !random_.one_in(4);
    const Shape& first = call();
    statement.calls.emplace_back(first.name);
    statement.has_condition = !random_.one_in(5);
    if (statement.has_condition) statement.where = condition(first, 2);
    if (!statement.has_condition && random_.one_in(2)) add_another(statement);
    return statement;
  }
  void add_another(Statement& statement) {
    const std::string other(random_.of(shapes()).name);
    if (other != statement.calls.front()) statement.calls.push_back(other);
  }

  Condition condition(const Shape& shape, unsigned depth) {
    if (depth == 0 || random_.one_in(3)) return test(shape);
    Condition result;
    result.kind = random_.one_in(2) ? Condition::Kind::all : Condition::Kind::any;
    if (!how_.is_sayable && random_.one_in(6)) result.kind = Condition::Kind::none_of;
    for (std::uint64_t n = 1 + random_.below(3); n > 0; --n) result.terms.push_back(condition(shape, depth - 1));
    return result;
  }

  Condition test(const Shape& shape) {
    Test test;
    const bool may_name = !shape.arguments.empty();
    const bool is_hidden = shape.name == "mmap" || shape.name == "select";
    const bool by_name = may_name && (is_hidden ? in_memory_ == By::name : !random_.one_in(3));
    unsigned bits = 64;
    if (by_name) {
      const Argument& argument = random_.of(shape.arguments);
      test.name = argument.name;
      bits = bits_of(argument.kind);
    } else {
      test.number = static_cast<std::uint8_t>(random_.below(6));
    }
    if (random_.one_in(3)) test.mask = mask(bits);
    test.op = random_.one_in(2) || (how_.is_sayable && !random_.one_in(6)) ? Compare::equal
                                                                           : static_cast<Compare>(random_.below(7));
    test.value = value(bits);
    if (test.mask && !random_.one_in(6)) test.value &= *test.mask & (bits == 32 ? 0xFFFF'FFFF : all_bits);
    if (test.op == Compare::in)
      for (std::uint64_t n = 1 + random_.below(3); n > 0; --n) test.values.push_back(range(bits));
    return {Condition::Kind::test, std::move(test), {}};
  }

  Range range(unsigned bits) {
    const std::uint64_t low = value(bits) & (bits == 32 ? 0x7FFF'FFF0 : all_bits >> 1);
    return random_.one_in(2) ? Range{low, low} : Range{low, std::max(low, low + random_.below(16))};
  }

  std::uint64_t mask(unsigned bits) {
    const std::uint64_t one = std::uint64_t{1} << random_.below(random_.one_in(3) ? bits : 12);
    switch (random_.below(5)) {
      case 0: return one;
      case 1: return ~one;
      case 2: return bits == 32 ? 0xFFFF : 0xFFFF'FFFF;
      case 3: return ~(one - 1);
      default: return random_.next() >> (64 - bits);
    }
  }

  std::uint64_t value(unsigned bits) {
    const std::uint64_t cut = bits == 32 ? 0xFFFF'FFFF : all_bits;
    switch (random_.below(7)) {
      case 0: return random_.below(4);
      case 1: return (std::uint64_t{1} << random_.below(bits)) & cut;
      case 2: return bits == 32 ? random_.next() & cut : random_.below(3) << 32 | random_.below(5);
      case 3: return ~random_.below(4);  // -1 ...
      case 4: return 0xFFFE + random_.below(4);
      case 5: return 0x7FFF'FFFE + random_.below(4);
      default: return random_.below(300);
    }
  }

  Random random_;
  Drawn how_;
  By in_memory_;
  Policy policy_;
};

// ---- attempts

void collect(const Condition& condition, std::vector<Test>& tests) {
  if (condition.kind == Condition::Kind::test) tests.push_back(condition.test);
  for (const Condition& term : condition.terms) collect(term, tests);
}

struct About {
  std::string call;
  std::vector<Test> tests;  // of one statement
};
std::vector<About> about(const Policy& policy, const Machine& machine) {
  std::vector<About> result;
  const auto add = [&](const std::string& call, const Condition& where) {
    if (!number_of(call, machine)) return;
    result.push_back({call, {}});
    collect(where, result.back().tests);
  };
  for (const Statement& statement : policy.statements) {
    for (const std::string& call : statement.calls) add(call, statement.where);
    if (statement.act.empty()) continue;
    for (const bool is_allow : {true, false})
      for (const Row& row : rows_of(statement.act, is_allow, machine)) add(row.call, row.where);
  }
  return result;
}

class Attempts {
 public:
  Attempts(const Policy& policy, const Machine& machine, Random& random)
      : about_(about(policy, machine)), machine_(machine), random_(random) {}

  Attempt draw() {
    if (about_.empty() || random_.one_in(20)) return {std::string(random_.of(shapes()).name), noise()};
    const About& one = random_.of(about_);
    Attempt attempt{one.call, noise()};
    for (const Test& test : one.tests)
      if (!random_.one_in(6)) satisfy(test, attempt, random_.one_in(4));
    // What another statement about the call asks.
    const About& other = random_.of(about_);
    if (other.call == one.call && !other.tests.empty()) satisfy(random_.of(other.tests), attempt, random_.one_in(2));
    if (machine_.is_narrow)
      for (std::uint64_t& word : attempt.registers) word &= 0xFFFF'FFFF;
    return attempt;
  }

 private:
  Registers noise() {
    Registers registers{};
    for (std::uint64_t& word : registers) {
      if (random_.one_in(3)) word = random_.one_in(2) ? random_.next() : random_.below(3);
      if (machine_.is_narrow) word &= 0xFFFF'FFFF;
    }
    return registers;
  }

  std::uint64_t wanted(const Test& test) {
    if (test.op != Compare::in) return test.value;
    const Range& range = random_.of(test.values);
    return random_.one_in(2) ? range.low : range.high;
  }

  void satisfy(const Test& test, Attempt& attempt, bool nearly) {
    std::uint64_t value = wanted(test);
    if (test.op == Compare::less || test.op == Compare::not_equal) --value;
    if (test.op == Compare::greater) ++value;
    if (test.mask && random_.one_in(2)) value |= random_.next() & ~*test.mask;
    if (nearly) value = near(value);
    put(test, value, attempt);
  }
  std::uint64_t near(std::uint64_t value) {
    switch (random_.below(5)) {
      case 0: return value + 1;
      case 1: return value - 1;
      case 2: return value ^ std::uint64_t{1} << random_.below(64);
      case 3: return value ^ 0x8000'0000;
      default: return value ^ std::uint64_t{1} << random_.below(8);
    }
  }

  void put(const Test& test, std::uint64_t value, Attempt& attempt) {
    if (test.name.empty()) {
      attempt.registers[test.number] = value;
      return;
    }
    const Shape& shape = shape_of(attempt.call);
    const auto at = std::find_if(shape.arguments.begin(), shape.arguments.end(),
                                 [&](const Argument& a) { return a.name == test.name; });
    const auto place = at == shape.arguments.end()
                           ? std::nullopt
                           : place_of(shape, static_cast<unsigned>(at - shape.arguments.begin()), machine_);
    if (!place) return;
    // Of a narrow one the kernel does not see the rest.
    if (bits_of(at->kind) == 32 && random_.one_in(2))
      value = (value & 0xFFFF'FFFF) | random_.below(4) << (random_.one_in(2) ? 32 : 62);
    if (at->kind == Kind::mode && random_.one_in(2)) value ^= 0x1'0000;
    if (at->kind == Kind::id && random_.one_in(3)) value ^= 0x1'0000;
    attempt.registers[place->low] = value;
    if (place->high != place->low) attempt.registers[place->high] = value >> 32;
  }

  std::vector<About> about_;
  const Machine& machine_;
  Random& random_;
};

}  // namespace

Policy draw_policy(std::uint64_t seed, const Drawn& how) { return Drawing(seed, how).run(); }

std::vector<Attempt> draw_attempts(const Policy& policy, const Machine& machine, Random& random, std::size_t count) {
  Attempts attempts(policy, machine, random);
  std::vector<Attempt> result;
  for (std::size_t i = 0; i < count; ++i)
    if (Attempt one = attempts.draw(); number_of(one.call, machine)) result.push_back(std::move(one));
  return result;
}

}  // namespace polc::calls
