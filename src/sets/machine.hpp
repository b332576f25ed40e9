// A set of texts as an automaton over bytes: for name tests of targets that do not go component by component, such as `/a/**x`, a
// class of single bytes, or a regex without anchors.
//   Machine machine;                                   // no text yet; its start is state 0
//   machine.add_edge(Machine::start, end, '/', '/'); machine.accept(end); ...
//   machine.paths("/a/**x")  ->  patterns that match those texts which are canonical absolute paths
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sets/path_pattern.hpp"

namespace polc::sets {

class Machine {
 public:
  using State = std::uint32_t;
  struct Edge {
    std::uint8_t low;
    std::uint8_t high;
    State target;
    auto operator<=>(const Edge&) const = default;
  };

  static constexpr State start = 0;
  /// More states (without moves that take no byte) no pattern has.
  static constexpr std::size_t most_states = 2'048;

  Machine() : states_(1) {}
  State add_state();
  /// One byte between the two takes `from` to `to`.
  void add_edge(State from, State to, std::uint8_t low, std::uint8_t high);
  void add_byte(State from, State to, char byte) { add_edge(from, to, static_cast<std::uint8_t>(byte), static_cast<std::uint8_t>(byte)); }
  /// No byte does.
  void add_empty(State from, State to);
  void accept(State state) { states_[state].accepts = true; }

  bool matches(std::string_view text) const;
  /// Texts that were accepted with a slash behind them: how AppArmor names directories.
  Machine before_slash() const;

  /// Patterns for its texts that are canonical absolute paths: none, or the root, or one for all others, or both. `spelling` is
  /// what people read of it. nullopt: too many states.
  std::optional<std::vector<PathPattern>> paths(std::string_view spelling) const;
  /// A pattern for its texts as abstract names. nullopt: too many states.
  std::optional<PathPattern> names(std::string_view spelling) const;

  // ---- as Component::text holds it: without empty moves, without states that lead nowhere, numbered as they are met

  /// The machine of a component of kind `machine`.
  static Machine of_component(std::string_view text);
  static std::string_view spelling_of_component(std::string_view text);
  static bool is_of_names(std::string_view text);

  std::size_t size() const { return states_.size(); }
  const std::vector<Edge>& edges_from(State state) const { return states_[state].edges; }
  bool accepts(State state) const { return states_[state].accepts; }

 private:
  struct Node {
    std::vector<Edge> edges;
    std::vector<State> empty;
    bool accepts = false;
  };
  enum class Flavour : char { paths = 'p', names = 'n' };

  std::vector<State> closed(std::vector<State> states) const;
  std::vector<bool> leading_to_acceptance() const;
  Machine without_empty_moves() const;
  Machine trimmed() const;
  /// As a component holds it. nullopt: too many states.
  std::optional<Machine> plain() const;
  // Of a plain one:
  bool matches_nothing() const;
  PathPattern component(std::string_view spelling, Flavour flavour) const;

  std::vector<Node> states_;
};

}  // namespace polc::sets
