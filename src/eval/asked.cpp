#include "eval/asked.hpp"

#include <algorithm>

#include "eval/rule_parameters.hpp"
#include "knowledge/relation.hpp"

namespace polc::eval {
namespace {

// A protocol set of more than this many numbers is not spelled out: its socket call is brought for all of them.
constexpr std::uint64_t spelled_out_at_most = 16;

std::vector<std::uint32_t> spelled_out(const sets::NumberSet& protocols) {
  std::uint64_t count = 0;
  for (const auto& interval : protocols.intervals()) count += std::uint64_t{interval.high} - interval.low + 1;
  std::vector<std::uint32_t> result;
  if (count > spelled_out_at_most) return result;
  for (const auto& interval : protocols.intervals())
    for (std::uint64_t n = interval.low; n <= interval.high; ++n) result.push_back(static_cast<std::uint32_t>(n));
  return result;
}

FileVerbs with_implied(FileVerbs verbs) {
  FileVerbs result = verbs;
  for (const auto& [of, also] : knowledge::implied_file_verbs())
    if (verbs.contains(of)) result.insert(also);
  return result;
}

bool brings_socket(NetVerb verb) { return verb == NetVerb::connect || verb == NetVerb::bind || verb == NetVerb::send; }

NetVerbs with_implied(const ir::NetBox& box) {
  const bool udp = box.types.contains(SocketType::dgram) && (box.protocols.contains(0) || box.protocols.contains(17)) &&
                   (box.family == Family::inet || box.family == Family::inet6);
  if (!udp || !box.verbs.contains(NetVerb::connect)) return box.verbs;
  return box.verbs | NetVerbs{NetVerb::send, NetVerb::receive};
}

To whom(const ir::PeerBox& box) {
  if (box.any_peer) return To::others;
  const auto is_self = [](const ir::Peer& peer) { return peer.kind == ir::Peer::Kind::self; };
  if (std::all_of(box.peers.begin(), box.peers.end(), is_self)) return To::self;
  const auto is_near = [&](const ir::Peer& peer) { return is_self(peer) || peer.kind == ir::Peer::Kind::children; };
  return std::all_of(box.peers.begin(), box.peers.end(), is_near) ? To::children : To::others;
}

class Collector {
 public:
  explicit Collector(Asked& asked) : asked_(asked) {}

  void add(const ir::Rule& rule, ir::RuleId id) {
    rule_ = id;
    any_protocol_ = std::any_of(rule.boxes.begin(), rule.boxes.end(), [](const ir::Box& box) {
      const auto* net = std::get_if<ir::NetBox>(&box);
      return net != nullptr && net->family == Family::other;
    });
    for (const ir::Box& box : rule.boxes) std::visit([&](const auto& b) { add(b); }, box);
    add(rule.acts);
  }

 private:
  void add(const ir::FileBox& box) {
    with_implied(box.verbs).for_each([&](FileVerb verb) {
      box.types.for_each([&](FileType type) {
        FileUse& use = asked_.files[{verb, type}];
        note(use.rules);
        use.modes.insert(box.mode);
        if (verb == FileVerb::ioctl) use.requests = use.requests | box.requests;
      });
    });
  }
  void add(const ir::PairBox& box) {
    box.verbs.for_each([&](FileVerb verb) {
      box.types.for_each([&](FileType type) { note(asked_.files[{verb, type}].rules); });
    });
  }
  void add(const ir::NetBox& box) {
    with_implied(box).for_each([&](NetVerb verb) {
      const bool makes = !any_protocol_ && brings_socket(verb);
      box.types.for_each([&](SocketType type) {
        note(asked_.nets[{verb, box.family, type, makes,
                          makes ? spelled_out(box.protocols) : std::vector<std::uint32_t>{}}]);
      });
    });
  }
  void add(const ir::CallBox&) {}
  // What the calls of several acts do at once; those of each alone are the rules' own.
  void add(const std::vector<ir::Act>& acts) {
    std::uint64_t kinds = 0;
    for (const ir::Act& act : acts) {
      if (act.name == "fork") note(asked_.forks);
      if (act.name == "namespace") kinds |= knowledge::namespace_kinds(act.member);
    }
    if (kinds == 0) return;
    asked_.one_makes_all = (asked_.kinds & ~kinds) == 0 || (asked_.one_makes_all && (kinds & ~asked_.kinds) == 0);
    asked_.kinds |= kinds;
    note(asked_.namespaces);
  }
  void add(const ir::IdentityBox& box) {
    Asked::Ids& ids = asked_.ids[box.kind];
    ids.ids = ids.ids | ids_of(box, true);
    note(ids.rules);
  }
  void add(const ir::CapabilityBox& box) {
    for (unsigned n = 0; n < 64; ++n)
      if ((box.capabilities >> n) & 1u) note(asked_.capabilities[n]);
  }
  void add(const ir::PeerBox& box) {
    Asked::Bits& bits = box.kind == ir::PeerKind::signal ? asked_.signals[whom(box)] : asked_.ptrace;
    bits.bits |= box.what;
    note(bits.rules);
  }

  // Rules come in their order.
  void note(Rules& rules) const {
    if (rules.empty() || rules.back() != rule_) rules.push_back(rule_);
  }

  Asked& asked_;
  ir::RuleId rule_;
  bool any_protocol_ = false;
};

}  // namespace

Asked asked_by(const ir::Policy& policy) {
  Asked asked;
  Collector collector(asked);
  for (std::uint32_t i = 0; i < policy.rules.size(); ++i)
    if (policy.rules[i].effect == ir::Effect::allow) collector.add(policy.rules[i], ir::RuleId{i});
  return asked;
}

}  // namespace polc::eval
