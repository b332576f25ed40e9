// Between two names of a path its text may make a detour: `/`, `/.`, or a name, more detours and `/..`. Which states of the machine
// a detour leads to is found by saturation; the paths are then read beside the text, with such detours in between.
#include "systrace/detours.hpp"

#include <bitset>

#include "systrace/machines.hpp"

namespace polc::systrace::syntax {
namespace {

using sets::Machine;
using State = Machine::State;

constexpr std::size_t most_states = 256;
using States = std::bitset<most_states>;

class Detours {
 public:
  /// Without empty moves.
  explicit Detours(const Machine& machine) : machine_(machine), size_(machine.size()), slash_(size_), dot_(size_), byte_(size_), detour_(size_) {
    for (State from = 0; from < size_; ++from)
      for (const Machine::Edge& edge : machine.edges_from(from)) {
        if (edge.low <= '/' && '/' <= edge.high) slash_[from].set(edge.target);
        if (edge.low <= '.' && '.' <= edge.high) dot_[from].set(edge.target);
        if (edge.low != '/' || edge.high != '/') byte_[from].set(edge.target);
      }
  }

  std::optional<std::vector<sets::PathPattern>> run(std::string_view words) {
    saturate();
    build();
    return result_.paths(words);
  }

 private:
  States after(const States& states, const std::vector<States>& moves) const {
    States result;
    for (std::size_t i = 0; i < size_; ++i)
      if (states[i]) result |= moves[i];
    return result;
  }
  /// Any number of moves, none as well.
  States closure(States states, const std::vector<States>& moves) const {
    for (States before; before != states;) {
      before = states;
      states |= after(states, moves);
    }
    return states;
  }
  States after_name(const States& states) const { return closure(after(states, byte_), byte_); }
  States after_up(const States& states) const { return after(after(after(states, slash_), dot_), dot_); }
  /// A name, detours, `/..`.
  States there_and_back(const States& states) const { return after_up(closure(after_name(states), detour_)); }

  void saturate() {
    for (State from = 0; from < size_; ++from) detour_[from] = slash_[from] | after(slash_[from], dot_);
    for (bool grows = true; grows;) {
      grows = false;
      for (State from = 0; from < size_; ++from) {
        const States more = detour_[from] | there_and_back(slash_[from]);
        grows |= more != detour_[from];
        detour_[from] = more;
      }
    }
  }

  bool accepts_one(const States& states) const {
    for (State state = 0; state < size_; ++state)
      if (states[state] && machine_.accepts(state)) return true;
    return false;
  }

  // States of the result: 1 + q: in the text, with no detour so far; then with one; then right behind one.
  State plain(State q) const { return 1 + q; }
  State bent(State q) const { return static_cast<State>(1 + size_ + q); }
  State behind(State q) const { return static_cast<State>(1 + 2 * size_ + q); }

  void build() {
    while (result_.size() < 1 + 3 * size_) result_.add_state();
    for (State q = 0; q < size_; ++q) {
      for (const Machine::Edge& edge : machine_.edges_from(q)) {
        result_.add_edge(plain(q), plain(edge.target), edge.low, edge.high);
        result_.add_edge(bent(q), bent(edge.target), edge.low, edge.high);
      }
      add_detours(q, closure(detour_[q], detour_));
      for (State next = 0; next < size_; ++next)
        if (slash_[q][next]) result_.add_byte(behind(q), bent(next), '/');
      if (machine_.accepts(q)) result_.accept(bent(q)), result_.accept(behind(q));
    }
    result_.add_empty(Machine::start, plain(Machine::start));
    absolute();
    relative();
  }

  // They end a name of the path: what comes next is a slash, or nothing.
  void add_detours(State q, const States& there) {
    for (State next = 0; next < size_; ++next) {
      if (!there[next]) continue;
      result_.add_empty(plain(q), behind(next));
      result_.add_empty(bent(q), behind(next));
    }
  }

  // Above the root is the root.
  void absolute() {
    States at;
    at.set(Machine::start);
    States there = closure(detour_[Machine::start], detour_) | after_up(at);
    for (States before; before != there;) {
      before = there;
      there |= after_up(there) | closure(there, detour_);
    }
    add_detours(Machine::start, there);
    const State root = result_.add_state();
    result_.add_byte(Machine::start, root, '/');
    if (accepts_one(there)) result_.accept(root);
  }

  // Behind whatever directory; and `..` leads to whatever one.
  void relative() {
    States begins, everywhere;
    begins.set(Machine::start);
    for (States before; before != begins;) {
      before = begins;
      const States dots = after(begins, dot_), back = there_and_back(begins);
      everywhere = dots | after(dots, dot_) | back;
      begins |= after(closure(everywhere, detour_), slash_);
    }
    const State above = result_.add_state(), anything = result_.add_state();
    result_.add_empty(Machine::start, above);
    result_.add_edge(above, above, 1, 255);
    result_.add_edge(Machine::start, anything, 1, 255);
    result_.add_edge(anything, anything, 1, 255);
    if (accepts_one(closure(everywhere, detour_))) result_.accept(anything);
    for (State q = 0; q < size_; ++q)
      if (begins[q]) result_.add_byte(above, bent(q), '/');
  }

  const Machine& machine_;
  std::size_t size_;
  std::vector<States> slash_, dot_, byte_;
  std::vector<States> detour_;  // from the end of a name to the end of a detour
  Machine result_;
};

}  // namespace

std::optional<std::vector<sets::PathPattern>> paths_spelled_otherwise(const Machine& machine, std::string_view words) {
  const auto plain = without_empty_moves(machine);
  return plain && plain->size() <= most_states ? Detours(*plain).run(words) : std::nullopt;
}

}  // namespace polc::systrace::syntax
