#include "diff/narrow.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "diff/near.hpp"
#include "eval/compare.hpp"
#include "eval/implications.hpp"
#include "sets/path_inclusion.hpp"
#include "support/check.hpp"
#include "support/overloaded.hpp"

namespace polc::diff {
namespace {

using Boxes = std::vector<ir::Box>;

// The boxes of one effect that hold the point, as the rules have them or as these bring it along.
Boxes boxes_holding(const eval::Meaning& meaning, ir::Effect effect, const ir::Point& point) {
  Boxes result;
  for (const std::uint32_t place : eval::parts_at(meaning, point))
    if (meaning.parts()[place].effect == effect) result.push_back(meaning.parts()[place].box);
  if (!meaning.has_implications()) return result;
  // A deny of what brings the point keeps the point away as well.
  for (const ir::Point& bringer : eval::bringers_of(meaning, point))
    for (const std::uint32_t place : eval::parts_at(meaning, bringer))
      if (meaning.parts()[place].effect == effect)
        for (ir::Box& box : eval::brought_by(meaning.parts()[place].box))
          if (ir::contains(box, point)) result.push_back(std::move(box));
  return result;
}

void keep_matching(std::vector<sets::PathPattern>& places, const std::string& path) {
  if (path.empty()) return;
  std::erase_if(places, [&](const sets::PathPattern& place) { return !place.matches(path); });
}

// Only the verb, call and place of the point: each is a question of its own.
void keep_own(ir::FileBox& box, const ir::FilePoint& point) {
  box.verbs = FileVerbs{point.verb};
  keep_matching(box.places, point.path);
}
void keep_own(ir::NetBox& box, const ir::NetPoint& point) {
  box.verbs = NetVerbs{point.verb};
  if (point.unix_address.kind == ir::UnixAddress::Kind::path) keep_matching(box.paths, point.unix_address.name);
}
void keep_own(ir::CallBox& box, const ir::CallPoint& point) { box.calls = {point.call}; }
void keep_own(ir::CapabilityBox& box, const ir::CapabilityPoint& point) { box.capabilities = std::uint64_t{1} << point.capability; }
template <class Box, class Point>
void keep_own(Box&, const Point&) {}

/// What of a box speaks of the point, the largest part first. A pair that is new at one end is mostly new for every other.
Boxes own_parts(const ir::Box& box, const ir::Point& point) {
  if (const auto* pair = std::get_if<ir::PairBox>(&box)) {
    const auto& [verb, from, to, type, owner] = std::get<ir::PairPoint>(point);
    ir::PairBox of_source = *pair;
    of_source.verbs = FileVerbs{verb};
    ir::PairBox of_target = of_source;
    keep_matching(of_source.from, from);
    keep_matching(of_target.to, to);
    ir::PairBox of_both = of_source;
    of_both.to = of_target.to;
    if (of_source == of_both || of_target == of_both) return {of_source == of_both ? of_target : of_source, of_both};
    return {of_source, of_target, of_both};
  }
  ir::Box own = box;
  std::visit(
      [&](auto& one, const auto& at) { keep_own(one, at); }, own, point);
  return {own};
}

void keep_verb(ir::FileBox& box, const ir::FilePoint& point) { box.verbs = FileVerbs{point.verb}; }
void keep_verb(ir::PairBox& box, const ir::PairPoint& point) { box.verbs = FileVerbs{point.verb}; }
void keep_verb(ir::NetBox& box, const ir::NetPoint& point) { box.verbs = NetVerbs{point.verb}; }
void keep_verb(ir::CallBox& box, const ir::CallPoint& point) { box.calls = {point.call}; }
template <class Box, class Point>
void keep_verb(Box&, const Point&) {}

// Takes `other` out of one dimension, where the point lies outside it. Dimensions that `other` spans are better: then
// nothing else is lost. What is lost is found again in a later round.
template <class Address>
void take_out(ir::NetBox& box, const ir::NetBox& other, const ir::NetPoint& point, Address ir::NetBox::*addresses, bool is_here) {
  const bool spans_addresses = (other.*addresses).includes(box.*addresses), spans_ports = other.ports.includes(box.ports);
  const bool at_port = other.ports.contains(point.port);
  if (!at_port && (spans_addresses || is_here)) box.ports = box.ports - other.ports;
  else if (!is_here && (spans_ports || at_port)) box.*addresses = box.*addresses - other.*addresses;
  else if (!at_port) box.ports = box.ports - other.ports;
}

void take_out(ir::NetBox& box, const ir::NetBox& other, const ir::NetPoint& point) {
  if (other.family != box.family || !other.verbs.contains(point.verb)) return;
  if ((other.types & box.types).empty() || (other.protocols & box.protocols).empty()) return;
  if (!other.types.contains(point.type)) return void(box.types = box.types - other.types);
  if (!other.protocols.contains(point.protocol)) return void(box.protocols = box.protocols - other.protocols);
  if (box.family == Family::inet && !(other.ip4 & box.ip4).empty() && !(other.ports & box.ports).empty())
    take_out(box, other, point, &ir::NetBox::ip4, other.ip4.contains(point.ip4));
  if (box.family == Family::inet6 && !(other.ip6 & box.ip6).empty() && !(other.ports & box.ports).empty())
    take_out(box, other, point, &ir::NetBox::ip6, other.ip6.contains(point.ip6));
}

void take_out(ir::CallBox& box, const ir::CallBox& other, const ir::CallPoint& point) {
  if (!std::binary_search(other.calls.begin(), other.calls.end(), point.call) || other.where.is_always()) return;
  ir::Condition outside{ir::Condition::Kind::negation, {}, {other.where}};
  ir::Condition both{ir::Condition::Kind::conjunction, {}, {}};
  if (box.where.kind == ir::Condition::Kind::conjunction) both = box.where;
  else both.terms.push_back(box.where);
  if (std::find(both.terms.begin(), both.terms.end(), outside) == both.terms.end()) both.terms.push_back(std::move(outside));
  box.where = std::move(both);
}

void take_out(ir::FileBox& box, const ir::FileBox& other, const ir::FilePoint& point) {
  if (!other.verbs.contains(point.verb) || other.types.contains(point.type)) return;
  const auto spans = [&](const sets::PathPattern& place) {
    return std::any_of(other.places.begin(), other.places.end(), [&](const auto& outer) { return sets::includes(outer, place); });
  };
  if (std::all_of(box.places.begin(), box.places.end(), spans)) box.types = box.types - other.types;
}
template <class Box, class Point>
void take_out(Box&, const Box&, const Point&) {}

class Narrower {
 public:
  Narrower(const ir::Point& point, const eval::Meaning& less, const eval::Meaning& more, sets::Budget& budget)
      : point_(point), less_(less), more_(more), budget_(budget) {}

  std::optional<Region> run() {
    // A deny that is gone says best what came back; else the allow that is new.
    Boxes candidates = own_parts(boxes_holding(less_, ir::Effect::deny, point_));
    const std::size_t denies = candidates.size();
    for (ir::Box& box : own_parts(boxes_holding(more_, ir::Effect::allow, point_))) candidates.push_back(std::move(box));
    POLC_CHECK(!candidates.empty(), "what is allowed, a box allows");
    for (const ir::Box& box : candidates)
      if (is_whole(box)) return Region{box, {}, true};
    for (ir::Box box : candidates) {
      take_out_all(box);
      if (is_whole(box)) return Region{box, {}, true};
    }
    // Where a deny was, `less` allows nothing: only what `more` denies of it can be left.
    for (const ir::Box& box : std::span(candidates).first(denies))
      if (Boxes except = kept(box, false); except.size() <= most_exceptions && is_whole(box, except)) return Region{box, std::move(except), true};
    const ir::Box& widest = candidates.back();
    std::vector<ir::Box> except = kept(widest, true);
    const bool whole = except.size() <= most_exceptions && is_whole(widest, except);
    if (!whole) except.clear();
    if (budget_.exhausted) return std::nullopt;
    return Region{widest, std::move(except), whole};
  }

 private:
  Boxes own_parts(const Boxes& boxes) const {
    Boxes parts;
    for (const ir::Box& box : boxes)
      for (ir::Box& part : diff::own_parts(box, point_)) parts.push_back(std::move(part));
    return parts;
  }

  void take_out_all(ir::Box& box) {
    take_out_of(box, less_, ir::Effect::allow);
    take_out_of(box, more_, ir::Effect::deny);
  }

  void take_out_of(ir::Box& box, const eval::Meaning& meaning, ir::Effect effect) {
    for (const eval::Part& part : meaning.parts()) {
      if (part.effect != effect || part.box.index() != box.index()) continue;
      take_out_one(box, part.box);
      const bool brings = effect == ir::Effect::allow && meaning.has_implications() && std::holds_alternative<ir::NetBox>(box);
      if (brings)
        for (const ir::Box& brought : eval::brought_by(part.box)) take_out_one(box, brought);
    }
  }

  void take_out_one(ir::Box& box, const ir::Box& other) {
    if (box.index() != other.index() || ir::contains(other, point_)) return;
    // Conditions grow longer with each; most speak of other values.
    if (std::holds_alternative<ir::CallBox>(box) && !meet(box, other)) return;
    std::visit(
        [&](auto& mine, const auto& point) {
          using Mine = std::decay_t<decltype(mine)>;
          take_out(mine, std::get<Mine>(other), point);
        },
        box, point_);
  }

  // What of the box `less` allows already (if that is asked), or `more` denies still, as the rules say it.
  std::vector<ir::Box> kept(const ir::Box& box, bool allowed_before) {
    std::vector<ir::Box> result;
    const auto add = [&](const eval::Meaning& meaning, ir::Effect effect) {
      for (const eval::Part& part : meaning.parts()) {
        if (result.size() > most_exceptions) return;
        if (part.effect != effect) continue;
        add_exception(result, box, part.box);
        if (effect == ir::Effect::allow && meaning.has_implications())
          for (const ir::Box& brought : eval::brought_by(part.box)) add_exception(result, box, brought);
      }
    };
    if (allowed_before) add(less_, ir::Effect::allow);
    add(more_, ir::Effect::deny);
    return result;
  }

  // An exception is about the verb or call of the change, and about places in it.
  void add_exception(std::vector<ir::Box>& result, const ir::Box& box, ir::Box other) {
    if (other.index() != box.index()) return;
    std::visit([&](auto& one, const auto& point) { keep_verb(one, point); }, other, point_);
    if (!meet(box, other)) return;
    if (auto* file = std::get_if<ir::FileBox>(&other); file != nullptr && file->places.size() > 1)
      std::erase_if(file->places, [&, whole = *file](const sets::PathPattern& place) {
        ir::FileBox one = whole;
        one.places = {place};
        return !meet(box, one);
      });
    if (std::find(result.begin(), result.end(), other) == result.end()) result.push_back(std::move(other));
  }

  bool meet(const ir::Box& a, const ir::Box& b) {
    const eval::Meaning one = only(a, {}), other = only(b, {});
    const eval::Meaning* const sides[] = {&one, &other};
    return eval::find_common(sides, budget_).has_value();
  }

  eval::Meaning only(const ir::Box& box, const std::vector<ir::Box>& except) const {
    std::vector<eval::Part> parts{{ir::Effect::allow, box, {}, false}};
    for (const ir::Box& one : except) parts.push_back({ir::Effect::deny, one, {}, false});
    return eval::make_meaning(std::move(parts), more_.os(), false);
  }

  // `more` allows all of it but the exceptions and `less` none of that; and of the exceptions in it nothing changed.
  bool is_whole(const ir::Box& box, const std::vector<ir::Box>& except = {}) {
    const eval::Meaning region = only(box, except), all = only(box, {});
    const eval::Meaning more = near(more_, {&box, 1}), less = near(less_, {&box, 1});
    const eval::Meaning* const sides[] = {&region, &more, &less, &all};
    const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)},
                                {.in = eval::side(0) | eval::side(2)},
                                {.in = eval::side(3) | eval::side(1),
                                 .out = eval::side(0) | eval::side(2)}};
    bool whole = true;
    eval::compare(sides, terms, budget_, [&](const ir::Point&, eval::TermSet) { return whole = false; });
    return whole && !budget_.exhausted;
  }

  // More than these say less than an example does.
  static constexpr std::size_t most_exceptions = 6;

  const ir::Point& point_;
  const eval::Meaning& less_;
  const eval::Meaning& more_;
  sets::Budget& budget_;
};

}  // namespace

std::optional<Region> region_around(const ir::Point& point, const eval::Meaning& less, const eval::Meaning& more,
                                    sets::Budget& budget) {
  return Narrower(point, less, more, budget).run();
}

}  // namespace polc::diff
