// Calls by name, socket() by its kinds, and accounts.
#include <fmt/format.h>

#include <optional>

#include "eval/argument_sets.hpp"
#include "ir/conditions.hpp"
#include "knowledge/names.hpp"
#include "systrace/choose.hpp"

namespace polc::systrace {
namespace {

using sets::ArgumentSpace;
using target::Feature;

/// domain and type of socket(), without the flags in the type.
struct SocketKind {
  std::uint32_t domain = 0;
  std::uint32_t type = 0;
};

std::uint64_t type_mask(Os os) {
  std::uint64_t flags = 0;
  for (const std::string_view name : {"SOCK_CLOEXEC", "SOCK_NONBLOCK"}) flags |= knowledge::find_constant(os, name).value_or(0);
  return 0xFFFF'FFFFu & ~flags;
}

ir::Condition equals(std::uint8_t argument, std::uint64_t mask, std::uint64_t value) {
  return ir::test_of({argument, mask, sets::Compare::equal, value});
}

ir::CallBox socket_box(const ir::CallBox& box, SocketKind kind, Os os) {
  ir::CallBox one{box.calls, {}};
  one.where.terms = {equals(0, 0xFFFF'FFFFu, kind.domain), equals(1, type_mask(os), kind.type), box.where};
  return one;
}

/// Every kind that the condition allows with some protocol; nullopt when they are too many to be listed.
std::optional<std::vector<SocketKind>> socket_kinds(const ir::CallBox& box, Os os) {
  constexpr std::size_t most_kinds = 64;
  ArgumentSpace space;
  ArgumentSpace::Set left = eval::argument_set(space, box.where);
  std::vector<SocketKind> kinds;
  while (const auto found = space.witness(left)) {
    if (kinds.size() == most_kinds || space.exhausted()) return std::nullopt;
    const SocketKind kind{static_cast<std::uint32_t>((*found)[0]), static_cast<std::uint32_t>((*found)[1] & type_mask(os))};
    kinds.push_back(kind);
    left = space.difference(left, space.conjunction(space.compare(0, 0xFFFF'FFFFu, sets::Compare::equal, kind.domain),
                                                    space.compare(1, type_mask(os), sets::Compare::equal, kind.type)));
  }
  return kinds;
}

}  // namespace

void Chooser::add(const Wish& wish, const ir::CallBox& box) {
  for (const CallId call : box.calls) {
    const ir::CallBox one{{call}, box.where};
    const std::string_view name = name_of_call(policy_, call);
    wish.is_allow() ? allow_call(wish, one, name) : deny_call(wish, one, name);
  }
}

void Chooser::allow_call(const Wish& wish, const ir::CallBox& one, std::string_view name) {
  if (name == "socket") return add_socket(wish, one);
  if (!is_decided_by_argument(name, version_)) return whole(wish, name, one);
  if (!is_call_allowed(policy_, name)) return;  // implied: the lines of the access say it
  if (name == "sendto")
    filter("sendto", ir::AccessClass::net, {wish.part().effect, {{"sockaddr", "re \"^\""}}, behind(wish, one), true});
  else if (is_written(policy_, ir::Effect::allow, one)) wish.gap(one, ir::Verdict::narrower, Feature::call);
}

void Chooser::deny_call(const Wish& wish, const ir::CallBox& one, std::string_view name) {
  if (!one.where.is_always()) {
    if (name == "socket") add_socket(wish, one);
    else wish.gap(one, ir::Verdict::unmediated, Feature::call_arguments);
    return;
  }
  // What else opens or truncates depends on the other lines there: only whole paths can be taken away.
  if (name == "truncate" || (name == "open" && howto_)) return wish.gap(one, ir::Verdict::refused, Feature::call);
  whole(wish, name, one);
}

void Chooser::add_socket(const Wish& wish, const ir::CallBox& box) {
  const Os os = policy_.configuration.os;
  const auto kinds = box.where.is_always() ? std::nullopt : socket_kinds(box, os);
  if (!kinds && wish.is_allow()) return whole(wish, "socket", box);
  if (!kinds) return wish.gap(box, ir::Verdict::unmediated, Feature::call_arguments);
  for (const SocketKind& kind : *kinds)
    filter("socket", ir::AccessClass::syscall,
           {wish.part().effect,
            {{"sockdom", fmt::format("eq \"{}\"", socket_domain(kind.domain))}, {"socktype", fmt::format("eq \"{}\"", socket_type(kind.type))}},
            behind(wish, socket_box(box, kind, os))});
}

// ---- accounts

void Chooser::add(const Wish& wish, const ir::IdentityBox& box) {
  constexpr std::uint64_t most_ids = 256;
  const bool user = box.kind == ir::IdentityKind::user;
  std::uint64_t count = 0;
  for (const auto& interval : box.ids.intervals()) count += std::uint64_t{interval.high} - interval.low + 1;
  if (count > most_ids) {
    if (wish.is_allow() || box.ids.is_all()) return whole(wish, user ? "setuid" : "setgid", box);
    return wish.gap(box, ir::Verdict::unmediated, user ? Feature::identity_user : Feature::identity_group);
  }
  // setgid knows numbers only.
  const auto is_nameless = [&](const ir::Account& account) { return !user && !account.has_id; };
  ir::IdentityBox said = box, unsaid = box;
  std::erase_if(said.accounts, is_nameless);
  unsaid.ids = {};
  std::erase_if(unsaid.accounts, [&](const ir::Account& account) { return !is_nameless(account); });
  if (!unsaid.accounts.empty()) lack(wish, unsaid, Feature::identity_name);
  if (!said.ids.empty() || !said.accounts.empty()) by_identity(wish, said);
}

void Chooser::by_identity(const Wish& wish, const ir::IdentityBox& box) {
  const bool user = box.kind == ir::IdentityKind::user;
  const std::string_view call = user ? "setuid" : "setgid";
  const Behind from = behind(wish, box);
  std::set<std::uint32_t> named;
  for (const ir::Account& account : box.accounts) {
    if (account.has_id) named.insert(account.id);
    filter(call, ir::AccessClass::process, {wish.part().effect, identity_tests(account, user, wish.part().effect), from});
    if (account.has_id && account.name.find_first_of("\"\\\n\r") == std::string::npos)
      ruleset_.accounts.insert({user, account.name, account.id});
  }
  for (const auto& interval : box.ids.intervals())
    for (std::uint64_t id = interval.low; id <= interval.high; ++id)
      if (named.count(static_cast<std::uint32_t>(id)) == 0)
        filter(call, ir::AccessClass::process, {wish.part().effect, {{user ? "uid" : "gid", fmt::format("eq \"{}\"", id)}}, from});
}

// A refusal by number alone holds whatever name the number has.
std::vector<Test> Chooser::identity_tests(const ir::Account& account, bool user, ir::Effect effect) const {
  const Test by_name{"uname", howto_ ? "eq " + quoted(account.name) : "re " + quoted("^" + literal_regex(account.name) + "$")};
  if (!account.has_id) return {by_name};
  const Test by_id{user ? "uid" : "gid", fmt::format("eq \"{}\"", account.id)};
  if (!user || effect == ir::Effect::deny) return {by_id};
  return {by_id, by_name};
}

}  // namespace polc::systrace
