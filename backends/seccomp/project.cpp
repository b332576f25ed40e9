#include "seccomp/project.hpp"

#include <algorithm>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "seccomp/choices.hpp"
#include "seccomp/oci.hpp"
#include "seccomp/registers.hpp"
#include "support/overloaded.hpp"

namespace polc::seccomp {
namespace {

using target::Feature;
using target::Projection;

Feature feature_of(FileVerb verb) {
  switch (verb) {
    case FileVerb::read: return Feature::file_read;
    case FileVerb::write: return Feature::file_write;
    case FileVerb::append: return Feature::file_append;
    case FileVerb::create: return Feature::file_create;
    case FileVerb::remove: return Feature::file_remove;
    case FileVerb::truncate: return Feature::file_truncate;
    case FileVerb::rename: return Feature::file_rename;
    case FileVerb::link: return Feature::file_link;
    case FileVerb::chmod: return Feature::file_chmod;
    case FileVerb::chown: return Feature::file_chown;
    case FileVerb::utime: return Feature::file_utime;
    case FileVerb::xattr: return Feature::file_xattr;
    case FileVerb::stat: return Feature::file_stat;
    case FileVerb::chdir: return Feature::file_chdir;
    case FileVerb::chroot: return Feature::file_chroot;
    case FileVerb::exec: return Feature::file_exec;
    case FileVerb::map: return Feature::file_map;
    case FileVerb::lock: return Feature::file_lock;
    case FileVerb::ioctl: return Feature::file_ioctl;
    case FileVerb::watch: return Feature::file_watch;
  }
  return Feature::file_read;
}

Feature feature_of(NetVerb verb) {
  switch (verb) {
    case NetVerb::connect: return Feature::net_connect;
    case NetVerb::bind: return Feature::net_bind;
    case NetVerb::listen: return Feature::net_listen;
    case NetVerb::accept: return Feature::net_accept;
    case NetVerb::send: return Feature::net_send;
    case NetVerb::receive: return Feature::net_receive;
  }
  return Feature::net_connect;
}

template <class Verb>
Feature first_feature(EnumSet<Verb> verbs) {
  std::optional<Feature> found;
  verbs.for_each([&](Verb verb) {
    if (!found) found = feature_of(verb);
  });
  return found.value_or(feature_of(Verb{}));
}

// A call that the configuration's architecture lacks cannot be made: nothing decides it.
bool is_open(CallId call, Arch arch, const Choices& choices) {
  if (!knowledge::number_of(arch, call)) return true;
  return choices.launcher && knowledge::call_of(Os::linux_os, call).name == "execve";
}

// Calls are filtered exactly, argument by argument. What is open anyway still gets a piece: another architecture of the
// same filter may know the call.
Projection project_calls(const ir::CallBox& box, ir::Effect effect, Arch arch, const Choices& choices) {
  ir::CallBox decided{{}, box.where}, open{{}, box.where}, blind{{}, box.where};
  for (const CallId call : box.calls) {
    const bool is_seen = has_plain_registers(call, arch) || on_registers(box.where, call, arch).has_value();
    (is_open(call, arch, choices) ? open : is_seen ? decided : blind).calls.push_back(call);
  }
  Projection out;
  // An argument lies in memory: nothing is allowed by it, and everything refused.
  if (!blind.calls.empty() && effect == ir::Effect::allow)
    out.lacks.push_back({blind, ir::Verdict::narrower, Feature::call_arguments});
  if (!blind.calls.empty() && effect == ir::Effect::deny)
    out.pieces.push_back({blind, {ir::CallBox{blind.calls, {}}}, 0, {Feature::call_arguments}});
  if (!decided.calls.empty()) out.pieces.push_back({decided, {decided}, 0, {}});
  if (!open.calls.empty()) {
    const std::vector<ir::Box> meaning =
        effect == ir::Effect::allow ? std::vector<ir::Box>{open} : std::vector<ir::Box>{};
    out.pieces.push_back({open, meaning, 0, {Feature::call}});
  }
  return out;
}

// A profile says one comparison an argument; what does not fit is left out, and a call that a condition denies is
// refused as a whole.
Projection in_profile(Projection exact, ir::Effect effect) {
  Projection out;
  out.lacks = std::move(exact.lacks);
  for (target::Piece& piece : exact.pieces) {
    const auto box = std::get<ir::CallBox>(piece.wanted);
    if (box.where.is_always() || piece.meaning.empty()) {
      out.pieces.push_back(std::move(piece));
    } else if (effect == ir::Effect::deny) {
      out.pieces.push_back({box, {ir::CallBox{box.calls, {}}}, 0, {Feature::deny_rule}});
    } else {
      OciAlternatives alternatives = oci_alternatives(box.where);
      for (ir::Condition& one : alternatives.said) {
        const ir::CallBox part{box.calls, std::move(one)};
        out.pieces.push_back({part, {part}, 0, {}});
      }
      for (ir::Condition& one : alternatives.unsaid)
        out.lacks.push_back({ir::CallBox{box.calls, std::move(one)}, ir::Verdict::narrower, Feature::call_arguments});
    }
  }
  return out;
}

Projection unseen(const ir::Box& box, Feature feature) { return {{}, {{box, ir::Verdict::unmediated, feature}}}; }

}  // namespace

Projection project(const ir::Box& box, ir::Effect effect, const ir::Policy& policy, const target::Settings& settings) {
  return std::visit(Overloaded{[&](const ir::FileBox& b) { return unseen(box, first_feature(b.verbs)); },
                               [&](const ir::PairBox& b) { return unseen(box, first_feature(b.verbs)); },
                               [&](const ir::NetBox& b) { return unseen(box, first_feature(b.verbs)); },
                               [&](const ir::CallBox& b) {
                                 Projection exact = project_calls(b, effect, policy.configuration.arch,
                                                                  choices_of(policy.configuration, settings));
                                 return settings.format == "oci" ? in_profile(std::move(exact), effect) : exact;
                               },
                               [&](const ir::IdentityBox& b) {
                                 return unseen(box, b.kind == ir::IdentityKind::user ? Feature::identity_user
                                                                                     : Feature::identity_group);
                               },
                               [&](const ir::CapabilityBox&) { return unseen(box, Feature::capability); },
                               [&](const ir::PeerBox& b) {
                                 return unseen(box, b.kind == ir::PeerKind::signal ? Feature::signal : Feature::ptrace);
                               }},
                    box);
}

bool is_opened(const ir::Point& point, const target::Settings& settings) {
  if (settings.at("exec") != "launcher") return false;
  if (const auto* file = std::get_if<ir::FilePoint>(&point)) return file->verb == FileVerb::exec;
  const auto* call = std::get_if<ir::CallPoint>(&point);
  return call != nullptr && knowledge::call_of(Os::linux_os, call->call).name == "execve";
}

// Everything but calls, and the calls that nobody can make or that the launcher needs.
std::vector<ir::Box> unmediated(const ir::Policy& policy, const target::Settings& settings) {
  std::vector<ir::Box> open;
  ir::FileBox files;
  ir::PairBox pairs;
  pairs.verbs = {FileVerb::rename, FileVerb::link};
  files.verbs = FileVerbs::all() - pairs.verbs;
  files.places = pairs.from = pairs.to = {sets::PathPattern{}, sets::PathPattern{}.with_below()};
  files.successors.clear();
  open.emplace_back(files);
  open.emplace_back(pairs);
  for (std::size_t i = 0; i < family_names.size(); ++i) {
    ir::NetBox net;
    net.verbs = NetVerbs::all();
    net.family = static_cast<Family>(i);
    open.emplace_back(net);
  }
  for (const ir::IdentityKind kind : {ir::IdentityKind::user, ir::IdentityKind::group})
    open.emplace_back(ir::IdentityBox{kind, sets::NumberSet::all(), {}});
  open.emplace_back(ir::CapabilityBox{~std::uint64_t{0}});
  for (const ir::PeerKind kind : {ir::PeerKind::signal, ir::PeerKind::ptrace})
    open.emplace_back(ir::PeerBox{kind, ~std::uint64_t{0}, true, {}});
  const Choices choices = choices_of(policy.configuration, settings);
  ir::CallBox calls;
  for (std::size_t i = 0; i < knowledge::calls_of(Os::linux_os).size(); ++i)
    if (const CallId id{static_cast<std::uint16_t>(i)}; is_open(id, policy.configuration.arch, choices))
      calls.calls.push_back(id);
  if (!calls.calls.empty()) open.emplace_back(std::move(calls));
  return open;
}

}  // namespace polc::seccomp
