// One box of a rule, said by what the plan permits.
#include <algorithm>
#include <memory>

#include "eval/argument_sets.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "support/overloaded.hpp"
#include "systemd/model.hpp"

namespace polc::systemd {
namespace {

using ir::Verdict;
using target::Feature;
using target::Projection;

constexpr std::uint64_t every_capability = ~std::uint64_t{0};

std::uint64_t named_capabilities() {
  std::uint64_t bits = 0;
  for (const auto& [name, number] : knowledge::capabilities()) bits |= std::uint64_t{1} << number;
  return bits;
}

std::uint8_t number_of(Family family) {
  switch (family) {
    case Family::unix_family: return 1;
    case Family::inet: return 2;
    case Family::inet6: return 10;
    case Family::netlink: return 16;
    case Family::packet: return 17;
    case Family::other: break;
  }
  return 0;
}

Family family_of(std::uint8_t number) {
  for (const Family family : {Family::unix_family, Family::inet, Family::inet6, Family::netlink, Family::packet})
    if (number_of(family) == number) return family;
  return Family::other;
}

/// The features of verbs stand in the verbs' order.
template <class Verb>
Feature first_feature(EnumSet<Verb> verbs, Feature first) {
  std::optional<Feature> found;
  verbs.for_each([&](Verb verb) {
    if (!found) found = static_cast<Feature>(static_cast<unsigned>(first) + static_cast<unsigned>(verb));
  });
  return found.value_or(first);
}
static_assert(static_cast<unsigned>(Feature::file_watch) - static_cast<unsigned>(Feature::file_read) ==
              static_cast<unsigned>(FileVerb::watch) - static_cast<unsigned>(FileVerb::read));
static_assert(static_cast<unsigned>(Feature::net_receive) - static_cast<unsigned>(Feature::net_connect) ==
              static_cast<unsigned>(NetVerb::receive) - static_cast<unsigned>(NetVerb::connect));

ir::NetBox whole(Family family) {
  ir::NetBox box;
  box.verbs = NetVerbs::all();
  box.family = family;
  return box;
}

bool can_hold(const ir::Condition& a, const ir::Condition& b) {
  sets::ArgumentSpace space;
  return space.conjunction(eval::argument_set(space, a), eval::argument_set(space, b)) != sets::ArgumentSpace::none ||
         space.exhausted();
}

class Speaker {
 public:
  Speaker(const Plan& plan, ir::Effect effect) : plan_(plan), is_allow_(effect == ir::Effect::allow) {}

  Projection run(const ir::Box& box) {
    std::visit(Overloaded{[&](const ir::FileBox& b) { lack(b, Verdict::unmediated, first_feature(b.verbs, Feature::file_read)); },
                          [&](const ir::PairBox& b) { lack(b, Verdict::unmediated, first_feature(b.verbs, Feature::file_read)); },
                          [&](const ir::NetBox& b) { net(b); }, [&](const ir::CallBox& b) { is_allow_ ? allow(b) : deny(b); },
                          [&](const ir::IdentityBox& b) {
                            lack(b, Verdict::unmediated,
                                 b.kind == ir::IdentityKind::user ? Feature::identity_user : Feature::identity_group);
                          },
                          [&](const ir::CapabilityBox& b) { capability(b); },
                          [&](const ir::PeerBox& b) {
                            lack(b, Verdict::unmediated, b.kind == ir::PeerKind::signal ? Feature::signal : Feature::ptrace);
                          }},
               box);
    return std::move(out_);
  }

 private:
  void add(Form form, ir::Box wanted, std::vector<ir::Box> meaning, std::vector<Feature> because = {}) {
    out_.pieces.push_back({std::move(wanted), std::move(meaning), static_cast<std::uint16_t>(form), std::move(because)});
  }
  void lack(ir::Box part, Verdict verdict, Feature because) { out_.lacks.push_back({std::move(part), verdict, because}); }

  void net(const ir::NetBox& box) {
    const Feature because = first_feature(box.verbs, Feature::net_connect);
    if (!plan_.families) return lack(box, Verdict::unmediated, because);
    const auto& listed = *plan_.families;
    const bool is_open = std::find(listed.begin(), listed.end(), number_of(box.family)) != listed.end();
    if (!is_allow_ && is_open) return lack(box, Verdict::unmediated, because);
    if (!is_allow_) return add(Form::nothing, box, {box});
    add(Form::family, box, {whole(box.family)}, {because});
  }

  void allow(const ir::CallBox& box) {
    ir::CallBox plain{{}, box.where}, unknown{{}, box.where};
    for (const CallId call : box.calls) {
      const auto limit = arguments_of(plan_, call);
      if (!is_known(knowledge::call_of(Os::linux_os, call).name)) unknown.calls.push_back(call);
      // What is not listed, or with no arguments, the policy denies elsewhere: else the plan would leave it open.
      else if (!is_listed(plan_, call)) lack(ir::CallBox{{call}, box.where}, Verdict::narrower, Feature::deny_rule);
      else if (limit && limit->is_always()) plain.calls.push_back(call);
      else if (limit) add(Form::calls, ir::CallBox{{call}, box.where}, {ir::CallBox{{call}, *limit}}, {Feature::call_arguments});
      else lack(ir::CallBox{{call}, box.where}, Verdict::narrower, Feature::deny_rule);
    }
    if (!unknown.calls.empty()) lack(std::move(unknown), Verdict::narrower, Feature::call);
    if (plain.calls.empty()) return;
    std::vector<ir::Box> meaning{ir::CallBox{plain.calls, {}}};
    std::vector<Feature> because;
    if (!plain.where.is_always()) because = {Feature::call_arguments};
    add(Form::calls, std::move(plain), std::move(meaning), std::move(because));
  }

  void deny(const ir::CallBox& box) {
    ir::CallBox kept{{}, box.where}, lost{{}, box.where};
    for (const CallId call : box.calls) {
      const auto limit = arguments_of(plan_, call);
      const bool is_open = is_listed(plan_, call) && is_known(knowledge::call_of(Os::linux_os, call).name) && limit && can_hold(*limit, box.where);
      (is_open ? lost : kept).calls.push_back(call);
    }
    if (!lost.calls.empty()) lack(std::move(lost), Verdict::unmediated, Feature::deny_rule);
    if (!kept.calls.empty()) add(Form::nothing, kept, {kept});
  }

  void capability(const ir::CapabilityBox& box) {
    const std::uint64_t known = box.capabilities == every_capability ? box.capabilities : box.capabilities & named_capabilities();
    if (known != 0) add(Form::capabilities, ir::CapabilityBox{known}, {ir::CapabilityBox{known}});
    if (known != box.capabilities)
      lack(ir::CapabilityBox{box.capabilities & ~known}, is_allow_ ? Verdict::narrower : Verdict::unmediated, Feature::capability);
  }

  const Plan& plan_;
  bool is_allow_;
  Projection out_;
};

void add_files(std::vector<ir::Box>& boxes) {
  const std::vector<sets::PathPattern> everywhere{{}, sets::PathPattern{}.with_below()};
  ir::FileBox files;
  files.verbs = FileVerbs::all();
  files.verbs.remove(FileVerb::rename);
  files.verbs.remove(FileVerb::link);
  files.places = everywhere;
  files.successors.clear();
  boxes.emplace_back(std::move(files));
  ir::PairBox pairs;
  pairs.verbs = {FileVerb::rename, FileVerb::link};
  pairs.from = pairs.to = everywhere;
  boxes.emplace_back(std::move(pairs));
}

void add_processes(std::vector<ir::Box>& boxes) {
  for (const ir::IdentityKind kind : {ir::IdentityKind::user, ir::IdentityKind::group}) {
    ir::IdentityBox any;
    any.kind = kind;
    any.ids = sets::NumberSet::all();
    boxes.emplace_back(std::move(any));
  }
  for (const ir::PeerKind kind : {ir::PeerKind::signal, ir::PeerKind::ptrace}) {
    ir::PeerBox peers;
    peers.kind = kind;
    peers.what = kind == ir::PeerKind::signal ? ~std::uint64_t{0} : ir::ptrace_read | ir::ptrace_trace;
    peers.any_peer = true;
    boxes.emplace_back(std::move(peers));
  }
}

}  // namespace

target::Projector projector(const ir::Policy& policy, const target::Settings&) {
  const auto plan = std::make_shared<const Plan>(plan_of(policy));
  return [plan](const ir::Box& box, ir::Effect effect) { return Speaker(*plan, effect).run(box); };
}

target::Projection project(const ir::Box& box, ir::Effect effect, const ir::Policy& policy, const target::Settings& settings) {
  return projector(policy, settings)(box, effect);
}

std::vector<ir::Box> unmediated(const ir::Policy& policy, const target::Settings&) {
  const Plan plan = plan_of(policy);
  std::vector<ir::Box> boxes;
  add_files(boxes);
  add_processes(boxes);
  // A family that is listed, for whatever reason, is open to all that its sockets can do.
  EnumSet<Family> open;
  if (plan.families)
    for (const std::uint8_t number : *plan.families) open.insert(family_of(number));
  for (unsigned family = 0; family < count_of(Family{}); ++family)
    if (!plan.families || open.contains(static_cast<Family>(family))) boxes.emplace_back(whole(static_cast<Family>(family)));
  // What systemd adds to every list.
  ir::CallBox plain;
  for (const std::string_view name : default_calls()) {
    const auto call = knowledge::find_call(Os::linux_os, name);
    if (!call) continue;
    const auto limit = arguments_of(plan, *call);
    if (limit && limit->is_always()) plain.calls.push_back(*call);
    else if (limit) boxes.emplace_back(ir::CallBox{{*call}, *limit});
  }
  std::sort(plain.calls.begin(), plain.calls.end());
  boxes.emplace_back(std::move(plain));
  return boxes;
}

}  // namespace polc::systemd
