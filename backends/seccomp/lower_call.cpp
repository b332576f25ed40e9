#include "seccomp/lower_call.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <tuple>

#include "seccomp/search_tree.hpp"

namespace polc::seccomp {
namespace {

using Id = Diagrams::Id;

Id allowed_set(Diagrams& diagrams, const CallDecision& call) {
  Id all = Diagrams::all;
  for (const Grant& grant : call.grants) {
    Id allowed = Diagrams::none;
    for (const ir::Condition* condition : grant.allow) allowed = diagrams.disjunction(allowed, diagrams.of(*condition));
    for (const ir::Condition* condition : grant.deny)
      allowed = diagrams.conjunction(allowed, diagrams.complement(diagrams.of(*condition)));
    all = diagrams.conjunction(all, allowed);
  }
  return all;
}

constexpr double price = 0.15;  // of a test, beside the weights

/// What the accumulator holds: a word, of which the bits of a mask are left.
using Held = std::optional<Word>;

class Writer {
 public:
  Writer(Code& code, const Diagrams& diagrams, CodeId allow, CodeId refuse, SearchOptions options)
      : code_(code), diagrams_(diagrams), allow_(allow), refuse_(refuse), options_(options) {}

  CodeId write(Id id, Held held) {
    if (id <= Diagrams::all) return id == Diagrams::all ? allow_ : refuse_;
    const Word& word = diagrams_.word_of(id);
    // What is held matters only to a test of the same word that needs no bit which is gone.
    if (held && (held->offset != word.offset || (word.mask & ~held->mask) != 0)) held.reset();
    const auto key = std::pair{id, held};
    if (const auto at = done_.find(key); at != done_.end()) return at->second;
    return done_[key] = held ? test(id, *held) : code_.load(word.offset, test(id, {word.offset, all_bits}));
  }

 private:
  static constexpr std::uint32_t all_bits = 0xFFFF'FFFF;

  CodeId test(Id id, const Word& held) {
    const Word& word = diagrams_.word_of(id);
    const std::span<const Diagrams::Edge> edges = diagrams_.edges_of(id);
    const std::uint32_t mask = word.mask;
    // Nothing but "is any of these bits set": no need to cut the others off.
    if (mask != held.mask && edges.size() == 2 && edges[1].first == *next_attainable(mask, 1))
      return code_.jump(op::any_bit, mask, write(edges[1].to, held), write(edges[0].to, held));
    std::vector<Range> ranges;
    for (std::size_t i = 0; i < edges.size(); ++i) {
      const auto& edge = edges[i];
      const auto second = edge.first == all_bits ? std::nullopt : next_attainable(mask, edge.first + 1);
      const bool is_single = i + 1 == edges.size() ? !second : second == edges[i + 1].first;
      // A range has more of the calls than a single number, and small numbers have more than large ones.
      const double share = (is_single ? 1 : 2) + (edge.first == 0 ? 1 : 0);
      ranges.push_back({edge.first, write(edge.to, word), 0.05 + share * weight(edge.to), is_single});
    }
    const CodeId tree = search(code_, ranges, options_);
    return mask == held.mask ? tree : code_.mask(mask, tree);
  }

  // The alternatives that lead to an allowed call.
  double weight(Id id) {
    if (id <= Diagrams::all) return id;
    if (const auto at = weights_.find(id); at != weights_.end()) return at->second;
    double sum = 0;
    for (const auto& edge : diagrams_.edges_of(id)) sum += weight(edge.to);
    return weights_[id] = std::min(sum, 1e6);
  }

  Code& code_;
  const Diagrams& diagrams_;
  CodeId allow_, refuse_;
  SearchOptions options_;
  std::map<std::pair<Id, Held>, CodeId> done_;
  std::map<Id, double> weights_;
};

// A diagram of more nodes than a filter has instructions is of no use; to find out, so many steps are enough.
constexpr std::uint64_t steps_of_a_diagram = 300'000;

// Short-circuit code, one test after another: as long as the condition, whatever its tests have to do with each other.
class Chain {
 public:
  Chain(Code& code, const Layout& layout, SearchOptions options) : code_(code), layout_(layout), options_(options) {}

  CodeId write(const CallDecision& call) {
    const CodeId refuse = code_.answer(call.refusal);
    CodeId next = code_.answer(action::allow);
    for (std::size_t i = call.grants.size(); i-- > 0;) {
      const Grant& grant = call.grants[i];
      CodeId granted = next;
      for (std::size_t j = grant.deny.size(); j-- > 0;) granted = write(*grant.deny[j], refuse, granted);
      CodeId entry = refuse;
      for (std::size_t j = grant.allow.size(); j-- > 0;) entry = write(*grant.allow[j], granted, entry);
      next = entry;
    }
    return next;
  }

 private:
  CodeId write(const ir::Condition& condition, CodeId yes, CodeId no) {
    using Kind = ir::Condition::Kind;
    CodeId next = condition.kind == Kind::disjunction ? no : yes;
    switch (condition.kind) {
      case Kind::test: return write_test(condition, yes, no);
      case Kind::negation: return write(condition.terms.front(), no, yes);
      case Kind::conjunction:
        for (std::size_t i = condition.terms.size(); i-- > 0;) next = write(condition.terms[i], next, no);
        return next;
      case Kind::disjunction:
        for (std::size_t i = condition.terms.size(); i-- > 0;) next = write(condition.terms[i], yes, next);
        return next;
      case Kind::exact: break;  // an artefact's: no policy has it
    }
    return no;
  }

  CodeId write_test(const ir::Condition& test, CodeId yes, CodeId no) {
    Diagrams diagrams(layout_, {}, steps_of_a_diagram);
    const Id set = diagrams.of(test);
    return Writer(code_, diagrams, yes, no, options_).write(set, std::nullopt);
  }

  Code& code_;
  const Layout& layout_;
  SearchOptions options_;
};

/// One call's arguments in one order of the words. Its steps are taken from the budget.
class Ordered {
 public:
  Ordered(const CallDecision& call, const Layout& layout, const std::vector<Word>& order, sets::Budget& budget)
      : call_(call), diagrams_(layout, order, std::min(steps_of_a_diagram, budget.steps)) {
    const std::uint64_t before = diagrams_.budget().steps;
    set_ = allowed_set(diagrams_, call);
    budget.steps -= before - diagrams_.budget().steps;
    is_too_large_ = diagrams_.budget().exhausted || diagrams_.nodes_from(set_) > longest_program;
  }

  bool is_too_large() const { return is_too_large_; }
  Id set() const { return set_; }
  const std::map<Word, unsigned>& words() const { return diagrams_.words(); }
  CodeId write(Code& code, SearchOptions options) const {
    return Writer(code, diagrams_, code.answer(action::allow), code.answer(call_.refusal), options).write(set_, std::nullopt);
  }
  /// How much code it is, roughly: trees need not be the best ones to compare orders.
  std::size_t size() const {
    if (is_too_large_) return ~std::size_t{0};
    Code scratch;
    write(scratch, {.price = price, .exact_until = 6, .most_removed = 2});
    return scratch.size() - 2;  // the two answers
  }

 private:
  const CallDecision& call_;
  Diagrams diagrams_;
  Id set_ = Diagrams::none;
  bool is_too_large_ = false;
};

using Order = std::vector<Word>;

// The order that a diagram takes when it is given none.
Order natural_order(const std::map<Word, unsigned>& words, const Layout& layout) {
  Order result;
  for (const auto& entry : words) result.push_back(entry.first);
  std::sort(result.begin(), result.end(), [&](const Word& a, const Word& b) { return comes_before(a, b, layout); });
  return result;
}

// All orders of a few words; of more, those that keep to an order of the arguments: as numbered, the busiest first, the
// quietest first; each argument as a whole, or all upper words before the rest.
std::vector<Order> orders_of(const std::map<Word, unsigned>& words, const Layout& layout) {
  std::vector<Order> result;
  Order all;
  for (const auto& entry : words) all.push_back(entry.first);
  if (all.size() <= 3) {
    do result.push_back(all);
    while (std::next_permutation(all.begin(), all.end()));
    return result;
  }
  const auto argument = [](const Word& word) { return word.offset / 8; };
  std::map<std::uint32_t, unsigned> boundaries;
  for (const auto& [word, count] : words) boundaries[argument(word)] += count;
  const auto is_lower = [&](const Word& word) { return ((word.offset & 4) == 0) != layout.is_big_endian; };
  for (const int sign : {0, -1, 1})
    for (const bool upper_first : {false, true}) {
      Order order = all;
      // A word as a whole before the same under a mask, which it can be made into.
      std::sort(order.begin(), order.end(), [&](const Word& a, const Word& b) {
        const auto key = [&](const Word& w) {
          return std::tuple(upper_first && is_lower(w), sign * static_cast<int>(boundaries[argument(w)]), argument(w),
                            is_lower(w), ~w.mask);
        };
        return key(a) < key(b);
      });
      if (std::find(result.begin(), result.end(), order) == result.end()) result.push_back(std::move(order));
    }
  return result;
}

}  // namespace

CodeId lower_call(Code& code, const CallDecision& call, Layout layout, sets::Budget& budget) {
  constexpr SearchOptions best_trees{.price = price};
  const Ordered plain(call, layout, {}, budget);
  if (plain.is_too_large()) return Chain(code, layout, best_trees).write(call);
  if (plain.set() <= Diagrams::all) return code.answer(plain.set() == Diagrams::all ? action::allow : call.refusal);
  // One word has one order; with a load and a test for each word no order can be shorter.
  std::size_t least = plain.size();
  if (plain.words().size() == 1 || least <= 2 * plain.words().size()) return plain.write(code, best_trees);
  const std::size_t plain_size = least++;  // of equals, one of these: tests of the same word stand together in them
  const Order natural = natural_order(plain.words(), layout);
  std::unique_ptr<const Ordered> best;  // null: the plain one
  for (const Order& order : orders_of(plain.words(), layout)) {
    auto ordered = order == natural ? nullptr : std::make_unique<const Ordered>(call, layout, order, budget);
    const std::size_t size = ordered ? ordered->size() : plain_size;
    if (size < least) least = size, best = std::move(ordered);
  }
  return (best ? *best : plain).write(code, best_trees);
}

}  // namespace polc::seccomp
