#include "sets/machine_graph.hpp"

#include <algorithm>
#include <map>

#include "sets/machine.hpp"

namespace polc::sets {
namespace {

using State = Machine::State;
using States = std::vector<State>;

bool reads_slash(const Machine::Edge& edge) { return edge.low <= '/' && '/' <= edge.high; }

/// Where a slash leads from there; sorted.
States behind_slash(const Machine& machine, State state) {
  States states;
  for (const Machine::Edge& edge : machine.edges_from(state))
    if (reads_slash(edge)) states.push_back(edge.target);
  std::sort(states.begin(), states.end());
  states.erase(std::unique(states.begin(), states.end()), states.end());
  return states;
}

// The automaton of the names that lead from some states to some others. What it makes of a slash does not matter, no name holds
// one; so a loop that only a slash would leave is told to take every byte.
class Segment {
 public:
  Segment(const Machine& machine, const States& from, bool stops_at_slash) : machine_(machine), stops_at_slash_(stops_at_slash) {
    for (const State state : from) add_edges(GlobAutomaton::start, state);
    for (std::size_t i = 0; i < order_.size(); ++i) add_edges(number_[order_[i]], order_[i]);  // grows on the way
  }

  /// States that a name of at least one byte ends in.
  const States& ends() const { return order_; }

  GlobAutomaton to(const std::vector<bool>& accepting, bool empty_too) const {
    std::vector<bool> accepts(states_.size(), false);
    accepts[GlobAutomaton::start] = empty_too;
    for (const State state : order_) accepts[number_.at(state)] = accepting[state];
    return {states_, std::move(accepts)};
  }

 private:
  void add_edges(std::uint32_t number, State state) {
    for (const Machine::Edge& edge : machine_.edges_from(state)) {
      const auto [known, is_new] = number_.try_emplace(edge.target, static_cast<std::uint32_t>(states_.size()));
      if (is_new) {
        states_.emplace_back();
        order_.push_back(edge.target);
      }
      const bool loops = number == known->second;
      add_edge(number, {edge.low, edge.high, known->second}, loops);
    }
  }
  void add_edge(std::uint32_t from, GlobAutomaton::Edge edge, bool loops) {
    if (!stops_at_slash_) return states_[from].push_back(edge);
    constexpr std::uint8_t before = '/' - 1, after = '/' + 1;
    if (edge.low == '/' && edge.high == '/') return;
    if (edge.low == '/') edge.low = after;
    if (edge.high == '/') edge.high = before;
    states_[from].push_back(edge);
    if (loops && takes_all_but_slash(from)) states_[from].push_back({0, 255, from});
  }
  bool takes_all_but_slash(std::uint32_t state) const {
    std::vector<bool> taken(256, false);
    for (const GlobAutomaton::Edge& edge : states_[state])
      if (edge.target == state) std::fill(taken.begin() + edge.low, taken.begin() + edge.high + 1, true);
    taken[0] = taken['/'] = true;
    return std::find(taken.begin(), taken.end(), false) == taken.end();
  }

  const Machine& machine_;
  bool stops_at_slash_;
  std::vector<std::vector<GlobAutomaton::Edge>> states_{1};
  std::map<State, std::uint32_t> number_;
  States order_;
};

class Builder {
 public:
  explicit Builder(const Machine& machine) : machine_(machine) {}

  MachineGraph of_names() {
    graph_.nodes = 1;
    std::vector<bool> accepting;
    for (State state = 0; state < machine_.size(); ++state) accepting.push_back(machine_.accepts(state));
    add({MachineGraph::entry, MachineGraph::end, nullptr}, Segment(machine_, {Machine::start}, false), accepting, machine_.accepts(Machine::start));
    return std::move(graph_);
  }

  MachineGraph of_paths() {
    number_of(behind_slash(machine_, Machine::start));
    for (std::uint32_t node = 0; node < sets_.size(); ++node) add_edges_from(node);  // grows on the way
    graph_.nodes = static_cast<std::uint32_t>(sets_.size());
    return std::move(graph_);
  }

 private:
  std::uint32_t number_of(const States& set) {
    const auto [known, is_new] = numbers_.try_emplace(set, static_cast<std::uint32_t>(sets_.size()));
    if (is_new) sets_.push_back(set);
    return known->second;
  }

  void add_edges_from(std::uint32_t node) {
    const Segment segment(machine_, States(sets_[node]), true);
    std::map<States, std::vector<bool>> by_target;  // states whose slash leads there
    std::vector<bool> accepting(machine_.size(), false);
    bool ends = false;
    for (const State state : segment.ends()) {
      if (machine_.accepts(state)) accepting[state] = ends = true;
      const States target = behind_slash(machine_, state);
      if (target.empty()) continue;
      by_target.try_emplace(target, machine_.size(), false).first->second[state] = true;
    }
    if (ends) add({node, MachineGraph::end, nullptr}, segment, accepting, false);
    for (const auto& [target, states] : by_target) add({node, number_of(target), nullptr}, segment, states, false);
  }

  void add(MachineGraph::Edge edge, const Segment& segment, const std::vector<bool>& accepting, bool empty_too) {
    edge.names = std::make_shared<const GlobAutomaton>(segment.to(accepting, empty_too));
    graph_.edges.push_back(std::move(edge));
  }

  const Machine& machine_;
  MachineGraph graph_;
  std::vector<States> sets_;
  std::map<States, std::uint32_t> numbers_;
};

}  // namespace

MachineGraph machine_graph(std::string_view component) {
  const Machine machine = Machine::of_component(component);
  return Machine::is_of_names(component) ? Builder(machine).of_names() : Builder(machine).of_paths();
}

}  // namespace polc::sets
