#include "sets/machine.hpp"

#include <algorithm>
#include <charconv>

#include "support/check.hpp"

namespace polc::sets {
namespace {

// A component's text: the spelling, a line break, a letter for its flavour, and the states: `+` or `-` (accepts or not), edges
// `low-high>target` each ended by a comma; and each state by a semicolon.
constexpr char end_of_spelling = '\n';

class Numbers {
 public:
  explicit Numbers(std::string_view text) : text_(text) {}
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return text_[at_]; }
  void skip() { ++at_; }
  std::uint32_t number() {
    std::uint32_t value = 0;
    const auto result = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    POLC_CHECK(result.ec == std::errc(), "a machine's text is made by polc");
    at_ = static_cast<std::size_t>(result.ptr - text_.data());
    return value;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

std::string_view states_of(std::string_view component) { return component.substr(component.rfind(end_of_spelling) + 1); }

}  // namespace

Machine::State Machine::add_state() {
  states_.emplace_back();
  return static_cast<State>(states_.size() - 1);
}

void Machine::add_edge(State from, State to, std::uint8_t low, std::uint8_t high) { states_[from].edges.push_back({low, high, to}); }

void Machine::add_empty(State from, State to) { states_[from].empty.push_back(to); }

/// With all that no byte leads to from there; sorted.
std::vector<Machine::State> Machine::closed(std::vector<State> states) const {
  std::vector<bool> seen(states_.size(), false);
  std::vector<State> closure;
  while (!states.empty()) {
    const State state = states.back();
    states.pop_back();
    if (seen[state]) continue;
    seen[state] = true;
    closure.push_back(state);
    states.insert(states.end(), states_[state].empty.begin(), states_[state].empty.end());
  }
  std::sort(closure.begin(), closure.end());
  return closure;
}

bool Machine::matches(std::string_view text) const {
  std::vector<State> here = closed({start});
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    std::vector<State> next;
    for (const State state : here)
      for (const Edge& edge : states_[state].edges)
        if (edge.low <= byte && byte <= edge.high) next.push_back(edge.target);
    here = closed(std::move(next));
  }
  return std::any_of(here.begin(), here.end(), [&](State state) { return states_[state].accepts; });
}

Machine Machine::before_slash() const {
  Machine result = without_empty_moves();
  std::vector<bool> accepts;
  for (const Node& node : result.states_)
    accepts.push_back(std::any_of(node.edges.begin(), node.edges.end(), [&](const Edge& edge) {
      return edge.low <= '/' && '/' <= edge.high && result.states_[edge.target].accepts;
    }));
  for (State state = 0; state < accepts.size(); ++state) result.states_[state].accepts = accepts[state];
  return result;
}

Machine Machine::without_empty_moves() const {
  Machine result;
  result.states_.assign(states_.size(), {});
  for (State state = 0; state < states_.size(); ++state) {
    Node& node = result.states_[state];
    for (const State other : closed({state})) {
      node.edges.insert(node.edges.end(), states_[other].edges.begin(), states_[other].edges.end());
      node.accepts |= states_[other].accepts;
    }
    std::sort(node.edges.begin(), node.edges.end());
    node.edges.erase(std::unique(node.edges.begin(), node.edges.end()), node.edges.end());
  }
  return result;
}

std::vector<bool> Machine::leading_to_acceptance() const {
  std::vector<std::vector<State>> before(states_.size());
  std::vector<State> waiting;
  std::vector<bool> leads(states_.size(), false);
  for (State state = 0; state < states_.size(); ++state) {
    for (const Edge& edge : states_[state].edges) before[edge.target].push_back(state);
    if (states_[state].accepts) waiting.push_back(state);
  }
  while (!waiting.empty()) {
    const State state = waiting.back();
    waiting.pop_back();
    if (leads[state]) continue;
    leads[state] = true;
    waiting.insert(waiting.end(), before[state].begin(), before[state].end());
  }
  return leads;
}

/// Only states that some text passes, in the order in which they are met. Of a machine without empty moves.
Machine Machine::trimmed() const {
  constexpr State unknown = ~State{0};
  const std::vector<bool> leads = leading_to_acceptance();
  std::vector<State> order{start}, number(states_.size(), unknown);
  number[start] = 0;
  for (std::size_t i = 0; i < order.size(); ++i)  // also over what is appended on the way
    for (const Edge& edge : states_[order[i]].edges) {
      if (!leads[edge.target] || number[edge.target] != unknown) continue;
      number[edge.target] = static_cast<State>(order.size());
      order.push_back(edge.target);
    }
  Machine result;
  result.states_.assign(order.size(), {});
  for (std::size_t i = 0; i < order.size(); ++i) {
    Node& node = result.states_[i];
    node.accepts = states_[order[i]].accepts;
    for (const Edge& edge : states_[order[i]].edges)
      if (leads[edge.target]) node.edges.push_back({edge.low, edge.high, number[edge.target]});
  }
  return result;
}

bool Machine::matches_nothing() const {
  return std::none_of(states_.begin(), states_.end(), [](const Node& node) { return node.accepts; });
}

std::optional<Machine> Machine::plain() const {
  Machine result = without_empty_moves().trimmed();
  return result.size() > most_states ? std::nullopt : std::optional(std::move(result));
}

PathPattern Machine::component(std::string_view spelling, Flavour flavour) const {
  std::string text(spelling);
  text += end_of_spelling;
  text += static_cast<char>(flavour);
  for (const Node& node : states_) {
    text += node.accepts ? '+' : '-';
    for (const Edge& edge : node.edges)
      text += std::to_string(edge.low) + '-' + std::to_string(edge.high) + '>' + std::to_string(edge.target) + ',';
    text += ';';
  }
  return PathPattern{{{Component::Kind::machine, std::move(text)}}};
}

std::optional<std::vector<PathPattern>> Machine::paths(std::string_view spelling) const {
  const std::optional<Machine> others = plain();
  if (!others) return std::nullopt;
  std::vector<PathPattern> patterns;
  if (matches("/")) patterns.push_back({});
  if (!others->matches_nothing()) patterns.push_back(others->component(spelling, Flavour::paths));
  return patterns;
}

std::optional<PathPattern> Machine::names(std::string_view spelling) const {
  const std::optional<Machine> machine = plain();
  return machine ? std::optional(machine->component(spelling, Flavour::names)) : std::nullopt;
}

Machine Machine::of_component(std::string_view text) {
  Machine machine;
  machine.states_.clear();
  Numbers numbers(states_of(text).substr(1));
  while (!numbers.at_end()) {
    Node& node = machine.states_.emplace_back();
    node.accepts = numbers.peek() == '+';
    for (numbers.skip(); numbers.peek() != ';'; numbers.skip()) {
      const std::uint32_t low = numbers.number();
      numbers.skip();
      const std::uint32_t high = numbers.number();
      numbers.skip();
      node.edges.push_back({static_cast<std::uint8_t>(low), static_cast<std::uint8_t>(high), numbers.number()});
    }
    numbers.skip();
  }
  return machine;
}

std::string_view Machine::spelling_of_component(std::string_view text) { return text.substr(0, text.rfind(end_of_spelling)); }

bool Machine::is_of_names(std::string_view text) { return states_of(text).front() == static_cast<char>(Flavour::names); }

}  // namespace polc::sets
