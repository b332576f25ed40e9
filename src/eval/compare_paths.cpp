#include <array>

#include "eval/columns.hpp"
#include "eval/compare_parts.hpp"
#include "support/overloaded.hpp"

namespace polc::eval {
namespace {

using sets::Bits;

// A label holds, for each side, the columns that its allow boxes name and then those that its deny boxes name.
class Question : public sets::PathQuestion {
 public:
  Question(const Comparison& comparison, const Columns& columns)
      : comparison_(comparison), columns_(columns), words_(columns.words()) {
    for (const Term& term : comparison.terms) groups_.push_back(columns.groups(term.whatever));
  }

  bool may_matter(const Bits& lower, const Bits& upper) override {
    for (std::size_t i = 0; i < comparison_.terms.size(); ++i)
      if (any(holding(i, lower, upper))) return true;
    return false;
  }

  bool visit(const sets::PathLabels& here, const std::function<std::vector<std::string>()>& witness) override {
    std::vector<Bits> holding_terms;
    for (std::size_t i = 0; i < comparison_.terms.size(); ++i) holding_terms.push_back(holding(i, here.bits, here.bits));
    std::vector<std::string> paths;
    for (std::size_t column = 0; column < columns_.points.size(); ++column) {
      TermSet terms = 0;
      for (std::size_t i = 0; i < holding_terms.size(); ++i)
        if ((holding_terms[i][column / 64] >> (column % 64)) & 1u) terms = static_cast<TermSet>(terms | (1u << i));
      if (terms == 0) continue;
      if (paths.empty()) paths = witness();
      if (!comparison_.visit(placed(columns_.points[column], paths), terms)) {
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

  std::uint64_t allow(const Bits& label, std::size_t side, std::size_t word) const { return label[2 * side * words_ + word]; }
  std::uint64_t deny(const Bits& label, std::size_t side, std::size_t word) const {
    return label[(2 * side + 1) * words_ + word];
  }

  // What a side allows when its allows are `allows` and its denies `denies`: C(A - D) - D. Grows with the former and
  // shrinks with the latter, so bounds of the labels give bounds of the meaning.
  Bits member(std::size_t side, const Bits& allows, const Bits& denies) const {
    Bits result(words_);
    for (std::size_t word = 0; word < words_; ++word) result[word] = allow(allows, side, word) & ~deny(denies, side, word);
    if (comparison_.sides[side]->has_implications() && any(result)) {
      Bits brought = result;
      for (const auto& [from, to] : columns_.brings)
        if ((result[from / 64] >> (from % 64)) & 1u) brought[to / 64] |= std::uint64_t{1} << (to % 64);
      for (std::size_t word = 0; word < words_; ++word) result[word] |= brought[word] & ~deny(denies, side, word);
    }
    return result;
  }

  // What holds in one column of a group holds in all of it.
  static Bits spread(Bits bits, const std::vector<std::uint32_t>& groups) {
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
    Bits result(words_, ~std::uint64_t{0});
    for (std::size_t side = 0; side < comparison_.sides.size(); ++side) {
      if ((term.in >> side) & 1u) {
        const Bits most = member(side, upper, lower);
        for (std::size_t word = 0; word < words_; ++word) result[word] &= most[word];
      }
      if ((term.out >> side) & 1u) {
        const Bits least = spread(member(side, lower, upper), groups_[term_number]);
        for (std::size_t word = 0; word < words_; ++word) result[word] &= ~least[word];
      }
      if ((term.denied >> side) & 1u)
        for (std::size_t word = 0; word < words_; ++word) result[word] &= deny(upper, side, word);
    }
    return result;
  }

  const Comparison& comparison_;
  const Columns& columns_;
  std::size_t words_;
  std::vector<std::vector<std::uint32_t>> groups_;  // by term
};

Bits label_of(const Bits& columns, std::size_t side, ir::Effect effect, std::size_t sides) {
  Bits label(columns.size() * 2 * sides, 0);
  const std::size_t start = (2 * side + (effect == ir::Effect::deny ? 1 : 0)) * columns.size();
  std::copy(columns.begin(), columns.end(), label.begin() + static_cast<std::ptrdiff_t>(start));
  return label;
}

void insert(sets::PathSpace& space, const ir::Box& box, PathKind kind, const Bits& label) {
  if (const auto* pair = std::get_if<ir::PairBox>(&box); pair != nullptr && kind == PathKind::pair) {
    for (const auto& from : pair->from)
      for (const auto& to : pair->to) space.insert_pair(from, to, label, 0);
    return;
  }
  for (const auto& pattern : places_of(box, kind)) space.insert(pattern, label, 0);
}

bool has_paths(const ir::Box& box, PathKind kind) {
  if (std::holds_alternative<ir::PairBox>(box)) return kind == PathKind::pair;
  return !places_of(box, kind).empty();
}

Walk walk(const Comparison& comparison, PathKind kind) {
  const Columns columns = columns_for(kind, comparison.sides);
  sets::PathSpace space(columns.words() * 2 * comparison.sides.size() * 64);
  bool empty = true;
  for (std::size_t side = 0; side < comparison.sides.size(); ++side)
    for (const Part& part : comparison.sides[side]->parts()) {
      if (!has_paths(part.box, kind)) continue;
      const Bits bits = columns.bits_of(part.box);
      if (!comparison.budget.spend(columns.points.size() / 16 + 1)) return Walk::too_complex;
      insert(space, part.box, kind, label_of(bits, side, part.effect, comparison.sides.size()));
      empty = false;
    }
  if (empty) return Walk::on;
  Question question(comparison, columns);
  const bool complete = space.explore(comparison.budget, question);
  if (question.stopped) return Walk::stopped;
  return complete ? Walk::on : Walk::too_complex;
}

}  // namespace

Walk compare_paths(const Comparison& comparison) {
  for (const PathKind kind : {PathKind::single, PathKind::pair, PathKind::abstract})
    if (const Walk result = walk(comparison, kind); result != Walk::on) return result;
  return Walk::on;
}

}  // namespace polc::eval
