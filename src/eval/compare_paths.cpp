#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <deque>
#include <map>

#include "eval/columns.hpp"
#include "eval/compare_parts.hpp"
#include "sets/edge_table.hpp"
#include "support/overloaded.hpp"

namespace polc::eval {
namespace {

using sets::Bits;

/// Larger labels than this no walk takes on.
constexpr std::size_t most_words = 4'096;

// A label holds, for each side and each slot of its order, the columns that the allow boxes there name and then those that the
// deny boxes do.
class Layout {
 public:
  Layout(std::span<const Meaning* const> sides, PathKind kind, std::size_t words) : words_(words) {
    for (const Meaning* side : sides) {
      firsts_.push_back(rows_);
      orders_.push_back(order_in(*side, kind));
      rows_ += 2 * orders_.back().slots().size();
    }
  }

  std::size_t words() const { return words_; }              // of one row of columns
  std::size_t label_words() const { return rows_ * words_; }
  std::size_t sides() const { return orders_.size(); }
  const Order& order(std::size_t side) const { return orders_[side]; }
  /// Where in a label a slot's columns begin.
  std::size_t allows(std::size_t side, std::size_t slot) const { return (firsts_[side] + 2 * slot) * words_; }
  std::size_t denies(std::size_t side, std::size_t slot) const { return (firsts_[side] + 2 * slot + 1) * words_; }
  std::size_t place_of(std::size_t side, const Part& part) const {
    const std::size_t slot = orders_[side].slot_of(part);
    return part.effect == ir::Effect::deny ? denies(side, slot) : allows(side, slot);
  }

 private:
  // With just the slots that speak of such paths: labels are as long as they must be, and a product with a plane that says nothing
  // of them is empty.
  static Order order_in(const Meaning& side, PathKind kind) {
    if (side.order().is_plain()) return side.order();
    std::vector<Slot> slots;
    for (const Part& part : side.parts()) {
      const bool is_pair = std::holds_alternative<ir::PairBox>(part.box);
      if (is_pair ? kind == PathKind::pair : !places_of(part.box, kind, false).empty()) slots.push_back({part.plane, part.rank});
    }
    return {slots, {without_silent(side.order().formulas().possible, slots), without_silent(side.order().formulas().sure, slots)}};
  }

  static Formula without_silent(Formula formula, const std::vector<Slot>& slots) {
    std::erase_if(formula, [&](const auto& product) {
      const auto speaks = [&](std::uint8_t plane) { return std::any_of(slots.begin(), slots.end(), [&](const Slot& slot) { return slot.plane == plane; }); };
      return !std::all_of(product.begin(), product.end(), speaks);
    });
    return formula;
  }

  std::size_t words_;
  std::size_t rows_ = 0;
  std::vector<std::size_t> firsts_;
  std::vector<Order> orders_;
};

class Question : public sets::PathQuestion {
 public:
  Question(const Comparison& comparison, const Columns& columns, const Layout& layout)
      : comparison_(comparison), columns_(columns), layout_(layout), words_(columns.words()) {
    for (const Term& term : comparison.terms) groups_.push_back(columns.groups(term.whatever));
    asked_.assign(words_, 0);
    for (std::size_t i = 0; i < columns.asked; ++i) asked_[i / 64] |= std::uint64_t{1} << (i % 64);
  }

  bool may_matter(const Bits& lower, const Bits& upper) override {
    for (std::size_t i = 0; i < comparison_.terms.size(); ++i)
      if (any(holding(i, lower, upper))) return true;
    return false;
  }

  bool needs_every_hit() const override { return comparison_.kinds == Kinds::by_place; }

  bool visit(const sets::PathLabels& here, const std::function<std::vector<std::string>()>& witness) override {
    std::vector<Bits> holding_terms;
    for (std::size_t i = 0; i < comparison_.terms.size(); ++i) holding_terms.push_back(holding(i, here.bits, here.bits));
    std::vector<std::string> paths;
    for (std::size_t word = 0; word < words_; ++word) {
      std::uint64_t left = 0;
      for (const Bits& holding : holding_terms) left |= holding[word];
      for (; left != 0; left &= left - 1) {
        const auto bit = static_cast<unsigned>(std::countr_zero(left));
        TermSet terms = 0;
        for (std::size_t i = 0; i < holding_terms.size(); ++i)
          if ((holding_terms[i][word] >> bit) & 1u) terms |= TermSet{1} << i;
        if (paths.empty()) paths = witness();
        if (comparison_.visit(placed(columns_.points[word * 64 + bit], paths), terms)) continue;
        stopped = true;
        return false;
      }
    }
    return true;
  }

  bool stopped = false;

 private:
  static bool any(const Bits& bits) {
    for (const auto word : bits)
      if (word != 0) return true;
    return false;
  }

  static ir::Point placed(ir::Point point, const std::vector<std::string>& paths) {
    std::visit(Overloaded{[&](ir::FilePoint& p) { p.path = paths[0]; },
                          [&](ir::PairPoint& p) { p.from = paths[0], p.to = paths[1]; },
                          [&](ir::NetPoint& p) { p.unix_address.name = paths[0]; },
                          [](auto&) {}},
               point);
    return point;
  }

  // Rows of columns as an algebra for Order::evaluate.
  struct Algebra {
    const Layout& layout;
    std::size_t side;
    const Bits &allows, &denies;

    Bits none() const { return Bits(layout.words()); }
    Bits after(Bits row, std::size_t slot) const {
      const std::uint64_t* allow = allows.data() + layout.allows(side, slot);
      const std::uint64_t* deny = denies.data() + layout.denies(side, slot);
      for (std::size_t word = 0; word < row.size(); ++word) row[word] = (row[word] | allow[word]) & ~deny[word];
      return row;
    }
    Bits both(Bits a, const Bits& b) const {
      for (std::size_t word = 0; word < a.size(); ++word) a[word] &= b[word];
      return a;
    }
    Bits either(Bits a, const Bits& b) const {
      for (std::size_t word = 0; word < a.size(); ++word) a[word] |= b[word];
      return a;
    }
  };

  // What a side allows when its allows are `allows` and its denies `denies`: C(A - D) - D, or what its ranks and planes make of
  // them. Grows with the former and shrinks with the latter, so bounds of the labels give bounds of the meaning.
  Bits member(std::size_t side, const Formula& formula, const Bits& allows, const Bits& denies) const {
    const Order& order = layout_.order(side);
    const Algebra algebra{layout_, side, allows, denies};
    if (!order.is_plain()) return order.evaluate(formula, algebra);
    Bits result = algebra.after(algebra.none(), 0);
    if (comparison_.sides[side]->has_implications() && any(result)) {
      Bits brought = result;
      for (const auto& [from, to] : columns_.brings)
        if ((result[from / 64] >> (from % 64)) & 1u) brought[to / 64] |= std::uint64_t{1} << (to % 64);
      const std::uint64_t* deny = denies.data() + layout_.denies(side, 0);
      for (std::size_t word = 0; word < words_; ++word) result[word] |= brought[word] & ~deny[word];
    }
    return result;
  }

  // What holds in one column of a group holds in all of it.
  static Bits spread(Bits bits, const std::vector<std::uint32_t>& groups) {
    if (groups.empty()) return bits;
    const auto bit = [](std::size_t i) { return std::uint64_t{1} << (i % 64); };
    for (std::size_t i = 0; i < groups.size(); ++i)
      if ((bits[i / 64] & bit(i)) != 0) bits[groups[i] / 64] |= bit(groups[i]);
    for (std::size_t i = 0; i < groups.size(); ++i)
      if ((bits[groups[i] / 64] & bit(groups[i])) != 0) bits[i / 64] |= bit(i);
    return bits;
  }

  // The columns in which the term may hold for some label between the bounds.
  Bits holding(std::size_t term_number, const Bits& lower, const Bits& upper) const {
    const Term& term = comparison_.terms[term_number];
    Bits result = asked_;
    for (std::size_t side = 0; side < layout_.sides(); ++side) {
      const Formulas& formulas = layout_.order(side).formulas();
      if ((term.in >> side) & 1u) {
        const Bits most = member(side, formulas.possible, upper, lower);
        for (std::size_t word = 0; word < words_; ++word) result[word] &= most[word];
      }
      if ((term.out >> side) & 1u) {
        const Bits least = spread(member(side, formulas.sure, lower, upper), groups_[term_number]);
        for (std::size_t word = 0; word < words_; ++word) result[word] &= ~least[word];
      }
      if ((term.denied >> side) & 1u) keep_denied(side, upper, result);
    }
    return result;
  }

  void keep_denied(std::size_t side, const Bits& upper, Bits& result) const {
    Bits denied(words_);
    for (std::size_t slot = 0; slot < layout_.order(side).slots().size(); ++slot)
      for (std::size_t word = 0; word < words_; ++word) denied[word] |= upper[layout_.denies(side, slot) + word];
    for (std::size_t word = 0; word < words_; ++word) result[word] &= denied[word];
  }

  const Comparison& comparison_;
  const Columns& columns_;
  const Layout& layout_;
  std::size_t words_;
  std::vector<std::vector<std::uint32_t>> groups_;  // by term
  Bits asked_;
};

/// Numbers the places, where those tell paths apart. A place that thousands of rules bring (`/**` for a whole call) is one.
class Tags {
 public:
  explicit Tags(Kinds kinds) : kinds_(kinds) {}
  std::uint32_t of(const sets::PathPattern& place) {
    if (kinds_ == Kinds::by_answer) return 0;
    return numbers_.emplace(place, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }
  std::uint32_t of(const std::vector<sets::PathPattern>& from, const std::vector<sets::PathPattern>& to) {
    if (kinds_ == Kinds::by_answer) return 0;
    std::pair<Numbers, Numbers> product;
    for (const sets::PathPattern& place : from) product.first.push_back(of(place));
    for (const sets::PathPattern& place : to) product.second.push_back(of(place));
    return products_.emplace(std::move(product), static_cast<std::uint32_t>(products_.size())).first->second;
  }

 private:
  using Numbers = std::vector<std::uint32_t>;

  Kinds kinds_;
  std::map<sets::PathPattern, std::uint32_t> numbers_;
  std::map<std::pair<Numbers, Numbers>, std::uint32_t> products_;
};

/// Fills a space with the places of all sides. What a target permits is mostly said with copies of what a policy says: these
/// share their components, and the second side is led to where the first one ended. (Measured on 100,000 rules: the walks down
/// the trie go by memory that no cache holds, and were a tenth of the time.)
class Filler {
 public:
  Filler(sets::PathSpace& space, Kinds kinds) : space_(space), tags_(kinds) {}

  void add(const ir::Box& box, const std::vector<sets::PathPattern>& places, const Bits& label) {
    if (const auto* pair = std::get_if<ir::PairBox>(&box))
      return space_.insert_product(pair->from, pair->to, label, tags_.of(pair->from, pair->to));
    for (const sets::PathPattern& pattern : places) add(pattern, label);
  }

 private:
  void add(const sets::PathPattern& pattern, const Bits& label) {
    const auto identity = reinterpret_cast<std::uintptr_t>(pattern.components.identity());
    const auto high = static_cast<std::uint32_t>(identity >> 32), low = static_cast<std::uint32_t>(identity);
    const std::uint32_t known = identity == 0 ? sets::EdgeTable::none : ends_.find(high, low);
    if (known != sets::EdgeTable::none) return space_.insert_at(known, label, tags_.of(pattern));
    const sets::PathSpace::Place end = space_.insert(pattern, label, tags_.of(pattern));
    if (identity != 0) ends_.insert(high, low, end);
  }

  sets::PathSpace& space_;
  Tags tags_;
  sets::EdgeTable ends_;  // by the identity of the components, which the sides keep alive
};

/// A box without its paths: thousands of rules have few shapes.
ir::Box shape_of(const ir::Box& box) {
  if (const auto* file = std::get_if<ir::FileBox>(&box))
    return ir::FileBox{file->verbs, {}, file->types, file->owners, file->mode, file->requests, file->successors};
  if (const auto* pair = std::get_if<ir::PairBox>(&box)) return ir::PairBox{pair->verbs, {}, {}, pair->types, pair->owners};
  const auto& all = std::get<ir::NetBox>(box);
  ir::NetBox net;
  net.verbs = all.verbs;
  net.family = all.family;
  net.types = all.types;
  net.protocols = all.protocols;
  return net;
}

/// The labels of the boxes of one side, slot and effect, each shape once.
class Labels {
 public:
  Labels(const Columns& columns, const Layout& layout) : columns_(columns), layout_(layout) {}

  const Bits& of(const Part& part, std::size_t side) {
    const std::size_t start = layout_.place_of(side, part);
    auto& known = known_[start];
    ir::Box shape = shape_of(part.box);
    for (const auto& [other, label] : known)
      if (other == shape) return label;
    const Bits columns = columns_.bits_of(shape);
    Bits label(layout_.label_words(), 0);
    std::copy(columns.begin(), columns.end(), label.begin() + static_cast<std::ptrdiff_t>(start));
    return known.emplace_back(std::move(shape), std::move(label)).second;
  }

 private:
  const Columns& columns_;
  const Layout& layout_;
  std::map<std::size_t, std::deque<std::pair<ir::Box, Bits>>> known_;
};

/// Tells from the patterns alone, path by path unseen, that a side allows nothing that another does not. Of plain sides: with
/// ranks a pattern alone says little.
class Inclusion {
 public:
  Inclusion(const Comparison& comparison, const Columns& columns, const Layout& layout, const sets::PathSpace& space)
      : comparison_(comparison), columns_(columns), layout_(layout), space_(space), words_(columns.words()) {}

  /// No access can satisfy the term.
  bool settles(const Term& term) const {
    for (unsigned a = 0; a < comparison_.sides.size(); ++a) {
      if (!layout_.order(a).is_plain()) continue;
      if (((term.denied >> a) & 1u) != 0 && !denies(a)) return true;
      for (unsigned b = 0; b < comparison_.sides.size(); ++b)
        if (((term.in >> a) & 1u) != 0 && ((term.out >> b) & 1u) != 0 && layout_.order(b).is_plain() && is_within(a, b)) return true;
    }
    return false;
  }

 private:
  using Words = const std::uint64_t*;
  Words allow(Words bits, unsigned side) const { return bits + layout_.allows(side, 0); }
  Words deny(Words bits, unsigned side) const { return bits + layout_.denies(side, 0); }

  bool denies(unsigned side) const {
    return !space_.every_pattern([&](Words bits) {
      return std::all_of(deny(bits, side), deny(bits, side) + words_, [](std::uint64_t word) { return word == 0; });
    });
  }

  // Where `b` denies nothing, each pattern's columns of `a`, and what they bring, must be columns of `b`. With the same denies
  // on both sides more allows are more too, as long as both bring alike; what they bring is then not looked at.
  bool is_within(unsigned a, unsigned b) const {
    const bool plain = !denies(b);
    if (!plain && comparison_.sides[a]->has_implications() != comparison_.sides[b]->has_implications()) return false;
    return space_.every_pattern([&](Words bits) {
      if (!plain && !std::equal(deny(bits, a), deny(bits, a) + words_, deny(bits, b))) return false;
      const Bits less = brought(allow(bits, a), plain && comparison_.sides[a]->has_implications());
      const Bits more = brought(allow(bits, b), plain && comparison_.sides[b]->has_implications());
      for (std::size_t column = 0; column < columns_.asked; column += 64) {
        const std::uint64_t beyond = less[column / 64] & ~more[column / 64];
        const std::size_t left = columns_.asked - column;
        if ((left < 64 ? beyond & ((std::uint64_t{1} << left) - 1) : beyond) != 0) return false;
      }
      return true;
    });
  }

  Bits brought(Words allows, bool implications) const {
    Bits result(allows, allows + words_);
    if (!implications) return result;
    for (const auto& [from, to] : columns_.brings)
      if ((allows[from / 64] >> (from % 64)) & 1u) result[to / 64] |= std::uint64_t{1} << (to % 64);
    return result;
  }

  const Comparison& comparison_;
  const Columns& columns_;
  const Layout& layout_;
  const sets::PathSpace& space_;
  std::size_t words_;
};

Walk walk(const Comparison& comparison, PathKind kind) {
  const Columns columns = columns_for(kind, comparison.sides);
  const Layout layout(comparison.sides, kind, columns.words());
  if (layout.label_words() > most_words) return Walk::too_complex;
  sets::PathSpace space(layout.label_words() * 64);
  Labels labels(columns, layout);
  Filler filler(space, comparison.kinds);
  bool empty = true;
  for (std::size_t side = 0; side < comparison.sides.size(); ++side)
    for (const Part& part : comparison.sides[side]->parts()) {
      const bool is_pair = std::holds_alternative<ir::PairBox>(part.box);
      const auto& places = places_of(part.box, kind, comparison.sides[side]->has_implications());
      if (is_pair ? kind != PathKind::pair : places.empty()) continue;
      if (!comparison.budget.spend(columns.points.size() / 16 + 1)) return Walk::too_complex;
      filler.add(part.box, places, labels.of(part, side));
      empty = false;
    }
  if (empty) return Walk::on;
  const Inclusion inclusion(comparison, columns, layout, space);
  if (std::all_of(comparison.terms.begin(), comparison.terms.end(), [&](const Term& term) { return inclusion.settles(term); }))
    return Walk::on;
  Question question(comparison, columns, layout);
  const bool complete = space.explore(comparison.budget, question);
  if (question.stopped) return Walk::stopped;
  return complete ? Walk::on : Walk::too_complex;
}

}  // namespace

Walk compare_paths(const Comparison& comparison) {
  for (const PathKind kind : {PathKind::file, PathKind::pair, PathKind::socket, PathKind::abstract})
    if (const Walk result = walk(comparison, kind); result != Walk::on) return result;
  return Walk::on;
}

}  // namespace polc::eval
