#include "diff/changes.hpp"

#include <algorithm>

#include "diff/common.hpp"
#include "diff/narrow.hpp"
#include "diff/near.hpp"
#include "eval/compare.hpp"

namespace polc::diff {
namespace {

// What `more` allows and `less` does not. Each round asks for an access outside the regions found so far, so the end of the
// last one proves that they cover the difference.
class Finder {
 public:
  Finder(Direction direction, const eval::Meaning& less, const eval::Meaning& more, sets::Budget& budget)
      : direction_(direction), less_(less), more_(more), budget_(budget) {}

  bool run() {
    for (;;) {
      const std::vector<ir::Point> witnesses = uncovered();
      if (budget_.exhausted) return false;
      if (witnesses.empty()) return true;
      for (const ir::Point& witness : witnesses)
        if (!add(witness)) return false;
    }
  }

  std::vector<Change> changes;

 private:
  // Paths at a place of each rule, so that one round mostly finds all.
  std::vector<ir::Point> uncovered() {
    const eval::Meaning covered = eval::make_meaning(covered_, more_.os(), false);
    const eval::Meaning* const sides[] = {&more_, &less_, &covered};
    const eval::Term term{.in = eval::side(0), .out = eval::side(1) | eval::side(2)};
    std::vector<ir::Point> result;
    const auto keep = [&](const ir::Point& point, eval::TermSet) {
      result.push_back(point);
      return true;
    };
    if (!eval::compare(sides, std::span(&term, 1), budget_, keep)) return {};
    if (result.empty()) return {};
    if (!eval::compare_paths(sides, std::span(&term, 1), budget_, eval::Kinds::by_place, keep)) return {};
    return result;
  }

  bool add(const ir::Point& witness) {
    const auto holds = [&](const eval::Part& part) { return ir::contains(part.box, witness); };
    if (std::any_of(covered_.begin(), covered_.end(), holds)) return true;
    const auto region = region_around(witness, less_, more_, budget_);
    if (!region) return false;
    covered_.push_back({ir::Effect::allow, region->box, {}, false});
    const eval::Decision of_less = eval::decide(less_, witness), of_more = eval::decide(more_, witness);
    Change change{direction_, region->box, region->except, region->whole, of_more.implied, witness,
                  of_less.rules.empty() ? denies_of_bringers(witness) : of_less.rules, of_more.rules};
    if (direction_ == Direction::lost) std::swap(change.before, change.now);
    changes.push_back(std::move(change));
    return true;
  }

  // What would bring it along is denied: no rule names the access, and yet these decide.
  std::vector<ir::RuleId> denies_of_bringers(const ir::Point& point) const {
    std::vector<ir::RuleId> result;
    for (const ir::Point& bringer : eval::bringers_of(less_, point))
      for (const std::uint32_t place : eval::parts_at(less_, bringer))
        if (const eval::Part& part = less_.parts()[place]; part.effect == ir::Effect::deny)
          result.insert(result.end(), part.rules.begin(), part.rules.end());
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
  }

  Direction direction_;
  const eval::Meaning& less_;
  const eval::Meaning& more_;
  sets::Budget& budget_;
  std::vector<eval::Part> covered_;
};

// One line for `read, stat "/a", "/b"`: joined where boxes differ in one dimension alone and all of both changed.
template <class Box, class Set>
bool join_in(ir::Box& into, const ir::Box& other, Set Box::*dimension) {
  Box* const a = std::get_if<Box>(&into);
  const Box* const b = std::get_if<Box>(&other);
  if (a == nullptr || b == nullptr) return false;
  Box same = *b;
  same.*dimension = a->*dimension;
  if (!(same == *a)) return false;
  if constexpr (requires(Set set) { set.begin(); }) {
    Set all = a->*dimension;
    all.insert(all.end(), (b->*dimension).begin(), (b->*dimension).end());
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    a->*dimension = std::move(all);
  } else {
    a->*dimension = a->*dimension | b->*dimension;
  }
  return true;
}

template <class Join>
void join_all(std::vector<Change>& changes, const Join& join) {
  std::vector<Change> result;
  for (Change& change : changes) {
    const auto takes = [&](Change& other) {
      return change.whole && other.whole && change.implied == other.implied && change.before == other.before &&
             change.now == other.now && change.except.empty() && other.except.empty() && join(other.box, change.box);
    };
    if (std::none_of(result.begin(), result.end(), takes)) result.push_back(std::move(change));
  }
  changes = std::move(result);
}

void join(std::vector<Change>& changes) {
  join_all(changes, [](ir::Box& into, const ir::Box& other) {
    return join_in(into, other, &ir::FileBox::verbs) || join_in(into, other, &ir::PairBox::verbs) ||
           join_in(into, other, &ir::NetBox::verbs) || join_in(into, other, &ir::CallBox::calls);
  });
  join_all(changes, [](ir::Box& into, const ir::Box& other) {
    return join_in(into, other, &ir::FileBox::places) || join_in(into, other, &ir::PairBox::from) ||
           join_in(into, other, &ir::PairBox::to) || join_in(into, other, &ir::NetBox::paths) ||
           join_in(into, other, &ir::NetBox::ports);
  });
}

}  // namespace

std::optional<std::vector<Change>> changes_between(const eval::Meaning& whole_before, const eval::Meaning& whole_now,
                                                   sets::Budget& budget) {
  const auto changed = changed_boxes(whole_before, whole_now);
  const eval::Meaning before = changed ? near(whole_before, *changed) : whole_before;
  const eval::Meaning now = changed ? near(whole_now, *changed) : whole_now;
  Finder gained(Direction::gained, before, now, budget), lost(Direction::lost, now, before, budget);
  if (!gained.run() || !lost.run()) return std::nullopt;
  for (Finder* finder : {&gained, &lost}) {
    join(finder->changes);
    std::stable_partition(finder->changes.begin(), finder->changes.end(), [](const Change& change) { return !change.implied; });
  }
  gained.changes.insert(gained.changes.end(), std::make_move_iterator(lost.changes.begin()),
                        std::make_move_iterator(lost.changes.end()));
  return std::move(gained.changes);
}

}  // namespace polc::diff
