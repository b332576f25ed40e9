#include "seccomp/assemble.hpp"

#include <algorithm>

#include "support/check.hpp"

namespace polc::seccomp {
namespace {

// Written from the end to the beginning, so that every target has its place when the jump to it is written: place n is
// the nth instruction from the end.
class Assembler {
 public:
  Assembler(const Code& code) : code_(code), places_(code.size(), nowhere), sizes_(code.size(), 0) {}

  Assembled run(CodeId root) {
    put(root);
    std::reverse(result_.program.begin(), result_.program.end());
    std::reverse(result_.origin.begin(), result_.origin.end());
    return std::move(result_);
  }

 private:
  static constexpr std::uint32_t nowhere = ~std::uint32_t{0};
  static constexpr std::uint32_t reach = 255;

  std::uint32_t head() const { return static_cast<std::uint32_t>(result_.program.size()); }
  bool is_within(CodeId id, std::uint32_t distance) const {
    return places_[id] != nowhere && head() - places_[id] - 1 <= distance;
  }

  void write(const Instruction& instruction, CodeId origin) {
    result_.program.push_back(instruction);
    result_.origin.push_back(origin);
  }

  // The node's instructions now begin at the head.
  void put(CodeId id) {
    const CodeNode& node = code_[id];
    if (node.code == op::load || node.code == op::mask) {
      follow(node.yes);
      write({node.code, 0, 0, node.k}, id);
    } else if (node.code == op::answer) {
      write({node.code, 0, 0, node.k}, id);
    } else {
      branch(id);
    }
    places_[id] = head() - 1;
  }

  // What comes next must stand at the head.
  void follow(CodeId id) {
    if (places_[id] == head() - 1 && places_[id] != nowhere) return;
    if (places_[id] == nowhere) put(id);
    else repeat(id);
  }

  // The node stands too far off, or not at the head: an instruction that does the same.
  void repeat(CodeId id) {
    const CodeNode& node = code_[id];
    const bool is_jump = node.code != op::load && node.code != op::mask && node.code != op::answer;
    if (node.code == op::answer) {
      write({node.code, 0, 0, node.k}, id);
    } else if (is_jump && is_within(node.yes, reach) && is_within(node.no, reach)) {
      jump(id);
    } else {
      write({op::always, 0, 0, head() - places_[id] - 1}, id);
      return;  // the far jump is no better a place for others than the node itself, unless that is out of reach
    }
    places_[id] = head() - 1;
  }

  void jump(CodeId id) {
    const CodeNode& node = code_[id];
    const auto distance = [&](CodeId to) { return static_cast<std::uint8_t>(head() - places_[to] - 1); };
    write({node.code, distance(node.yes), distance(node.no), node.k}, id);
  }

  void branch(CodeId id) {
    const CodeNode& node = code_[id];
    // The larger side is written first, further back: the other one is then the shorter way to jump over.
    const bool yes_first = size_of(node.yes) >= size_of(node.no);
    const CodeId sides[] = {yes_first ? node.yes : node.no, yes_first ? node.no : node.yes};
    for (const CodeId side : sides)
      if (!is_within(side, reach) && code_[side].code != op::answer && places_[side] == nowhere) put(side);
    // Bringing one side near moves the other one away by an instruction.
    for (int round = 0; round < 3; ++round)
      for (const CodeId side : sides)
        if (!is_within(side, reach)) bring(side);
    jump(id);
  }

  void bring(CodeId id) {
    if (places_[id] == nowhere) return put(id);
    repeat(id);
    places_[id] = head() - 1;
  }

  // An upper bound without sharing, cut off: only the order depends on it.
  std::uint32_t size_of(CodeId id) {
    if (sizes_[id] != 0) return sizes_[id];
    const CodeNode& node = code_[id];
    std::uint32_t size = 1;
    if (node.code == op::load || node.code == op::mask) size += size_of(node.yes);
    else if (node.code != op::answer) size += size_of(node.yes) + size_of(node.no);
    return sizes_[id] = std::min<std::uint32_t>(size, 1u << 20);
  }

  const Code& code_;
  std::vector<std::uint32_t> places_, sizes_;
  Assembled result_;
};

}  // namespace

Assembled assemble(const Code& code, CodeId root) { return Assembler(code).run(root); }

}  // namespace polc::seccomp
