// What the sides of a comparison say at an address and port, of each socket type, protocol and verb. Thousands of parts differ in
// nothing but the address and port, which decide only whether they are there: so it is worked out once for each set of shapes.
// Private to src/eval.
#pragma once

#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "eval/compare_parts.hpp"

namespace polc::eval {

/// A part of one side, among those of one family.
struct NetCandidate {
  std::size_t side = 0;
  std::uint32_t place = 0;  // in the side's parts
  std::uint32_t shape = 0;  // equal where all but address and port is equal
  const ir::NetBox* box = nullptr;
};
/// Places in a list of candidates, ascending.
using NetGroup = std::vector<std::uint32_t>;

/// Every part of the family.
std::vector<NetCandidate> net_candidates(const Comparison& comparison, Family family);

/// Verbs that say nothing of each other: what a part says of binding cuts nothing of what another says of connecting.
inline constexpr NetVerbs verb_classes[] = {
    {NetVerb::connect, NetVerb::send, NetVerb::receive}, {NetVerb::bind}, {NetVerb::listen}, {NetVerb::accept}};

class NetAnswers {
 public:
  /// An access of which some term holds, wherever these candidates are there.
  struct Answer {
    std::uint32_t kind = 0;  // of sockets
    NetVerb verb{};
    TermSet terms = 0;
  };

  NetAnswers(const Comparison& comparison, const std::vector<NetCandidate>& candidates, Family family);

  /// By kind, then verb; nullptr: too complex. It stays where it is.
  const std::vector<Answer>* of(const NetGroup& group, NetVerbs verbs);
  /// The access itself, at an address and port.
  bool visit(ir::NetPoint point, const Answer& answer) const;

 private:
  struct Kind {
    SocketType type;
    std::uint32_t protocol;
  };
  using Shapes = std::vector<std::uint32_t>;

  static std::vector<Kind> kinds_of(const std::vector<NetCandidate>& candidates, Family family);
  std::vector<Answer> work_out(const Shapes& shapes, NetVerbs verbs);
  Membership written(const Shapes& shapes, const Kind& kind, NetVerb verb);
  Membership membership(const Shapes& shapes, const Kind& kind, NetVerb verb);
  void decide_by_order(unsigned side, Membership& result);

  const Comparison& comparison_;
  const std::vector<NetCandidate>& candidates_;
  bool is_internet_;
  std::vector<Kind> kinds_;
  std::vector<std::uint32_t> of_shape_;              // a candidate of each
  std::vector<std::vector<std::uint32_t>> ranked_;  // of each side that is not plain: the parts at the point
  std::map<std::pair<std::uint32_t, Shapes>, std::vector<Answer>> known_;
};

}  // namespace polc::eval
