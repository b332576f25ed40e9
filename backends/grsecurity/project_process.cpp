// Capabilities and identities.
#include <algorithm>

#include "grsecurity/grants.hpp"
#include "grsecurity/project.hpp"

namespace polc::grsecurity {
namespace {

using ir::Account;
using ir::IdentityBox;
using ir::IdentityKind;
using ir::Verdict;
using target::Feature;

Feature feature_of(IdentityKind kind) {
  return kind == IdentityKind::user ? Feature::identity_user : Feature::identity_group;
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

IdentityBox accounts_only(const IdentityBox& box, std::vector<Account> accounts) {
  return {box.kind, {}, std::move(accounts)};
}

void allow_identity(Request& request, const IdentityBox& box) {
  const Transitions plan = transitions_of(request.policy, box.kind, request.is_old);
  if (box.ids.is_all()) {
    if (!plan.is_free) return request.lack(box, Verdict::narrower, feature_of(box.kind));
    return request.add(box, {box}, form_of(Construct::nothing), {});
  }
  std::vector<Account> said, unsaid;
  for (const Account& account : box.accounts)
    (is_printable_name(account.name, request.is_old) ? said : unsaid).push_back(account);
  const auto is_said = [&](std::uint32_t id) {
    return std::any_of(said.begin(), said.end(), [&](const Account& a) { return a.has_id && a.id == id; });
  };
  sets::NumberSet numbers = box.ids;
  for (const Account& account : said)
    if (account.has_id && is_said(account.id)) numbers = numbers - sets::NumberSet::of(account.id);
  if (!said.empty()) {
    const IdentityBox part = accounts_only(box, said);
    request.add(part, {part}, form_of(Construct::transition), {});
  }
  if (!unsaid.empty() || !numbers.empty())
    request.lack(IdentityBox{box.kind, numbers, unsaid}, Verdict::narrower, Feature::identity_name);
}

void deny_identity(Request& request, const IdentityBox& box) {
  const Transitions plan = transitions_of(request.policy, box.kind, request.is_old);
  if (!plan.is_free) return request.add(box, {box}, form_of(Construct::nothing), {});
  std::vector<Account> said;
  for (const Account& account : box.accounts)
    if (is_printable_name(account.name, request.is_old)) said.push_back(account);
  if (!said.empty()) {
    const IdentityBox part = accounts_only(box, said);
    request.add(part, {part}, form_of(Construct::transition), {});
  }
  if (!box.ids.empty() || said.size() != box.accounts.size())
    request.lack(box, Verdict::unmediated, feature_of(box.kind));
}

}  // namespace

std::uint8_t capability_of(IdentityKind kind) { return kind == IdentityKind::user ? 7 : 6; }

std::uint64_t known_capabilities(bool is_old) {
  // gradm 3.1 ends with CAP_AUDIT_READ (37); 2.1.8 has no SYSLOG and SETFCAP, and what lies between is not known of it.
  const unsigned last = is_old ? 28 : 37;
  return (std::uint64_t{1} << (last + 1)) - 1;
}

Transitions transitions_of(const ir::Policy& policy, IdentityKind kind, bool is_old) {
  Wanted allowed = wanted_of(policy, ir::Effect::allow, kind, is_old);
  std::erase_if(allowed.names, [&](const Account& account) { return is_denied(policy, kind, account); });
  const bool kept = is_kept(policy, capability_of(kind));
  if ((allowed.any && kept) || (allowed.names.empty() && kept)) {
    Wanted denied = wanted_of(policy, ir::Effect::deny, kind, is_old);
    const auto list = denied.names.empty() ? Transitions::Kind::none : Transitions::Kind::denied;
    return {list, true, std::move(denied.names)};
  }
  if (allowed.names.empty()) return {};
  return {Transitions::Kind::allowed, false, std::move(allowed.names)};
}

void project_capability(Request& request, const ir::CapabilityBox& box) {
  const std::uint64_t known = box.capabilities & known_capabilities(request.is_old);
  const std::uint64_t unknown = box.capabilities & ~known;
  if (!request.is_allow())
    return request.add(box, {box}, form_of(Construct::capability), {});  // -CAP_ALL takes them all
  if (unknown != 0) request.lack(ir::CapabilityBox{unknown}, Verdict::narrower, Feature::capability);
  if (known == 0) return;
  const ir::CapabilityBox part{known};
  std::vector<ir::Box> meaning{part};
  std::vector<Feature> because;
  for (const IdentityKind kind : {IdentityKind::user, IdentityKind::group}) {
    const bool is_free = transitions_of(request.policy, kind, request.is_old).is_free;
    if (((known >> capability_of(kind)) & 1u) == 0 || !is_free) continue;
    meaning.emplace_back(IdentityBox{kind, sets::NumberSet::all(), {}});
    because.push_back(feature_of(kind));
  }
  request.add(part, std::move(meaning), form_of(Construct::capability), std::move(because));
}

void project_identity(Request& request, const ir::IdentityBox& box) {
  if (request.is_allow()) allow_identity(request, box);
  else deny_identity(request, box);
}

}  // namespace polc::grsecurity
