// Nothing is trusted: what was emitted is read back by the backend's own reader and compared with what it should permit: as
// a set where the reader can, else on the boundaries of the policy and on what the artefact mentions.
#pragma once

#include <functional>
#include <memory>

#include "driver/compile.hpp"
#include "eval/compare.hpp"

namespace polc::driver {

/// The artefact's reader. A difference is an internal error (P6014), what raw text opens is P5006 unless accepted.
std::shared_ptr<const target::Reader> proven(const TargetResult& result, diag::Sink& sink);

/// Gets a point on which an artefact differs from what should be permitted, and whether it permits it; false: enough.
using DifferenceVisitor = std::function<bool(const ir::Point&, bool permits)>;

/// What an artefact should permit: the set that was legalised, or, where raw text adds to it, all that the policy's own
/// artefact does, as its reader says.
struct Reference {
  const eval::Meaning& permitted;
  const eval::Meaning& meaning;  // of the policy: its boundaries are worth asking, too
  const target::Reader* own = nullptr;
  eval::Kinds kinds = eval::Kinds::by_answer;  // of the differences that the sets show
};

/// How many single accesses are asked where a class cannot be compared as a set: some of each rule, as on every compile, or
/// everything near what either side names.
enum class Depth : std::uint8_t { sampled, thorough };

/// Where the reader knows the artefact as a set, every access is compared and 0 is returned. Else it is asked on the
/// boundaries of each side and about what it mentions; the number of points asked is returned.
std::size_t differences(const target::Reader& reader, const Reference& reference, Depth depth, const DifferenceVisitor& visit);

}  // namespace polc::driver
