// Capabilities and identities.
#include <algorithm>

#include "grsecurity/choose.hpp"
#include "knowledge/names.hpp"

namespace polc::grsecurity {
namespace {

using ir::Account;
using ir::IdentityBox;
using ir::IdentityKind;
using ir::Verdict;
using target::Feature;

/// The capabilities that this gradm has a name for, as bits.
std::uint64_t known_capabilities(bool is_old) {
  // gradm 3.1 ends with CAP_AUDIT_READ (37); 2.1.8 has no SYSLOG and SETFCAP, and what lies between is not known of it.
  const unsigned last = is_old ? 28 : 37;
  return (std::uint64_t{1} << (last + 1)) - 1;
}

/// Names in gradm's lexer: up to 64 of these characters, 30 in 2.1.8.
bool is_printable_name(std::string_view name, bool is_old) {
  if (name.empty() || name.size() > (is_old ? 30 : 64)) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  });
}

struct Wanted {
  bool any = false;
  std::vector<Account> names;
};
Wanted wanted_of(const ir::Policy& policy, ir::Effect effect, IdentityKind kind, bool is_old) {
  Wanted wanted;
  for_each_box(policy, effect, [&](const ir::Box& box) {
    const auto* identity = std::get_if<IdentityBox>(&box);
    if (!identity || identity->kind != kind) return true;
    wanted.any |= identity->ids.is_all();
    for (const Account& account : identity->accounts)
      if (is_printable_name(account.name, is_old)) wanted.names.push_back(account);
    return true;
  });
  std::sort(wanted.names.begin(), wanted.names.end());
  wanted.names.erase(std::unique(wanted.names.begin(), wanted.names.end()), wanted.names.end());
  return wanted;
}

bool is_kept(const ir::Policy& policy, std::uint8_t capability) {
  const auto names_it = [&](ir::Effect effect) {
    bool found = false;
    for_each_box(policy, effect, [&](const ir::Box& box) {
      const auto* capabilities = std::get_if<ir::CapabilityBox>(&box);
      found = capabilities && ((capabilities->capabilities >> capability) & 1u) != 0;
      return !found;
    });
    return found;
  };
  return names_it(ir::Effect::allow) && !names_it(ir::Effect::deny);
}

bool is_denied(const ir::Policy& policy, IdentityKind kind, const Account& account) {
  bool found = false;
  for_each_box(policy, ir::Effect::deny, [&](const ir::Box& box) {
    const auto* identity = std::get_if<IdentityBox>(&box);
    found = identity && identity->kind == kind && ir::contains(*identity, account);
    return !found;
  });
  return found;
}

Transitions plan_of(const ir::Policy& policy, IdentityKind kind, bool is_old) {
  using List = Transitions::List;
  Wanted allowed = wanted_of(policy, ir::Effect::allow, kind, is_old);
  std::erase_if(allowed.names, [&](const Account& account) { return is_denied(policy, kind, account); });
  const bool kept = is_kept(policy, kind == IdentityKind::user ? 7 : 6);
  if ((allowed.any && kept) || (allowed.names.empty() && kept)) {
    Wanted denied = wanted_of(policy, ir::Effect::deny, kind, is_old);
    return {kind, denied.names.empty() ? List::none : List::denied, true, std::move(denied.names)};
  }
  if (allowed.names.empty()) return {kind, List::none, false, {}};
  return {kind, List::allowed, false, std::move(allowed.names)};
}

}  // namespace

Transitions transitions_of(const target::Source& source, IdentityKind kind, bool is_old) {
  Transitions plan = plan_of(source.policy, kind, is_old);
  const ir::Effect effect = plan.list == Transitions::List::denied ? ir::Effect::deny : ir::Effect::allow;
  for (std::uint32_t i = 0; i < source.parts.size(); ++i) {
    const auto* box = std::get_if<IdentityBox>(&source.parts[i].box);
    const bool is_named = box != nullptr && box->kind == kind && source.parts[i].effect == effect && !box->accounts.empty();
    if (is_named && plan.list != Transitions::List::none) plan.from.parts.push_back(i);
  }
  return plan;
}

void note_gaps(const Wish& wish, const IdentityBox& box, const Transitions& plan, bool is_old) {
  std::vector<Account> unsaid;
  for (const Account& account : box.accounts)
    if (!is_printable_name(account.name, is_old)) unsaid.push_back(account);
  const Feature kind = box.kind == IdentityKind::user ? Feature::identity_user : Feature::identity_group;
  if (wish.is_allow()) {
    if (box.ids.is_all()) return;
    if (!box.ids.empty() || !unsaid.empty()) wish.gap(IdentityBox{box.kind, box.ids, unsaid}, Verdict::narrower, Feature::identity_name);
  } else if (plan.is_free && (!box.ids.empty() || !unsaid.empty())) {
    wish.gap(box, Verdict::unmediated, kind);
  }
}

std::vector<CapabilityLine> capability_lines(const target::Source& source, bool is_old) {
  std::uint64_t kept = 0, denied = 0;
  const auto bits_of = [](const eval::Part& part) {
    const auto* box = std::get_if<ir::CapabilityBox>(&part.box);
    return box != nullptr ? box->capabilities : 0;
  };
  for (const eval::Part& part : source.parts) (part.effect == ir::Effect::allow ? kept : denied) |= bits_of(part);
  std::vector<CapabilityLine> lines;
  for (const knowledge::NamedNumber& capability : knowledge::capabilities()) {
    if ((((kept & ~denied & known_capabilities(is_old)) >> capability.value) & 1u) == 0) continue;
    CapabilityLine& line = lines.emplace_back(CapabilityLine{static_cast<std::uint8_t>(capability.value), {}});
    for (std::uint32_t i = 0; i < source.parts.size(); ++i)
      if (source.parts[i].effect == ir::Effect::allow && ((bits_of(source.parts[i]) >> capability.value) & 1u) != 0) line.from.parts.push_back(i);
  }
  return lines;
}

void note_gaps(const Wish& wish, const ir::CapabilityBox& box, bool is_old) {
  const std::uint64_t unknown = box.capabilities & ~known_capabilities(is_old);
  if (wish.is_allow() && unknown != 0) wish.gap(ir::CapabilityBox{unknown}, Verdict::narrower, Feature::capability);
}

}  // namespace polc::grsecurity
