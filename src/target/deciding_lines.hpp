// Which lines of an artefact decide an access, and which parts of the policy stand behind them: whom to blame for a difference.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "eval/lookup.hpp"
#include "target/ruleset.hpp"

namespace polc::target {

/// The kind of an access, a call's being the call. Reading a symbolic link is another thing than reading a file.
using Kind = std::pair<std::size_t, unsigned>;
Kind kind_at(const ir::Point& point);
/// Does the box speak of accesses of the point's kind?
bool concerns(const ir::Box& box, const ir::Point& point);
/// Are its words of that kind? Of reading symbolic links those that name no other type.
bool is_about(const ir::Box& box, const ir::Point& point);

/// The source, the text and the set that was read from it must outlive it.
class DecidingLines {
 public:
  DecidingLines(const Source& source, const std::vector<Gap>& gaps, const Printed& printed, const eval::Meaning& permits)
      : source_(source), gaps_(gaps), origins_(printed.origins), permits_(permits), lookup_(permits) {}

  /// Places in the parts of the set that was read.
  std::vector<std::uint32_t> at(const ir::Point& point) { return lookup_.deciding_parts(point); }
  ir::Effect effect_of(std::uint32_t place) const { return permits_.parts()[place].effect; }

  /// nullptr: no line of the policy's rules, but the target's default, or what polc prints for everybody.
  const Origin* origin_of(std::uint32_t place, const ir::Point& point) const;
  /// Is there no line of the policy's rules among those that decide it?
  bool is_free(const ir::Point& point);
  /// The places that decide it, and of a rename, which several lines decide at once, those that let the names be changed, if there
  /// are such: not what only reads.
  std::vector<std::uint32_t> opening(const ir::Point& point);
  /// Does no line at all decide it, or one of which nobody knows what it permits?
  bool is_default(const ir::Point& point);

  /// The parts behind a line that an access of this kind is about: those that speak of such accesses, or what comes nearest. Many
  /// accesses of one kind differ at a line that thousands of parts stand behind, so it is told once.
  struct Behind {
    std::vector<std::uint32_t> all;
    std::vector<std::uint32_t> untold;  // those of which something is still to be noted
  };
  Behind& behind(std::uint32_t place, const Origin& origin, const ir::Point& point);

 private:
  std::vector<std::uint32_t> nearest(const Origin& origin, ir::Effect effect, const ir::Point& point) const;
  std::vector<std::uint32_t> bringing(const Origin& origin, ir::Effect effect, const ir::Point& point) const;

  const Source& source_;
  const std::vector<Gap>& gaps_;
  const std::vector<Origin>& origins_;
  const eval::Meaning& permits_;
  eval::Lookup lookup_;
  std::map<std::pair<std::uint32_t, Kind>, Behind> behind_;  // by part of the set and kind of access
};

}  // namespace polc::target
