#include "systrace/project.hpp"

#include <algorithm>

#include "knowledge/names.hpp"
#include "sets/arguments.hpp"
#include "sets/port_regex.hpp"
#include "support/overloaded.hpp"

namespace polc::systrace {
namespace {

using sets::ArgumentSpace;
using target::Feature;
using target::Piece;
using target::Projection;

// ---- conditions

ArgumentSpace::Set set_of(ArgumentSpace& space, const ir::Condition& condition) {
  using Kind = ir::Condition::Kind;
  const ir::ArgumentTest& test = condition.test;
  if (condition.kind == Kind::test)
    return space.compare(test.argument, test.mask, test.op, test.value, test.width, test.is_signed);
  if (condition.kind == Kind::negation) return space.complement(set_of(space, condition.terms.front()));
  const bool all = condition.kind == Kind::conjunction;
  ArgumentSpace::Set result = all ? ArgumentSpace::all : ArgumentSpace::none;
  for (const ir::Condition& term : condition.terms)
    result = all ? space.conjunction(result, set_of(space, term)) : space.disjunction(result, set_of(space, term));
  return result;
}

/// domain and type of socket(), without the flags in the type.
struct SocketKind {
  std::uint32_t domain = 0;
  std::uint32_t type = 0;
};

std::uint64_t type_mask(Os os) {
  std::uint64_t flags = 0;
  for (const std::string_view name : {"SOCK_CLOEXEC", "SOCK_NONBLOCK"})
    flags |= knowledge::find_constant(os, name).value_or(0);
  return 0xFFFF'FFFFu & ~flags;
}

ir::Condition equals(std::uint8_t argument, std::uint64_t mask, std::uint64_t value) {
  ir::Condition condition;
  condition.kind = ir::Condition::Kind::test;
  condition.test.argument = argument;
  condition.test.mask = mask;
  condition.test.value = value;
  return condition;
}

ir::CallBox socket_box(CallId call, SocketKind kind, Os os) {
  ir::CallBox box{{call}, {}};
  box.where.terms = {equals(0, 0xFFFF'FFFFu, kind.domain), equals(1, type_mask(os), kind.type)};
  return box;
}

/// Every kind that the condition allows with some protocol; nullopt when they are too many to be listed.
std::optional<std::vector<SocketKind>> socket_kinds(const ir::CallBox& box, Os os) {
  constexpr std::size_t most_kinds = 64;
  ArgumentSpace space;
  ArgumentSpace::Set left = set_of(space, box.where);
  std::vector<SocketKind> kinds;
  while (const auto found = space.witness(left)) {
    if (kinds.size() == most_kinds || space.exhausted()) return std::nullopt;
    const SocketKind kind{static_cast<std::uint32_t>((*found)[0]),
                          static_cast<std::uint32_t>((*found)[1] & type_mask(os))};
    kinds.push_back(kind);
    left = space.difference(left, set_of(space, socket_box(box.calls.front(), kind, os).where));
  }
  return kinds;
}

void project_socket(const ir::CallBox& box, const Asking& asking, Projection& out) {
  const Os os = asking.policy.configuration.os;
  const auto kinds = box.where.is_always() ? std::nullopt : socket_kinds(box, os);
  if (!kinds) {
    if (asking.is_allow()) out.pieces.push_back(whole_piece(box, "socket", asking, {Feature::call_arguments}));
    else out.lacks.push_back({box, ir::Verdict::unmediated, Feature::call_arguments});
    return;
  }
  for (const SocketKind& kind : *kinds) {
    const ir::CallBox said = socket_box(box.calls.front(), kind, os);
    // What is wanted is the part of this kind, so that the emitter sees which one it is.
    ir::CallBox wanted = said;
    wanted.where.terms.push_back(box.where);
    out.pieces.push_back({wanted, {said}, number_of(Form::socket_kinds), {Feature::net_protocol}});
  }
}

// ---- calls

void allow_call(const ir::CallBox& one, std::string_view name, const Asking& asking, Projection& out) {
  if (name == "socket") return project_socket(one, asking, out);
  if (!is_decided_by_argument(name, asking.version)) {
    out.pieces.push_back(
        whole_piece(one, name, asking, {one.where.is_always() ? Feature::call : Feature::call_arguments}));
    return;
  }
  if (!is_call_allowed(asking.policy, name)) return;  // implied: the lines of the access say it
  if (name == "sendto")
    out.pieces.push_back(
        {one, {whole_call_box(asking.policy, name)}, number_of(Form::no_address), {Feature::call_arguments}});
  else if (is_written(asking.policy, ir::Effect::allow, one))
    out.lacks.push_back({one, ir::Verdict::narrower, Feature::call});
}

/// Calls that the policy denies whatever their arguments.
std::vector<std::string_view> denied_wholly(const ir::Policy& policy) {
  std::vector<std::string_view> result;
  for (const ir::Rule& rule : policy.rules)
    for (const ir::Box& box : rule.boxes)
      if (const auto* calls = std::get_if<ir::CallBox>(&box);
          rule.effect == ir::Effect::deny && calls != nullptr && calls->where.is_always())
        for (const CallId call : calls->calls) result.push_back(name_of_call(policy, call));
  return result;
}

void deny_call(const ir::CallBox& one, std::string_view name, const Asking& asking, Projection& out) {
  if (!one.where.is_always()) {
    if (name == "socket") project_socket(one, asking, out);
    else out.lacks.push_back({one, ir::Verdict::unmediated, Feature::call_arguments});
    return;
  }
  // What else opens or truncates depends on the other lines there: only whole paths can be taken away.
  if (name == "truncate" || (name == "open" && is_howto(asking.settings))) {
    out.lacks.push_back({one, ir::Verdict::refused, Feature::call});
    return;
  }
  Piece piece{
      one, lost_without(asking.policy, denied_wholly(asking.policy)), number_of(Form::whole_call), {Feature::call}};
  piece.meaning.insert(piece.meaning.begin(), whole_call_box(asking.policy, name));
  out.pieces.push_back(std::move(piece));
}

}  // namespace

Piece whole_piece(ir::Box wanted, std::string_view call, const Asking& asking, std::vector<Feature> because) {
  // A box of a path or address may be served by several calls: the emitter takes the name from the meaning's first box.
  return {std::move(wanted), meaning_of_whole_call(asking.policy, call), number_of(Form::whole_call),
          std::move(because)};
}

Projection project_call(const ir::CallBox& box, const Asking& asking) {
  Projection out;
  for (const CallId call : box.calls) {
    const ir::CallBox one{{call}, box.where};
    const std::string_view name = name_of_call(asking.policy, call);
    asking.is_allow() ? allow_call(one, name, asking, out) : deny_call(one, name, asking, out);
  }
  return out;
}

Projection project_identity(const ir::IdentityBox& box, const Asking& asking) {
  constexpr std::uint64_t most_ids = 256;
  const bool user = box.kind == ir::IdentityKind::user;
  const std::string_view call = user ? "setuid" : "setgid";
  const Feature feature = user ? Feature::identity_user : Feature::identity_group;
  Projection out;
  std::uint64_t count = 0;
  for (const auto& interval : box.ids.intervals()) count += std::uint64_t{interval.high} - interval.low + 1;
  if (count > most_ids) {
    if (asking.is_allow() || box.ids.is_all()) {
      out.pieces.push_back(whole_piece(box, call, asking, {feature}));
    } else {
      out.lacks.push_back({box, ir::Verdict::unmediated, feature});
    }
    return out;
  }
  ir::IdentityBox said = box, unsaid = box;
  // setgid knows numbers only.
  const auto nameless = [&](const ir::Account& account) { return !user && !account.has_id; };
  said.accounts.erase(std::remove_if(said.accounts.begin(), said.accounts.end(), nameless), said.accounts.end());
  unsaid.ids = {};
  unsaid.accounts.erase(
      std::remove_if(unsaid.accounts.begin(), unsaid.accounts.end(), [&](const auto& a) { return !nameless(a); }),
      unsaid.accounts.end());
  if (!unsaid.accounts.empty())
    out.lacks.push_back(
        {unsaid, asking.is_allow() ? ir::Verdict::narrower : ir::Verdict::unmediated, Feature::identity_name});
  if (said.ids.empty() && said.accounts.empty()) return out;
  Piece piece{said, {said}, number_of(Form::by_identity), {}};
  if (asking.is_allow()) piece.meaning.push_back(whole_call_box(asking.policy, call));
  if (asking.is_allow()) piece.because.push_back(feature);
  out.pieces.push_back(std::move(piece));
  return out;
}

Projection project_peer(const ir::PeerBox& box, const Asking& asking) {
  const bool signals = box.kind == ir::PeerKind::signal;
  const Feature feature = signals ? Feature::signal : Feature::ptrace;
  Projection out;
  if (asking.is_allow()) out.pieces.push_back(whole_piece(box, signals ? "kill" : "ptrace", asking, {feature}));
  else out.lacks.push_back({box, ir::Verdict::unmediated, feature});
  return out;
}

Projection project(const ir::Box& box, ir::Effect effect, const ir::Policy& policy, const target::Settings& settings) {
  const Asking asking{effect, policy, settings, version_of(settings)};
  return std::visit(Overloaded{[&](const ir::FileBox& b) { return project_file(b, asking); },
                               [&](const ir::PairBox& b) { return project_pair(b, asking); },
                               [&](const ir::NetBox& b) { return project_net(b, asking); },
                               [&](const ir::CallBox& b) { return project_call(b, asking); },
                               [&](const ir::IdentityBox& b) { return project_identity(b, asking); },
                               [&](const ir::CapabilityBox&) {
                                 return Projection{{}, {{box, ir::Verdict::unmediated, Feature::capability}}};
                               },
                               [&](const ir::PeerBox& b) { return project_peer(b, asking); }},
                    box);
}

std::vector<ir::Box> unmediated(const ir::Policy&, const target::Settings&) {
  // BSD has neither capabilities nor, in those releases, extended attributes: nothing looks at them.
  ir::FileBox attributes;
  attributes.verbs = {FileVerb::xattr};
  attributes.places = everywhere();
  return {attributes, ir::CapabilityBox{~std::uint64_t{0}}};
}

}  // namespace polc::systrace
