#include <algorithm>
#include <iterator>

#include "eval/compare_parts.hpp"

namespace polc::eval {
namespace {

// The dimensions of this class are small: every point that some box tells from its neighbours is listed and asked.
using Points = std::vector<ir::Point>;

void add_capabilities(const Comparison& comparison, Points& out) {
  const auto used = [](const Meaning* m) { return !m->index().capabilities.empty(); };
  if (std::none_of(comparison.sides.begin(), comparison.sides.end(), used)) return;
  for (std::uint8_t capability = 0; capability < 64; ++capability) out.emplace_back(ir::CapabilityPoint{capability});
}

void add_identities(const Comparison& comparison, Points& out) {
  for (const auto kind : {ir::IdentityKind::user, ir::IdentityKind::group}) {
    std::vector<ir::Account> accounts;
    for (const Meaning* side : comparison.sides)
      for (const std::uint32_t place : side->index().identities) {
        const auto& box = std::get<ir::IdentityBox>(side->parts()[place].box);
        if (box.kind != kind) continue;
        std::copy_if(box.accounts.begin(), box.accounts.end(), std::back_inserter(accounts), [](const ir::Account& one) { return one != ir::Account{}; });
        for (const auto& interval : box.ids.intervals()) {
          accounts.push_back({"", true, interval.low});
          if (interval.high != sets::NumberSet::maximum) accounts.push_back({"", true, interval.high + 1});
        }
        for (const auto& account : box.accounts)  // the same name under another number, the same number without its name
          if (account.has_id) accounts.insert(accounts.end(), {{account.name, false, 0}, {"", true, account.id}, {"", true, account.id + 1}});
        accounts.push_back({"", true, 0});
      }
    // A name whatever its number, under one that is nobody's.
    std::uint32_t greatest = 0;
    for (const auto& account : accounts) greatest = std::max(greatest, account.has_id ? account.id : 0);
    for (std::size_t i = 0, count = accounts.size(); i < count; ++i)
      if (!accounts[i].has_id && greatest != sets::NumberSet::maximum) accounts.push_back({accounts[i].name, true, greatest + 1});
    std::sort(accounts.begin(), accounts.end());
    accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
    for (auto& account : accounts) out.emplace_back(ir::IdentityPoint{kind, std::move(account)});
  }
}

void add_peers(const Comparison& comparison, Points& out) {
  for (const auto kind : {ir::PeerKind::signal, ir::PeerKind::ptrace}) {
    std::vector<ir::Peer> peers;
    std::uint64_t what = 0;
    for (const Meaning* side : comparison.sides)
      for (const std::uint32_t place : side->index().peers) {
        const auto& box = std::get<ir::PeerBox>(side->parts()[place].box);
        if (box.kind != kind) continue;
        what |= box.what;
        peers.insert(peers.end(), box.peers.begin(), box.peers.end());
        peers.insert(peers.end(), {{ir::Peer::Kind::self, ""}, {ir::Peer::Kind::children, ""}, {ir::Peer::Kind::other, ""}});
      }
    std::sort(peers.begin(), peers.end());
    peers.erase(std::unique(peers.begin(), peers.end()), peers.end());
    for (std::uint8_t bit = 0; bit < 64; ++bit)
      if ((what >> bit) & 1u)
        for (const auto& peer : peers) out.emplace_back(ir::PeerPoint{kind, bit, peer});
  }
}

Membership membership_of(const Comparison& comparison, const ir::Point& point) {
  Membership result;
  for (unsigned i = 0; i < comparison.sides.size(); ++i) {
    const Meaning& meaning = *comparison.sides[i];
    if (decide(meaning, point).allowed) result.allowed |= side(i);
    if (surely_allows(meaning, point)) result.sure |= side(i);
    for (const std::uint32_t place : parts_at(meaning, point))
      if (meaning.parts()[place].effect == ir::Effect::deny) result.denied |= side(i);
  }
  return result;
}

}  // namespace

Walk compare_process(const Comparison& comparison) {
  Points points;
  add_capabilities(comparison, points);
  add_identities(comparison, points);
  add_peers(comparison, points);
  for (const ir::Point& point : points) {
    if (!comparison.budget.spend(16)) return Walk::too_complex;
    const TermSet terms = terms_holding(comparison.terms, membership_of(comparison, point));
    if (terms != 0 && !comparison.visit(point, terms)) return Walk::stopped;
  }
  return Walk::on;
}

}  // namespace polc::eval
