#include <algorithm>
#include <map>
#include <set>

#include "eval/compare_parts.hpp"

namespace polc::eval {
namespace {

// A part of one side, among those of one family.
struct Candidate {
  std::size_t side;
  std::uint32_t place;  // in the side's parts
  ir::Effect effect;
  const ir::NetBox* box;
};
using Group = std::vector<std::uint32_t>;  // places in the list of candidates

const sets::Ip4Set& numbers(const ir::NetBox& box, std::uint32_t) { return box.ip4; }
const sets::Ip6Set& numbers(const ir::NetBox& box, sets::Uint128) { return box.ip6; }
const sets::PortSet& numbers(const ir::NetBox& box, std::uint16_t) { return box.ports; }

// Cuts a dimension where some candidate begins or ends and calls `visit(lowest number, who holds there)` once for each
// different group, lowest first. n candidates make at most 2n+1 pieces.
template <class Number, class Visit>
Walk for_each_group(const std::vector<Candidate>& all, const Group& among, sets::Budget& budget, Visit&& visit) {
  std::map<Number, std::vector<std::pair<std::uint32_t, bool>>> events;
  events[0];
  for (const std::uint32_t member : among)
    for (const auto& interval : numbers(*all[member].box, Number{}).intervals()) {
      events[interval.low].emplace_back(member, true);
      if (interval.high != sets::IntervalSet<Number>::maximum)
        events[static_cast<Number>(interval.high + 1)].emplace_back(member, false);
    }
  std::set<std::uint32_t> active;
  std::set<Group> seen;
  for (const auto& [start, changes] : events) {
    for (const auto& [member, begins] : changes) begins ? void(active.insert(member)) : void(active.erase(member));
    if (!budget.spend(active.size() + 1)) return Walk::too_complex;
    Group group(active.begin(), active.end());
    if (group.empty() || !seen.insert(group).second) continue;
    if (const Walk walk = visit(start, group); walk != Walk::on) return walk;
  }
  return Walk::on;
}

struct KindOfSocket {
  SocketType type;
  std::uint32_t protocol;
};

// One address and port: every verb, type and protocol that some candidate tells apart.
class Cell {
 public:
  Cell(const Comparison& comparison, const std::vector<Candidate>& all, std::vector<KindOfSocket> kinds)
      : comparison_(comparison), all_(all), kinds_(std::move(kinds)) {
    for (const Meaning* one : comparison.sides) orders_.push_back(&one->order());
    ranked_.resize(orders_.size());
  }

  Walk visit(const Group& group, ir::NetPoint point) const {
    for (const auto& [type, protocol] : kinds_) {
      point.type = type;
      point.protocol = protocol;
      if (!comparison_.budget.spend(group.size() * 6)) return Walk::too_complex;
      Walk walk = Walk::on;
      NetVerbs::all().for_each([&](NetVerb verb) {
        if (walk != Walk::on) return;
        point.verb = verb;
        const TermSet terms = terms_holding(comparison_.terms, membership(group, point));
        if (terms != 0 && !comparison_.visit(ir::Point(point), terms)) walk = Walk::stopped;
      });
      if (walk != Walk::on) return walk;
    }
    return Walk::on;
  }

 private:
  // What is written of the point: allows and denies of plain sides; of the others, what their order makes of them.
  Membership written(const Group& group, const ir::NetPoint& point) const {
    Membership result;
    for (const std::uint32_t member : group) {
      const Candidate& candidate = all_[member];
      // The address and port hold already: only the small dimensions are left to ask.
      const ir::NetBox& box = *candidate.box;
      if (!box.verbs.contains(point.verb) || !box.types.contains(point.type) || !box.protocols.contains(point.protocol)) continue;
      const Sides bit = side(static_cast<unsigned>(candidate.side));
      (candidate.effect == ir::Effect::allow ? result.allowed : result.denied) |= bit;
      if (!orders_[candidate.side]->is_plain()) ranked_[candidate.side].push_back(candidate.place);
    }
    result.sure = result.allowed &= ~result.denied;
    for (unsigned i = 0; i < orders_.size(); ++i)
      if (!ranked_[i].empty()) decide_by_order(i, result);
    return result;
  }

  void decide_by_order(unsigned i, Membership& result) const {
    const auto set = [&](Sides& sides, const Formula& formula) {
      const bool holds = orders_[i]->holds(formula, comparison_.sides[i]->parts(), ranked_[i]);
      sides = holds ? sides | side(i) : sides & ~side(i);
    };
    set(result.allowed, orders_[i]->formulas().possible);
    set(result.sure, orders_[i]->formulas().sure);
    ranked_[i].clear();
  }

  // connect udp E brings send and receive udp E (meaning.cpp's bringers_of says the same of one point).
  Membership membership(const Group& group, const ir::NetPoint& point) const {
    Membership here = written(group, point);
    const bool brought = (point.verb == NetVerb::send || point.verb == NetVerb::receive) &&
                         point.type == SocketType::dgram && (point.protocol == 0 || point.protocol == 17) &&
                         (point.family == Family::inet || point.family == Family::inet6);
    if (!brought) return here;
    ir::NetPoint connect = point;
    connect.verb = NetVerb::connect;
    const Membership there = written(group, connect);
    for (unsigned i = 0; i < comparison_.sides.size(); ++i) {
      if (!comparison_.sides[i]->has_implications() || (there.allowed & ~here.denied & side(i)) == 0) continue;
      here.allowed |= side(i);
      here.sure |= side(i);
    }
    return here;
  }

  const Comparison& comparison_;
  const std::vector<Candidate>& all_;
  std::vector<KindOfSocket> kinds_;
  std::vector<const Order*> orders_;              // of the sides
  mutable std::vector<std::vector<std::uint32_t>> ranked_;  // of each side that is not plain: the parts at the point
};

std::vector<Candidate> candidates_of(const Comparison& comparison, Family family) {
  std::vector<Candidate> result;
  for (std::size_t i = 0; i < comparison.sides.size(); ++i) {
    const auto& index = comparison.sides[i]->index();
    const auto& places =
        family == Family::unix_family ? index.any_unix : index.by_family[static_cast<std::size_t>(family)];
    for (const std::uint32_t place : places)
      result.push_back({i, place, index.parts[place].effect, &std::get<ir::NetBox>(index.parts[place].box)});
  }
  return result;
}

// Every socket type, with the protocols at which some candidate begins or ends; the usual number first.
std::vector<KindOfSocket> kinds_of(const std::vector<Candidate>& candidates, Family family) {
  const bool internet = family == Family::inet || family == Family::inet6;
  std::vector<std::uint32_t> protocols{0};
  if (internet) protocols.insert(protocols.end(), {6, 7, 17, 18});
  for (const Candidate& candidate : candidates)
    for (const auto& interval : candidate.box->protocols.intervals()) {
      protocols.push_back(interval.low);
      if (interval.high != sets::NumberSet::maximum) protocols.push_back(interval.high + 1);
    }
  std::sort(protocols.begin(), protocols.end());
  protocols.erase(std::unique(protocols.begin(), protocols.end()), protocols.end());
  std::vector<KindOfSocket> result;
  SocketTypes::all().for_each([&](SocketType type) {
    const std::uint32_t usual = !internet ? 0 : type == SocketType::stream ? 6 : type == SocketType::dgram ? 17 : 0;
    result.push_back({type, usual});
    for (const auto protocol : protocols)
      if (protocol != usual) result.push_back({type, protocol});
  });
  return result;
}

Group everyone(const std::vector<Candidate>& candidates) {
  Group group(candidates.size());
  for (std::uint32_t i = 0; i < group.size(); ++i) group[i] = i;
  return group;
}

void set_address(ir::NetPoint& point, std::uint32_t address) { point.ip4 = address; }
void set_address(ir::NetPoint& point, sets::Uint128 address) { point.ip6 = address; }

template <class Number>
Walk compare_internet(const Comparison& comparison, Family family) {
  const std::vector<Candidate> all = candidates_of(comparison, family);
  if (all.empty()) return Walk::on;
  const Cell cell(comparison, all, kinds_of(all, family));
  return for_each_group<Number>(all, everyone(all), comparison.budget, [&](Number address, const Group& here) {
    return for_each_group<std::uint16_t>(all, here, comparison.budget, [&](std::uint16_t port, const Group& group) {
      ir::NetPoint point;
      point.family = family;
      point.port = port;
      set_address(point, address);
      return cell.visit(group, point);
    });
  });
}

// Families whose addresses language 1 does not tell apart; for unix, the socket without a name.
Walk compare_plain(const Comparison& comparison, Family family) {
  const std::vector<Candidate> all = candidates_of(comparison, family);
  if (all.empty()) return Walk::on;
  ir::NetPoint point;
  point.family = family;
  return Cell(comparison, all, kinds_of(all, family)).visit(everyone(all), point);
}

}  // namespace

Walk compare_addresses(const Comparison& comparison) {
  if (const Walk walk = compare_internet<std::uint32_t>(comparison, Family::inet); walk != Walk::on) return walk;
  if (const Walk walk = compare_internet<sets::Uint128>(comparison, Family::inet6); walk != Walk::on) return walk;
  for (const Family family : {Family::unix_family, Family::netlink, Family::packet, Family::other})
    if (const Walk walk = compare_plain(comparison, family); walk != Walk::on) return walk;
  return Walk::on;
}

}  // namespace polc::eval
