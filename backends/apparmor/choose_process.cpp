// Capabilities, signals and ptrace.
#include "apparmor/choose.hpp"
#include "knowledge/names.hpp"

namespace polc::apparmor {
namespace {

using ir::Verdict;
using target::Feature;

constexpr std::uint64_t every_capability = ~std::uint64_t{0};

// ABI 3.0 is older than checkpoint_restore (40), and there the parser takes its name for sys_admin without a word.
std::uint64_t named_capabilities(Abi abi) {
  std::uint64_t bits = 0;
  for (const auto& [name, number] : knowledge::capabilities())
    if (abi != Abi::v3 || number != 40) bits |= std::uint64_t{1} << number;
  return bits;
}

/// The peers that bear the profile's own name.
bool is_own(const ir::Peer& peer, const ir::Policy& policy) {
  switch (peer.kind) {
    case ir::Peer::Kind::self:
    case ir::Peer::Kind::children: return true;
    case ir::Peer::Kind::policy: return peer.policy == policy.name;
    case ir::Peer::Kind::other: return false;
  }
  return false;
}

void add_line(const Wish& wish, const ir::PeerBox& box, std::optional<std::string> profile, Ruleset& ruleset) {
  ruleset.peers.push_back({line_for(wish, box), box.kind, box.what, std::move(profile)});
}

}  // namespace

void choose_capability(const Wish& wish, const ir::CapabilityBox& box, const target::Settings& settings, Ruleset& ruleset) {
  const auto meets = [&](const ir::CapabilityBox& allowed) { return (allowed.capabilities & box.capabilities) != 0; };
  if (!wish.is_allow() && !options_of(settings).is_unknown() && !is_allowed<ir::CapabilityBox>(wish.source.policy, meets)) return;
  const bool is_every = box.capabilities == every_capability;
  const std::uint64_t known =
      is_every ? every_capability : box.capabilities & named_capabilities(options_of(settings).abi);
  if (known != 0) {
    const RuleLine line = line_for(wish, ir::CapabilityBox{known});
    if (is_every) ruleset.capabilities.push_back({line, ""});
    for (const auto& [name, number] : knowledge::capabilities())
      if (!is_every && ((known >> number) & 1u) != 0) ruleset.capabilities.push_back({line, name});
  }
  const std::uint64_t rest = box.capabilities & ~known;
  if (rest != 0) wish.gap(ir::CapabilityBox{rest}, wish.is_allow() ? Verdict::narrower : Verdict::unmediated, Feature::capability);
}

// A rule names the peer's profile. All processes of a profile are alike: the process itself, its children, and others
// that some other program started.
void choose_peer(const Wish& wish, const ir::PeerBox& box, const target::Settings& settings, Ruleset& ruleset) {
  const ir::Policy& policy = wish.source.policy;
  const auto meets = [&](const ir::PeerBox& allowed) { return allowed.kind == box.kind && (allowed.what & box.what) != 0; };
  if (box.what == 0 || (!wish.is_allow() && !options_of(settings).is_unknown() && !is_allowed<ir::PeerBox>(policy, meets))) return;
  if (box.any_peer) return add_line(wish, box, std::nullopt, ruleset);
  ir::PeerBox own = box;
  own.peers.clear();
  for (const ir::Peer& peer : box.peers) {
    if (is_own(peer, policy)) {
      own.peers.push_back(peer);
      continue;
    }
    ir::PeerBox one = box;
    one.peers = {peer};
    // A process that no policy governs has no name to tell it by: to allow one is to allow all, and to deny one cannot be said.
    if (peer.kind == ir::Peer::Kind::policy) add_line(wish, one, sibling_name(peer.policy, settings), ruleset);
    else if (wish.is_allow()) add_line(wish, one, std::nullopt, ruleset);
  }
  if (!own.peers.empty()) add_line(wish, own, profile_name(policy, settings), ruleset);
}

}  // namespace polc::apparmor
