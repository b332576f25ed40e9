#include "apparmor/permits.hpp"

#include <algorithm>

#include "target/features.hpp"

namespace polc::apparmor {
namespace {

template <class Rules, class Test>
bool any_is(const Rules& rules, const Test& test) {
  return std::any_of(rules.begin(), rules.end(), test);
}

/// Is something permitted or refused that nobody can know from the text alone?
bool is_uncertain(const ReadProfile& profile) {
  return !profile.abstractions.empty() ||
         any_is(profile.words, [](const ReadWord& rule) { return rule.is_uncertain(); }) ||
         any_is(profile.peers, [](const ReadPeer& rule) { return rule.is_uncertain(); }) ||
         any_is(profile.paths, [](const ReadPath& rule) { return !rule.places || rule.open || rule.other; }) ||
         any_is(profile.links, [](const ReadLink& rule) { return !rule.name || !rule.target || rule.other; });
}

bool has_subset_links(const ReadProfile& profile) {
  return any_is(profile.paths, [](const ReadPath& rule) { return !rule.deny && (rule.permissions & may_link) != 0; }) ||
         any_is(profile.links, [](const ReadLink& rule) { return !rule.deny && rule.is_subset; });
}

}  // namespace

eval::Meaning permitted_by(const ReadProfile& profile, const PolicyNames& names) {
  return Permits(profile, names).run();
}

Permits::Permits(const ReadProfile& profile, const PolicyNames& names)
    : profile_(profile),
      names_(names),
      is_uncertain_(polc::apparmor::is_uncertain(profile)),
      has_subset_links_(polc::apparmor::has_subset_links(profile)) {}

eval::Meaning Permits::run() {
  if (profile_.unconfined != 0) return unconfined();
  files();
  networks();
  calls();
  processes();
  if (!profile_.abstractions.empty()) abstractions();
  const bool renames = leave_out_impossible_renames();
  const auto formula_of = [&](std::uint8_t first, bool is_sure) {
    eval::Formula formula{{static_cast<std::uint8_t>(first + single)}};
    if (renames) {
      auto& product = formula.emplace_back();
      for (const Plane plane : {from_r, from_w, to_w}) product.push_back(static_cast<std::uint8_t>(first + plane));
    }
    add_subset_links(formula, is_sure);
    return formula;
  };
  return eval::make_meaning(std::move(parts_), Os::linux_os, false,
                            {formula_of(0, false), formula_of(is_uncertain_ ? first_sure : 0, true)});
}

void Permits::add_at(ir::Box box, At at, std::uint8_t plane, std::uint8_t rank) {
  const bool is_allow = at.effect == ir::Effect::allow;
  const auto sure = static_cast<std::uint8_t>(plane + first_sure);
  if (is_uncertain_ && plane < first_sure && !(at.is_maybe && is_allow))
    parts_.push_back({at.effect, box, {}, false, rank, sure, at.line});
  if (!at.is_maybe || is_allow) parts_.push_back({at.effect, std::move(box), {}, false, rank, plane, at.line});
}

// Profiles with that flag are loaded and refuse nothing, whatever their rules say.
eval::Meaning Permits::unconfined() const {
  std::vector<eval::Part> all;
  for (const ir::AccessClass klass :
       {ir::AccessClass::file, ir::AccessClass::net, ir::AccessClass::process, ir::AccessClass::syscall})
    for (ir::Box& box : target::everything(klass, Os::linux_os))
      all.push_back({ir::Effect::allow, std::move(box), {}, false, 0, 0, profile_.unconfined});
  return eval::make_meaning(std::move(all), Os::linux_os, false);
}

// Nothing is known of what an abstraction permits, so all that no deny takes is possible; of any other file, nor of
// what it denies. Only what is looked at needs a part.
void Permits::abstractions() {
  for (const ReadInclude& one : profile_.abstractions)
    if (&one == &profile_.abstractions.front() || one.may_deny) abstraction(one);
}

void Permits::abstraction(const ReadInclude& one) {
  everything({ir::Effect::allow, one.line, true});
  if (one.may_deny) everything({ir::Effect::deny, one.line, true});
}

void Permits::everything(At at) {
  for (const ir::AccessClass klass : {ir::AccessClass::file, ir::AccessClass::net, ir::AccessClass::process})
    for (ir::Box& box : target::everything(klass, Os::linux_os)) {
      auto* pairs = std::get_if<ir::PairBox>(&box);
      if (pairs != nullptr) {
        pairs->verbs = {FileVerb::rename};
        for (const Plane plane : {from_r, from_w, to_w}) add(box, at, plane);
        pairs->verbs = {FileVerb::link};
      }
      add(std::move(box), at);
    }
  for (ir::CallBox& calls : calls_looked_at(profile_.is_old())) add(std::move(calls), at);
}

// Other processes by their profile's name; the process itself, its children and strangers of one name are alike.
// Accounts and times are nobody's to look at.
void Permits::processes() {
  for (ir::Box& box : target::everything(ir::AccessClass::process, Os::linux_os))
    if (std::holds_alternative<ir::IdentityBox>(box)) stays(std::move(box));
  for (const ReadCapability& rule : profile_.capabilities) add(ir::CapabilityBox{rule.bits}, of(rule));
  for (const ReadPeer& rule : profile_.peers) peer(rule);
}

void Permits::peer(const ReadPeer& rule) {
  if (rule.is_unknown) return add(ir::PeerBox{rule.kind, rule.what, true, {}}, of(rule, true));
  const bool is_anybody = !rule.peer || rule.peer->is_everything();
  ir::PeerBox box{rule.kind, rule.what, is_anybody, {}};
  if (is_anybody) return add(std::move(box), of(rule));
  const At maybe = of(rule, true);
  if (!rule.peer->is_exact()) add(ir::PeerBox{rule.kind, rule.what, true, {}}, maybe);
  if (rule.is_stranger()) return add(ir::PeerBox{rule.kind, rule.what, false, {{ir::Peer::Kind::other, ""}}}, maybe);
  for (const auto& [profile, policy] : names_.known()) {
    if (!rule.peer->matches(profile)) continue;
    if (profile == profile_.name)
      box.peers.insert(box.peers.end(), {{ir::Peer::Kind::self, ""}, {ir::Peer::Kind::children, ""}});
    box.peers.push_back({ir::Peer::Kind::policy, policy});
  }
  if (rule.peer->is_exact() && box.peers.empty()) box.peers = {{ir::Peer::Kind::policy, rule.peer->prefix()}};
  std::sort(box.peers.begin(), box.peers.end());
  if (!box.peers.empty()) add(std::move(box), of(rule));
}

}  // namespace polc::apparmor
