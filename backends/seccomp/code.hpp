// A filter as a graph, before it has places: answers, loads, masks and jumps, each stored once.
// A node says what to do with whatever the accumulator holds, so equal tails are shared although they stand behind
// different loads; what the accumulator must hold is the caller's matter (lower.cpp keeps it in its keys).
#pragma once

#include <cstdint>
#include <vector>

#include "seccomp/instruction.hpp"

namespace polc::seccomp {

using CodeId = std::uint32_t;

struct CodeNode {
  std::uint16_t code = op::answer;  // answer, load, mask, or one of the conditional jumps
  std::uint32_t k = 0;
  CodeId yes = 0;  // load and mask: what follows
  CodeId no = 0;
  bool operator==(const CodeNode&) const = default;
};

class Code {
 public:
  CodeId answer(Action action) { return add({op::answer, action, 0, 0}); }
  CodeId load(std::uint32_t offset, CodeId next) { return add({op::load, offset, next, next}); }
  CodeId mask(std::uint32_t bits, CodeId next) { return add({op::mask, bits, next, next}); }
  /// One of op::equal, at_least, greater, any_bit. Two equal ways are no jump, and bits that the next jump asks for the same way are
  /// asked for at once.
  CodeId jump(std::uint16_t code, std::uint32_t k, CodeId yes, CodeId no) {
    if (code == op::any_bit) {
      const CodeNode &if_some = nodes_[yes], &if_none = nodes_[no];
      if (if_some.code == op::any_bit && (k & ~if_some.k) == 0) yes = if_some.yes;
      if (if_none.code == op::any_bit && (if_none.k & ~k) == 0) no = if_none.no;
      else if (if_none.code == op::any_bit && if_none.yes == yes) k |= if_none.k, no = if_none.no;
    }
    return yes == no ? yes : add({code, k, yes, no});
  }
  const CodeNode& operator[](CodeId id) const { return nodes_[id]; }
  std::size_t size() const { return nodes_.size(); }

 private:
  // Open addressing: a place holds a node's id + 1, at most half of the places do.
  CodeId add(const CodeNode& node) {
    if (2 * (nodes_.size() + 1) > places_.size()) grow();
    CodeId& place = places_[place_of(node)];
    if (place == 0) {
      nodes_.push_back(node);
      place = static_cast<CodeId>(nodes_.size());
    }
    return place - 1;
  }

  std::size_t place_of(const CodeNode& node) const {
    const std::uint64_t left = (static_cast<std::uint64_t>(node.code) << 32 | node.k) * 0x9E37'79B9'7F4A'7C15u;
    const std::uint64_t right = (static_cast<std::uint64_t>(node.yes) << 32 | node.no) * 0xBF58'476D'1CE4'E5B9u;
    const std::uint64_t mixed = left ^ right;
    std::size_t at = (mixed ^ mixed >> 29) & (places_.size() - 1);
    while (places_[at] != 0 && nodes_[places_[at] - 1] != node) at = (at + 1) & (places_.size() - 1);
    return at;
  }

  void grow() {
    places_.assign(places_.empty() ? 64 : 2 * places_.size(), 0);
    for (std::size_t i = 0; i < nodes_.size(); ++i) places_[place_of(nodes_[i])] = static_cast<CodeId>(i + 1);
  }

  std::vector<CodeNode> nodes_;
  std::vector<CodeId> places_;  // a power of two of them
};

}  // namespace polc::seccomp
