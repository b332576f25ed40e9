// What the rules on one call are as entries of a profile. A comparison under a mask is an equality, so sets are said by
// the products of bits that they are made of; other comparisons stand where libseccomp (2.5.4 tried, 2.6.1 read) keeps
// them apart from those of other entries: it merges wrongly, or never ends, where an argument has an inequality in one
// entry and any comparison in another.
#include <algorithm>
#include <map>

#include "eval/argument_sets.hpp"
#include "knowledge/call_numbers.hpp"
#include "seccomp/oci.hpp"

namespace polc::seccomp {
namespace {

using Kind = ir::Condition::Kind;
using sets::ArgumentSpace;
using sets::Compare;
using Tests = std::vector<ir::ArgumentTest>;  // all must hold
constexpr std::uint64_t all_bits = ~std::uint64_t{0}, low_half = 0xFFFF'FFFF;
constexpr std::size_t most_alternatives = 256, most_entries = 200;

Compare negated(Compare op) {
  switch (op) {
    case Compare::equal: return Compare::not_equal;
    case Compare::not_equal: return Compare::equal;
    case Compare::less: return Compare::greater_equal;
    case Compare::less_equal: return Compare::greater;
    case Compare::greater: return Compare::less_equal;
    case Compare::greater_equal: return Compare::less;
  }
  return op;
}

// The alternatives of a condition, or of its negation; nullopt: too many.
std::optional<std::vector<Tests>> alternatives(const ir::Condition& condition, bool is_negated) {
  if (condition.kind == Kind::test) {
    ir::ArgumentTest test = condition.test;
    if (is_negated) test.op = negated(test.op);
    return std::vector<Tests>{{test}};
  }
  if (condition.kind == Kind::negation) return alternatives(condition.terms.front(), !is_negated);
  const bool is_or = (condition.kind == Kind::disjunction) != is_negated;
  std::vector<Tests> result;
  if (!is_or) result.emplace_back();
  for (const ir::Condition& term : condition.terms) {
    const auto part = alternatives(term, is_negated);
    if (!part || result.size() + part->size() > most_alternatives) return std::nullopt;
    if (is_or) {
      result.insert(result.end(), part->begin(), part->end());
      continue;
    }
    if (result.size() * part->size() > most_alternatives) return std::nullopt;
    std::vector<Tests> product;
    for (const Tests& left : result)
      for (const Tests& right : *part) {
        product.push_back(left);
        product.back().insert(product.back().end(), right.begin(), right.end());
      }
    result = std::move(product);
  }
  return result;
}

// As a comparison of 64 bits, which is all that a profile has: masked it is an equality.
std::optional<ir::ArgumentTest> sayable(ir::ArgumentTest test, bool is_narrow) {
  if (test.width == 32) {
    test.mask &= low_half;
    test.value &= low_half;
  }
  if (test.op == Compare::equal) {
    if ((test.value & ~test.mask) != 0) return std::nullopt;  // never: libseccomp would cut the value
    return ir::ArgumentTest{test.argument, test.mask, test.op, test.value};
  }
  // "bit clear" and "bit set" are each other's negation.
  const bool is_single_bit = test.mask != 0 && (test.mask & (test.mask - 1)) == 0;
  if (test.op == Compare::not_equal && is_single_bit && (test.value & ~test.mask) == 0)
    return ir::ArgumentTest{test.argument, test.mask, Compare::equal, test.value ^ test.mask};
  const bool is_whole = test.mask == all_bits || (is_narrow && (test.mask & low_half) == low_half);
  if (!is_whole || (test.width == 32 && !is_narrow) || (test.is_signed && test.op != Compare::not_equal))
    return std::nullopt;
  return ir::ArgumentTest{test.argument, all_bits, test.op, test.value};
}

bool is_inequality(const ir::ArgumentTest& test) { return test.op != Compare::equal; }

// Two masked equalities of one argument are one, if they agree.
bool join(ir::ArgumentTest& into, const ir::ArgumentTest& other) {
  if (is_inequality(into) || is_inequality(other)) return into == other;
  const std::uint64_t common = into.mask & other.mask;
  if ((into.value & common) != (other.value & common)) return false;
  into.mask |= other.mask;
  into.value |= other.value;
  return true;
}

// One an argument, in their order; nullopt: not so.
std::optional<Tests> sayable(const Tests& tests, bool is_narrow) {
  std::map<std::uint8_t, ir::ArgumentTest> said;
  for (const ir::ArgumentTest& test : tests) {
    const auto one = sayable(test, is_narrow);
    if (!one) return std::nullopt;
    const auto [same, is_new] = said.try_emplace(one->argument, *one);
    if (!is_new && !join(same->second, *one)) return std::nullopt;
  }
  Tests result;
  for (const auto& [argument, test] : said)
    if (test.mask != 0) result.push_back(test);
  return result;
}

ir::ArgumentTest of_low_half(ir::ArgumentTest test) {
  test.mask &= low_half;
  test.value &= low_half;
  test.width = 32;
  return test;
}

ir::Condition conjunction_of(const Tests& tests, bool of_low_halves = false) {
  ir::Condition condition;
  for (const ir::ArgumentTest& test : tests)
    condition.terms.push_back({Kind::test, of_low_halves ? of_low_half(test) : test, {}});
  return condition;
}

struct Entry {
  Tests tests;
  std::vector<std::uint32_t> from;
};

const ir::ArgumentTest* find_test(const Entry& entry, unsigned argument) {
  const auto at =
      std::find_if(entry.tests.begin(), entry.tests.end(), [&](const auto& test) { return test.argument == argument; });
  return at == entry.tests.end() ? nullptr : &*at;
}

class Entries {
 public:
  Entries(std::span<const OciWish> wishes, OciRegisters registers) : wishes_(wishes), registers_(registers) {}

  OciEntries run() {
    for (const OciWish& wish : wishes_)
      if (wish.effect == ir::Effect::deny) denied_.emplace_back(wish.from, set_of(wish.where));
    for (const OciWish& wish : wishes_)
      if (wish.effect == ir::Effect::allow) add(wish);
    for (unsigned argument = 0; argument < std::tuple_size_v<sets::Arguments>; ++argument) keep_apart(argument);
    if (registers_ == OciRegisters::seen_by_halves) leave_out_high_halves();
    merge();
    drop_covered();
    if (space_.exhausted() || entries_.size() > most_entries) leave_all_out();
    OciEntries result;
    for (const Entry& entry : entries_) result.said.push_back({conjunction_of(entry.tests), entry.from});
    std::sort(unsaid_.begin(), unsaid_.end());
    unsaid_.erase(std::unique(unsaid_.begin(), unsaid_.end()), unsaid_.end());
    result.unsaid = std::move(unsaid_);
    return result;
  }

 private:
  ArgumentSpace::Set set_of(const ir::Condition& where) { return eval::argument_set(space_, where); }
  ArgumentSpace::Set set_of(const Tests& tests) {
    return set_of(conjunction_of(tests, registers_ == OciRegisters::of_32_bits));
  }

  /// The allow, and the denies that take some of the set.
  std::vector<std::uint32_t> behind(const OciWish& wish, ArgumentSpace::Set set) {
    std::vector<std::uint32_t> from{wish.from};
    for (const auto& [part, denied] : denied_)
      if (space_.conjunction(set, denied) != ArgumentSpace::none) from.push_back(part);
    return from;
  }
  ArgumentSpace::Set left_of(ArgumentSpace::Set set) {
    for (const auto& [part, denied] : denied_) set = space_.difference(set, denied);
    return set;
  }

  void add(const OciWish& wish) {
    const auto all = alternatives(wish.where, false);
    if (!all) {
      const auto set = set_of(wish.where);
      add_products(left_of(set), {}, behind(wish, set));
      return;
    }
    for (const Tests& tests : *all) add(wish, tests);
  }

  void add(const OciWish& wish, const Tests& tests) {
    const auto set = set_of(tests), left = left_of(set);
    if (left == ArgumentSpace::none) return;
    const auto from = behind(wish, set);
    const auto direct = sayable(tests, registers_ == OciRegisters::of_32_bits);
    if (direct && left == set) return entries_.push_back({*direct, from});
    // What inequalities ask is asked beside the products of the rest, if that leaves their arguments alone.
    Tests inequalities, rest;
    for (const ir::ArgumentTest& test : direct.value_or(Tests{}))
      (is_inequality(test) ? inequalities : rest).push_back(test);
    if (!inequalities.empty() && add_products(left_of(set_of(rest)), inequalities, from)) return;
    add_products(left, {}, from);
  }

  // False: cannot be said so, and then, without inequalities, is left out.
  bool add_products(ArgumentSpace::Set set, const Tests& inequalities, const std::vector<std::uint32_t>& from) {
    const auto products = space_.products(set, most_entries + 1);
    if (products.size() + entries_.size() > most_entries) {
      if (inequalities.empty()) unsaid_.push_back(from.front());
      return false;
    }
    std::vector<Entry> added;
    for (const auto& [masks, values] : products) {
      Entry entry{inequalities, from};
      for (std::uint8_t i = 0; i < masks.size(); ++i) {
        if (masks[i] == 0) continue;
        if (find_test(entry, i) != nullptr) return false;
        entry.tests.push_back({i, masks[i], Compare::equal, values[i]});
      }
      std::sort(entry.tests.begin(), entry.tests.end(),
                [](const auto& a, const auto& b) { return a.argument < b.argument; });
      added.push_back(std::move(entry));
    }
    entries_.insert(entries_.end(), added.begin(), added.end());
    return true;
  }

  void leave_out_high_halves() {
    std::erase_if(entries_, [&](const Entry& entry) {
      const bool has_one =
          std::any_of(entry.tests.begin(), entry.tests.end(), [](const auto& test) { return test.mask >> 32 != 0; });
      if (has_one) unsaid_.push_back(entry.from.front());
      return has_one;
    });
  }

  // An inequality of an argument is the only comparison of it, or said by products.
  void keep_apart(unsigned argument) {
    std::size_t all = 0;
    bool any = false;
    for (const Entry& entry : entries_)
      if (const auto* test = find_test(entry, argument)) ++all, any |= is_inequality(*test);
    if (!any || all < 2) return;
    std::vector<Entry> apart;
    for (Entry& entry : entries_)
      if (const auto* test = find_test(entry, argument); test != nullptr && is_inequality(*test))
        apart.push_back(std::move(entry));
    std::erase_if(entries_, [](const Entry& entry) { return entry.from.empty(); });
    for (const Entry& entry : apart) add_products(set_of(entry.tests), {}, entry.from);
  }

  // `flags & 3 == 0` and `flags & 3 == 2` are `flags & 1 == 0`.
  void merge() {
    for (bool any = true; any;) {
      any = false;
      for (std::size_t i = 0; i < entries_.size(); ++i)
        for (std::size_t j = i + 1; j < entries_.size(); ++j)
          if (merge(entries_[i], entries_[j]))
            entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(j--)), any = true;
    }
  }
  static bool merge(Entry& into, const Entry& other) {
    if (into.from != other.from || into.tests.size() != other.tests.size()) return false;
    ir::ArgumentTest* differs = nullptr;
    std::uint64_t bit = 0;
    for (std::size_t i = 0; i < into.tests.size(); ++i) {
      ir::ArgumentTest& ours = into.tests[i];
      const ir::ArgumentTest& theirs = other.tests[i];
      if (ours == theirs) continue;
      if (differs != nullptr || ours.argument != theirs.argument || ours.mask != theirs.mask || is_inequality(ours) ||
          is_inequality(theirs))
        return false;
      differs = &ours, bit = ours.value ^ theirs.value;
    }
    if (differs == nullptr || (bit & (bit - 1)) != 0) return differs == nullptr;
    differs->mask &= ~bit;
    differs->value &= ~bit;
    std::erase_if(into.tests, [](const ir::ArgumentTest& test) { return test.mask == 0; });
    return true;
  }

  void drop_covered() {
    std::vector<ArgumentSpace::Set> sets;
    for (const Entry& entry : entries_) sets.push_back(set_of(entry.tests));
    std::vector<Entry> kept;
    std::vector<bool> is_dropped(sets.size(), false);
    for (std::size_t i = 0; i < sets.size(); ++i) {
      for (std::size_t j = 0; j < sets.size() && !is_dropped[i]; ++j)
        is_dropped[i] = i != j && !is_dropped[j] && space_.difference(sets[i], sets[j]) == ArgumentSpace::none;
      if (!is_dropped[i]) kept.push_back(std::move(entries_[i]));
    }
    entries_ = std::move(kept);
  }

  void leave_all_out() {
    entries_.clear();
    for (const OciWish& wish : wishes_)
      if (wish.effect == ir::Effect::allow) unsaid_.push_back(wish.from);
  }

  std::span<const OciWish> wishes_;
  OciRegisters registers_;
  ArgumentSpace space_;
  std::vector<std::pair<std::uint32_t, ArgumentSpace::Set>> denied_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> unsaid_;
};

}  // namespace

OciEntries oci_entries(std::span<const OciWish> wishes, OciRegisters registers) {
  const bool any_deny =
      std::any_of(wishes.begin(), wishes.end(), [](const OciWish& wish) { return wish.effect == ir::Effect::deny; });
  for (const OciWish& wish : wishes)
    if (!any_deny && wish.where.is_always()) return {{{{}, {wish.from}}}, {}};
  return Entries(wishes, registers).run();
}

ArgumentSpace::Set let_through(ArgumentSpace& space, const OciEntries& entries, OciRegisters registers) {
  auto all = ArgumentSpace::none;
  for (const OciEntry& entry : entries.said) {
    ir::Condition where = entry.where;
    if (registers != OciRegisters::of_64_bits)
      for (ir::Condition& term : where.terms) term.test = of_low_half(term.test);
    all = space.disjunction(all, eval::argument_set(space, where));
  }
  return all;
}

OciRegisters oci_registers(Arch arch) {
  if (knowledge::register_bits(arch) == 32) return OciRegisters::of_32_bits;
  return arch == Arch::x32 ? OciRegisters::seen_by_halves : OciRegisters::of_64_bits;
}

}  // namespace polc::seccomp
