// Internet addresses in ascending order: where parts begin or end, only the ports that these name are looked at again.
#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "eval/net_answers.hpp"
#include "sets/interval_tree.hpp"

namespace polc::eval {
namespace {

using Port = std::uint16_t;
using PortRange = sets::Interval<Port>;

const sets::Ip4Set& addresses_of(const ir::NetBox& box, std::uint32_t) { return box.ip4; }
const sets::Ip6Set& addresses_of(const ir::NetBox& box, sets::Uint128) { return box.ip6; }

void set_address(ir::NetPoint& point, std::uint32_t address) { point.ip4 = address; }
void set_address(ir::NetPoint& point, sets::Uint128 address) { point.ip6 = address; }

/// A candidate's interval begins at the number, or ended before it.
template <class Number>
struct Edge {
  Number at;
  std::uint32_t member;
  bool begins;
  bool operator<(const Edge& other) const { return at < other.at; }
};

template <class Number>
void add_edges(const sets::Interval<Number>& interval, std::uint32_t member, std::vector<Edge<Number>>& edges) {
  edges.push_back({interval.low, member, true});
  if (interval.high != sets::IntervalSet<Number>::maximum) edges.push_back({static_cast<Number>(interval.high + 1), member, false});
}

/// What is met at one address.
struct Met {
  Port port;
  NetAnswers::Answer answer;
  bool operator<(const Met& other) const {
    return std::tie(port, answer.kind, answer.verb) < std::tie(other.port, other.answer.kind, other.answer.verb);
  }
};

/// The candidates of one class of verbs, as the address ascends: each group of them that some address and port has is met once,
/// at its first.
class ClassOfVerbs {
 public:
  ClassOfVerbs(NetVerbs verbs, const std::vector<NetCandidate>& all, sets::Budget& budget)
      : verbs_(verbs), all_(all), budget_(budget), active_(starts()) {}

  bool has(std::uint32_t member) const { return !(all_[member].box->verbs & verbs_).empty(); }

  void change(std::uint32_t member, bool begins) {
    for (const PortRange& ports : all_[member].box->ports.intervals()) {
      begins ? active_.insert(ports, member) : active_.erase(ports, member);
      changed_.push_back(ports);
    }
  }

  /// At the present address, since it was last asked. False: too complex.
  bool meet(NetAnswers& answers, std::vector<Met>& met) {
    const sets::PortSet changed = sets::PortSet::from(std::exchange(changed_, {}));
    return std::all_of(changed.intervals().begin(), changed.intervals().end(),
                       [&](const PortRange& ports) { return meet(ports, answers, met); });
  }

 private:
  std::vector<Port> starts() const {
    std::vector<Port> result;
    for (std::uint32_t i = 0; i < all_.size(); ++i) {
      if (!has(i)) continue;
      for (const PortRange& ports : all_[i].box->ports.intervals()) {
        result.push_back(ports.low);
        if (ports.high != sets::PortSet::maximum) result.push_back(static_cast<Port>(ports.high + 1));
      }
    }
    return result;
  }

  bool meet(const PortRange& ports, NetAnswers& answers, std::vector<Met>& met) {
    NetGroup here;
    active_.meeting(ports, [&](std::uint32_t member) { here.push_back(member); });
    std::sort(here.begin(), here.end());
    here.erase(std::unique(here.begin(), here.end()), here.end());
    std::vector<Edge<Port>> edges;
    for (const std::uint32_t member : here)
      for (const PortRange& own : all_[member].box->ports.intervals())
        if (own.high >= ports.low && own.low <= ports.high) add_edges({std::max(own.low, ports.low), own.high}, member, edges);
    std::stable_sort(edges.begin(), edges.end());
    std::set<std::uint32_t> active;
    for (std::size_t i = 0; i < edges.size() && edges[i].at <= ports.high;) {
      const Port port = edges[i].at;
      for (; i < edges.size() && edges[i].at == port; ++i) edges[i].begins ? void(active.insert(edges[i].member)) : void(active.erase(edges[i].member));
      if (!budget_.spend(active.size() + 1)) return false;
      NetGroup group(active.begin(), active.end());
      if (group.empty() || !seen_.insert(group).second) continue;
      const auto* known = answers.of(group, verbs_);
      if (known == nullptr) return false;
      for (const NetAnswers::Answer& answer : *known) met.push_back({port, answer});
    }
    return true;
  }

  NetVerbs verbs_;
  const std::vector<NetCandidate>& all_;
  sets::Budget& budget_;
  sets::IntervalTree<Port> active_;
  std::vector<PortRange> changed_;
  std::set<NetGroup> seen_;
};

template <class Number>
Walk compare_internet(const Comparison& comparison, Family family) {
  const std::vector<NetCandidate> all = net_candidates(comparison, family);
  if (all.empty()) return Walk::on;
  NetAnswers answers(comparison, all, family);
  std::vector<ClassOfVerbs> classes;
  for (const NetVerbs verbs : verb_classes) classes.emplace_back(verbs, all, comparison.budget);
  std::vector<Edge<Number>> edges;
  for (std::uint32_t member = 0; member < all.size(); ++member)
    for (const auto& interval : addresses_of(*all[member].box, Number{}).intervals()) add_edges(interval, member, edges);
  std::stable_sort(edges.begin(), edges.end());
  ir::NetPoint point;
  point.family = family;
  std::vector<Met> met;
  for (std::size_t i = 0; i < edges.size();) {
    const Number address = edges[i].at;
    for (; i < edges.size() && edges[i].at == address; ++i)
      for (ClassOfVerbs& one : classes)
        if (one.has(edges[i].member)) one.change(edges[i].member, edges[i].begins);
    met.clear();
    for (ClassOfVerbs& one : classes)
      if (!one.meet(answers, met)) return Walk::too_complex;
    std::sort(met.begin(), met.end());
    set_address(point, address);
    for (const Met& one : met) {
      point.port = one.port;
      if (!answers.visit(point, one.answer)) return Walk::stopped;
    }
  }
  return Walk::on;
}

// Families whose addresses language 1 does not tell apart; for unix, the socket without a name.
Walk compare_plain(const Comparison& comparison, Family family) {
  const std::vector<NetCandidate> all = net_candidates(comparison, family);
  if (all.empty()) return Walk::on;
  NetGroup everyone(all.size());
  for (std::uint32_t i = 0; i < everyone.size(); ++i) everyone[i] = i;
  NetAnswers answers(comparison, all, family);
  const auto* known = answers.of(everyone, NetVerbs::all());
  if (known == nullptr) return Walk::too_complex;
  ir::NetPoint point;
  point.family = family;
  const bool goes_on = std::all_of(known->begin(), known->end(), [&](const auto& answer) { return answers.visit(point, answer); });
  return goes_on ? Walk::on : Walk::stopped;
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
