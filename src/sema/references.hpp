// Definitions that refer to each other: does every chain of them come to an end, and soon enough?
//   ReferenceCheck<Binding> check(next, on_cycle, on_depth);   if (check.is_sound(binding)) ...
// Values (`let a = "$b/x"`) and abstractions (`use b`) ask the same question.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace polc::sema {

/// Chains longer than this are errors: whatever walks along them may then call itself.
inline constexpr unsigned deepest_reference = 32;

/// Part of every definition that is checked; worked out once.
struct ReferenceState {
  enum class Kind : std::uint8_t { unchecked, visiting, sound, unsound };
  Kind kind = Kind::unchecked;
  std::uint8_t height = 0;  // of the longest chain that starts here, when sound
};

/// `Node` has a `mutable ReferenceState references`.
template <class Node>
class ReferenceCheck {
 public:
  using Follow = std::function<void(const Node&)>;
  using Next = std::function<void(const Node&, const Follow&)>;       // calls Follow for each node referred to
  using OnCycle = std::function<void(std::span<const Node* const>)>;  // each refers to the next, the last to the first
  using OnDepth = std::function<void(const Node&)>;

  ReferenceCheck(Next next, OnCycle on_cycle, OnDepth on_depth)
      : next_(std::move(next)), on_cycle_(std::move(on_cycle)), on_depth_(std::move(on_depth)) {}

  /// False: a cycle or too long a chain starts here or further on, and is reported.
  bool is_sound(const Node& node) {
    using Kind = ReferenceState::Kind;
    switch (node.references.kind) {
      case Kind::sound: return true;
      case Kind::unsound: return false;
      case Kind::visiting: on_cycle_(std::span(chain_).subspan(place_in_chain(node))); return false;
      case Kind::unchecked: break;
    }
    if (chain_.size() >= deepest_reference) {
      on_depth_(node);
      return false;  // still unchecked: it may be sound by itself
    }
    visit(node);
    return node.references.kind == Kind::sound;
  }

 private:
  void visit(const Node& node) {
    node.references.kind = ReferenceState::Kind::visiting;
    chain_.push_back(&node);
    bool sound = true;
    unsigned height = 1;
    next_(node, [&](const Node& other) {
      if (is_sound(other)) height = std::max(height, other.references.height + 1u);
      else sound = false;
    });
    chain_.pop_back();
    if (sound && height > deepest_reference) {
      on_depth_(node);
      sound = false;
    }
    node.references.kind = sound ? ReferenceState::Kind::sound : ReferenceState::Kind::unsound;
    node.references.height = static_cast<std::uint8_t>(std::min(height, deepest_reference));
  }

  std::size_t place_in_chain(const Node& node) const {
    return static_cast<std::size_t>(std::find(chain_.begin(), chain_.end(), &node) - chain_.begin());
  }

  Next next_;
  OnCycle on_cycle_;
  OnDepth on_depth_;
  std::vector<const Node*> chain_;
};

}  // namespace polc::sema
