// Capabilities, signals and ptrace.
#include <algorithm>

#include "apparmor/project.hpp"
#include "knowledge/names.hpp"

namespace polc::apparmor {
namespace {

using ir::Verdict;
using target::Feature;

// ABI 3.0 is older than checkpoint_restore (40), and there the parser takes its name for sys_admin without a word.
std::uint64_t named_capabilities(Abi abi) {
  std::uint64_t bits = 0;
  for (const auto& [name, number] : knowledge::capabilities())
    if (abi != Abi::v3 || number != 40) bits |= std::uint64_t{1} << number;
  return bits;
}

/// Visits the boxes of one kind that the policy allows.
template <class Box, class Visitor>
void for_each_allowed(const ir::Policy& policy, Visitor&& visit) {
  for (const ir::Rule& rule : policy.rules)
    if (rule.effect == ir::Effect::allow)
      for (const ir::Box& box : rule.boxes)
        if (const auto* one = std::get_if<Box>(&box)) visit(*one);
}

std::uint64_t allowed_capabilities(const ir::Policy& policy) {
  std::uint64_t bits = 0;
  for_each_allowed<ir::CapabilityBox>(policy, [&](const ir::CapabilityBox& box) { bits |= box.capabilities; });
  return bits;
}

bool is_opened(const ir::Policy& policy, const ir::PeerBox& box) {
  bool opened = false;
  for_each_allowed<ir::PeerBox>(policy, [&](const ir::PeerBox& allowed) {
    opened |= allowed.kind == box.kind && (allowed.what & box.what) != 0;
  });
  return opened;
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

void add_peers(Request& request, const ir::PeerBox& box, ir::PeerBox meaning) {
  if (!request.is_allow() && !request.is_open() && !is_opened(request.policy, box))
    return request.add(Form::nothing, box, {box});
  const bool named = std::any_of(box.peers.begin(), box.peers.end(),
                                 [](const ir::Peer& p) { return p.kind == ir::Peer::Kind::other; });
  if (named && !request.is_allow()) return request.lack(box, Verdict::unmediated, Feature::signal);
  request.add(Form::peers, box, {std::move(meaning)},
              {box.kind == ir::PeerKind::signal ? Feature::signal : Feature::ptrace});
}

}  // namespace

void project_capability(Request& request, const ir::CapabilityBox& box) {
  constexpr std::uint64_t every = ~std::uint64_t{0};
  if (!request.is_allow() && !request.is_open() && (allowed_capabilities(request.policy) & box.capabilities) == 0)
    return request.add(Form::nothing, box, {box});
  const std::uint64_t known =
      box.capabilities == every ? every : box.capabilities & named_capabilities(abi_of(request.settings));
  if (known != 0) request.add(Form::capability, ir::CapabilityBox{known}, {ir::CapabilityBox{known}});
  if (known == box.capabilities) return;
  const ir::CapabilityBox rest{box.capabilities & ~known};
  request.lack(rest, request.is_allow() ? Verdict::narrower : Verdict::unmediated, Feature::capability);
}

// A rule names the peer's profile. All processes of a profile are alike: the process itself, its children, and others
// that some other program started.
void project_peer(Request& request, const ir::PeerBox& box) {
  if (box.what == 0) return;
  if (box.any_peer) return add_peers(request, box, box);
  ir::PeerBox own = box;
  own.peers.clear();
  for (const ir::Peer& peer : box.peers) {
    if (is_own(peer, request.policy)) {
      own.peers.push_back(peer);
      continue;
    }
    ir::PeerBox one = box;
    one.peers = {peer};
    ir::PeerBox meaning = one;
    // A process that no policy governs has no name to tell it by.
    if (peer.kind == ir::Peer::Kind::other) meaning.any_peer = true, meaning.peers.clear();
    add_peers(request, one, std::move(meaning));
  }
  if (own.peers.empty()) return;
  ir::PeerBox meaning = own;
  meaning.peers = {
      {ir::Peer::Kind::self, ""}, {ir::Peer::Kind::children, ""}, {ir::Peer::Kind::policy, request.policy.name}};
  add_peers(request, own, std::move(meaning));
}

}  // namespace polc::apparmor
