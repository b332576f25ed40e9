#include "systrace/machines.hpp"

#include <algorithm>
#include <cctype>

#include "systrace/byte_class.hpp"

namespace polc::systrace::syntax {
namespace {

using sets::Machine;
using State = Machine::State;

void add(const ByteClass& bytes, State from, State to, Machine& machine) {
  for (const auto& [low, high] : bytes.ranges()) machine.add_edge(from, to, low, high);
}

ByteClass in_any_case(char c) {
  ByteClass bytes = ByteClass::of(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  const auto upper = static_cast<unsigned char>(std::toupper(static_cast<unsigned char>(c)));
  bytes.add(upper, upper);
  return bytes;
}

/// Every text but this one, in whatever case.
Machine all_but(std::string_view text) {
  Machine machine;
  const State other = machine.add_state();
  machine.add_edge(other, other, 1, 255);
  machine.accept(other);
  State at = Machine::start;
  for (const char c : text) {
    const State next = machine.add_state();
    const ByteClass bytes = in_any_case(c);
    add(bytes, at, next, machine);
    add(bytes.complement(), at, other, machine);
    machine.accept(at);
    at = next;
  }
  machine.add_edge(at, other, 1, 255);
  return machine;
}

/// This text, in whatever case.
Machine only(std::string_view text) {
  Machine machine;
  State at = Machine::start;
  for (const char c : text) {
    const State next = machine.add_state();
    add(in_any_case(c), at, next, machine);
    at = next;
  }
  machine.accept(at);
  return machine;
}

/// The texts that hold this one, or those that do not: by how much of it stands at the end of what was read.
Machine holding(std::string_view part, bool holds) {
  Machine machine;
  std::vector<State> states{Machine::start};
  for (std::size_t i = 0; i < part.size(); ++i) states.push_back(machine.add_state());
  const auto longest_end = [&](const std::string& read) {
    std::size_t length = std::min(read.size(), part.size());
    while (length > 0 && read.substr(read.size() - length) != part.substr(0, length)) --length;
    return length;
  };
  for (std::size_t i = 0; i < states.size(); ++i) {
    if ((i == part.size()) == holds) machine.accept(states[i]);
    if (i == part.size()) {
      machine.add_edge(states[i], states[i], 1, 255);
      continue;
    }
    ByteClass others = ByteClass::all();
    ByteClass seen;
    for (const char c : part) {
      const auto byte = static_cast<unsigned char>(c);
      const std::string read = std::string(part.substr(0, i)) + c;
      if (seen.contains(c)) continue;
      seen.add(byte, byte);
      machine.add_byte(states[i], states[longest_end(read)], c);
      others.remove(c);
    }
    add(others, states[i], states[0], machine);
  }
  return machine;
}

}  // namespace

std::optional<Machine> glob_machine(std::string_view pattern, bool knows_classes) {
  Machine machine;
  State at = Machine::start;
  ByteClass no_slash = ByteClass::all();
  no_slash.remove('/');
  for (std::size_t i = 0; i < pattern.size();) {
    if (pattern[i] == '*') {
      // A state of its own, so that what led here does not go on through the loop.
      const State loop = machine.add_state();
      machine.add_empty(at, loop);
      add(no_slash, loop, loop, machine);
      at = loop;
      ++i;
      continue;
    }
    const State next = machine.add_state();
    std::size_t behind = i;
    auto bytes = pattern[i] == '[' ? bracket(pattern, behind, {.named = knows_classes, .escapes = true, .negations = "!^"}) : std::nullopt;
    if (pattern[i] == '?') add(no_slash, at, next, machine), behind = i + 1;
    else if (bytes) bytes->remove('/'), add(*bytes, at, next, machine);
    else {
      if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
      machine.add_byte(at, next, pattern[i]);
      behind = i + 1;
    }
    i = behind;
    at = next;
  }
  machine.accept(at);
  const State below = machine.add_state();
  machine.add_byte(at, below, '/');
  machine.add_edge(below, below, 1, 255);
  machine.accept(below);
  return machine;
}

std::optional<Machine> without_empty_moves(const Machine& machine) {
  const auto pattern = machine.names("");
  return pattern ? std::optional(Machine::of_component(pattern->components.front().text)) : std::nullopt;
}

bool begins_with_slash(const std::optional<Machine>& machine) {
  const auto plain = machine ? without_empty_moves(*machine) : std::nullopt;
  if (!plain || plain->accepts(Machine::start)) return false;
  const auto& edges = plain->edges_from(Machine::start);
  return std::all_of(edges.begin(), edges.end(), [](const Machine::Edge& edge) { return edge.low == '/' && edge.high == '/'; });
}

std::optional<Machine> machine_of_both(const Expression& a, const Expression& b, unsigned year) {
  const auto plain = [&](const Expression& test) {
    const auto machine = machine_of(test, year);
    return machine ? without_empty_moves(*machine) : std::nullopt;
  };
  const auto one = plain(a), other = plain(b);
  if (!one || !other || one->size() * other->size() > 16 * Machine::most_states) return std::nullopt;
  Machine both;
  const auto place = [&](State x, State y) { return static_cast<State>(x * other->size() + y); };
  while (both.size() < one->size() * other->size()) both.add_state();
  for (State x = 0; x < one->size(); ++x)
    for (State y = 0; y < other->size(); ++y) {
      if (one->accepts(x) && other->accepts(y)) both.accept(place(x, y));
      for (const Machine::Edge& left : one->edges_from(x))
        for (const Machine::Edge& right : other->edges_from(y)) {
          const std::uint8_t low = std::max(left.low, right.low), high = std::min(left.high, right.high);
          if (low <= high) both.add_edge(place(x, y), place(left.target, right.target), low, high);
        }
    }
  return both;
}

std::optional<Machine> machine_of(const Expression& test, unsigned year) {
  constexpr unsigned classes_since = 2008;
  switch (test.op) {
    case Operator::re: return regex_machine(test.text);
    case Operator::match: return glob_machine(test.text, year >= classes_since);
    case Operator::neq: return all_but(test.text);
    case Operator::sub: return holding(test.text, true);
    case Operator::nsub: return holding(test.text, false);
    case Operator::eq: return only(test.text);
    case Operator::inpath: return std::nullopt;  // patterns say it
  }
  return std::nullopt;
}

}  // namespace polc::systrace::syntax
