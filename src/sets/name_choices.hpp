// Which of several globs can a name match together? Every realizable combination once, each with its shortest name.
//   NameChoices choices(automata, {.forbidden = {".", ".."}});
//   choices.run(budget, nullptr)  ->  {"a", {}}, {"lib", {0}}, {"lib.so", {0, 2}} ...
//
// The globs run side by side over all names at once, shortest names first; names that were met before with the same
// continuation are not followed again.
#pragma once

#include <array>
#include <bitset>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sets/glob_automaton.hpp"
#include "sets/interned_sets.hpp"
#include "sets/path_space.hpp"

namespace polc::sets {

/// The order in which bytes are preferred in witnesses: a-z, 0-9, A-Z, `_-.`, the rest of ASCII, other bytes, control
/// characters. Without it witnesses would be full of byte 1.
const std::array<std::uint8_t, 256>& byte_ranks();

struct NameChoice {
  std::string name;
  std::vector<std::uint32_t> matched;  // which of the globs, ascending
};

struct NameRules {
  std::vector<std::string> forbidden;  // sorted: names that shall not be found
  bool crosses_slash = false;          // abstract names: may hold `/`, may be empty
};

class NameChoices {
 public:
  /// `sure`: globs that match whatever follows; `alive`: all that still can. False: what follows is of no interest.
  using MayMatter = std::function<bool(std::span<const std::uint32_t> sure, std::span<const std::uint32_t> alive)>;

  NameChoices(std::vector<const GlobAutomaton*> globs, NameRules rules);

  /// False when the budget ran out: then `found()` is incomplete. An empty `may_matter` follows everything.
  bool run(Budget& budget, const MayMatter& may_matter);
  const std::vector<NameChoice>& found() const { return found_; }

 private:
  /// What can follow after the bytes so far: positions in all globs together, and which forbidden names begin so.
  struct State {
    std::uint32_t parent;
    std::uint32_t depth;
    std::uint8_t byte;
  };
  struct Unpacked {
    std::vector<std::uint32_t> positions;  // numbered through over all globs
    std::uint32_t forbidden_begin = 0, forbidden_end = 0;
  };
  using Cuts = std::bitset<257>;
  /// Bytes that all edges of a state treat alike, shown by the most preferred one.
  struct ByteClass {
    std::uint8_t shown;
    std::vector<std::uint32_t> targets;
  };

  void add_state(const std::vector<std::uint32_t>& positions, std::uint32_t begin, std::uint32_t end, State state);
  Unpacked unpacked(std::uint32_t id) const;
  bool accept(std::uint32_t id, const Unpacked& state, Budget& budget);
  bool is_wanted(const Unpacked& state, Budget& budget, const MayMatter& may_matter) const;
  bool expand(std::uint32_t id, const Unpacked& state, Budget& budget);
  std::span<const GlobAutomaton::Edge> edges_from(std::uint32_t position) const {
    const auto glob = glob_of_[position];
    return globs_[glob]->edges_from(position - first_position_[glob]);
  }
  Cuts cuts_of(std::uint32_t depth, const Unpacked& state) const;
  std::vector<ByteClass> byte_classes(std::uint32_t depth, const Unpacked& state, std::uint64_t& work) const;
  std::pair<std::uint32_t, std::uint32_t> narrowed(const Unpacked& state, std::uint32_t depth, std::uint8_t byte) const;
  std::string name_of(std::uint32_t id) const;

  std::vector<const GlobAutomaton*> globs_;
  NameRules rules_;
  std::vector<std::uint32_t> first_position_;  // of each glob
  std::vector<std::uint32_t> glob_of_;         // of each position
  InternedSets keys_;
  std::vector<State> states_;  // by key
  InternedSets outcomes_;
  std::vector<NameChoice> found_;
};

}  // namespace polc::sets
