#include "target/ways.hpp"

#include <array>
#include <map>

#include "eval/argument_sets.hpp"
#include "eval/compare.hpp"
#include "eval/rule_parameters.hpp"
#include "knowledge/relation.hpp"
#include "support/overloaded.hpp"
#include "target/features.hpp"

namespace polc::target {
namespace {

using knowledge::Parameter;
using knowledge::Row;

constexpr std::uint32_t sctp_protocol = 132;

// Which calls are permitted, asked call by call under a condition.
class Calls {
 public:
  explicit Calls(std::span<const eval::Part> parts) {
    for (const eval::Part& part : parts) {
      const auto* box = std::get_if<ir::CallBox>(&part.box);
      if (box == nullptr || part.plane != 0) continue;
      for (const CallId call : box->calls) by_call_[call].push_back({part.effect, &box->where});
    }
  }

  enum class Extent : std::uint8_t { none, some, all };

  /// Of a call, whatever its arguments: mostly all that need be known.
  Extent extent(CallId call) const {
    const auto known = by_call_.find(call);
    if (known == by_call_.end()) return Extent::none;
    bool plain = true, allowed = false;
    for (const auto& [effect, where] : known->second) {
      plain = plain && effect == ir::Effect::allow && where->is_always();
      allowed = allowed || effect == ir::Effect::allow;
    }
    return !allowed ? Extent::none : plain ? Extent::all : Extent::some;
  }

  /// Of a call of which some is permitted.
  bool permits_some(const knowledge::CallPattern& pattern) const { return shares(by_call_.at(pattern.call), ir::condition_of(pattern.where)); }

 private:
  struct Said {
    ir::Effect effect;
    const ir::Condition* where;
  };

  static bool shares(const std::vector<Said>& all, const ir::Condition& condition) {
    sets::ArgumentSpace space;
    auto left = space.none, denied = space.none;
    for (const Said& said : all) {
      auto& into = said.effect == ir::Effect::allow ? left : denied;
      into = space.disjunction(into, eval::argument_set(space, *said.where));
    }
    left = space.conjunction(space.difference(left, denied), eval::argument_set(space, condition));
    return left != space.none || space.exhausted();
  }

  std::map<CallId, std::vector<Said>> by_call_;
};

/// Parameters that ask for anything at all.
std::vector<Parameter> whatever() {
  constexpr std::uint64_t most = 0xFFFF'FFFF;
  return {{"$mode", {{~std::uint64_t{0}, ~std::uint64_t{0}}}}, {"$request", {{0, most}}}, {"$id", {{0, most - 1}}}, {"$sig", {{0, most}}}};
}

class Permitted {
 public:
  Permitted(std::span<const eval::Part> calls, Os os, Arch arch) : calls_(calls), os_(os), arch_(arch) {}

  std::vector<ir::Box> run() {
    see_ways();
    for (unsigned v = 0; v < file_verb_names.size(); ++v) add(static_cast<FileVerb>(v));
    for (unsigned v = 0; v < net_verb_names.size(); ++v) add(static_cast<NetVerb>(v));
    if (is_open("setuid", "all")) boxes_.emplace_back(ir::IdentityBox{ir::IdentityKind::user, sets::NumberSet::all(), {}});
    if (is_open("setgid", "all")) boxes_.emplace_back(ir::IdentityBox{ir::IdentityKind::group, sets::NumberSet::all(), {}});
    add_signals();
    add_traces();
    return std::move(boxes_);
  }

 private:
  struct OfFiles {
    FileTypes open, ways;  // types with an open way, with any
  };

  /// Rows that this architecture has none of say nothing.
  void see_ways() {
    for (const Row& row : knowledge::rows_of(os_)) {
      if (!knowledge::is_way(row.relation)) continue;
      if (row.verbs.empty()) others_.push_back(&row);
      else row.verbs.for_each([&](FileVerb verb) { if (row.verbs == FileVerbs{verb}) see(row, files_[static_cast<std::size_t>(verb)]); });
    }
  }

  void see(const Row& row, OfFiles& of) {
    if (of.open.includes(row.types)) return;
    const auto call = knowledge::call_on(row, os_, arch_);
    if (!call) return;
    of.ways = of.ways | row.types;
    if (is_open(row, *call, whatever_)) of.open = of.open | row.types;
  }

  bool is_open(const Row& row, CallId call, std::span<const Parameter> given) const {
    const Calls::Extent extent = calls_.extent(call);
    if (extent != Calls::Extent::some) return extent == Calls::Extent::all;
    return calls_.permits_some(*knowledge::pattern_of(row, os_, arch_, given));
  }

  /// What has no way on this architecture is nobody's to refuse.
  bool is_open(std::string_view access, std::string_view of, std::span<const Parameter> given) const {
    bool has_way = false;
    for (const Row* row : others_) {
      if (row->access != access || !(row->of.empty() || row->of == of)) continue;
      const auto call = knowledge::call_on(*row, os_, arch_);
      if (call && is_open(*row, *call, given)) return true;
      has_way = has_way || call;
    }
    return !has_way;
  }
  bool is_open(std::string_view access, std::string_view of) const { return is_open(access, of, whatever_); }

  void add(FileVerb verb) {
    const OfFiles& of = files_[static_cast<std::size_t>(verb)];
    // A type that nobody does this to goes with the others.
    const FileTypes unknown = FileTypes::all() - of.ways;
    if (of.open.empty() && !unknown.is_all()) return;
    for (const ir::Box& all : everything(ir::AccessClass::file, os_)) {
      ir::Box box = all;
      auto* file = std::get_if<ir::FileBox>(&box);
      auto* pair = std::get_if<ir::PairBox>(&box);
      FileVerbs& verbs = file != nullptr ? file->verbs : pair->verbs;
      if (!verbs.contains(verb)) continue;
      verbs = {verb};
      (file != nullptr ? file->types : pair->types) = of.open | unknown;
      boxes_.push_back(std::move(box));
    }
  }

  void add(NetVerb verb) {
    const std::string_view name = name_of(verb);
    const bool any = is_open(name, "");
    const bool tcp = is_open(name, "tcp"), port_zero = is_open(name, "port 0");
    const bool sctp = is_open(name, "sctp") && may_have_sctp();
    for (ir::Box& box : everything(ir::AccessClass::net, os_)) {
      auto& net = std::get<ir::NetBox>(box);
      net.verbs = {verb};
      if (!any && net.family != Family::inet && net.family != Family::inet6) continue;
      if (any) {
        boxes_.push_back(std::move(box));
        continue;
      }
      ir::NetBox of_kind = net;
      of_kind.types = {SocketType::stream}, of_kind.protocols = sets::NumberSet::of(0) | sets::NumberSet::of(6);
      if (tcp) boxes_.emplace_back(of_kind);
      of_kind.types = {SocketType::stream, SocketType::seqpacket}, of_kind.protocols = sets::NumberSet::of(sctp_protocol);
      if (sctp) boxes_.emplace_back(of_kind);
      net.ports = sets::PortSet::of(0);
      if (port_zero) boxes_.push_back(std::move(box));
    }
  }

  /// Its sends connect, and look like all sends: what matters is whether there is such a socket.
  bool may_have_sctp() const {
    if (is_open("socket", "")) return true;
    for (const Family family : {Family::inet, Family::inet6})
      for (const SocketType type : {SocketType::stream, SocketType::seqpacket})
        for (const std::uint32_t protocol : {std::uint32_t{0}, sctp_protocol}) {
          if (type == SocketType::stream && protocol == 0) continue;  // that is TCP
          const auto call = knowledge::socket_call(os_, family, type, protocol, arch_, true);
          const Calls::Extent extent = calls_.extent(call.call);
          if (extent == Calls::Extent::all || (extent == Calls::Extent::some && calls_.permits_some(call))) return true;
        }
    return false;
  }

  void add_signals() {
    ir::PeerBox box{ir::PeerKind::signal, 0, true, {}};
    if (!is_open("signal", "")) return;
    for (std::uint64_t n = 0; n < 64; ++n)
      if (is_open("signal", "", std::vector{eval::signal_parameter(std::uint64_t{1} << n, arch_)})) box.what |= std::uint64_t{1} << n;
    if (box.what != 0) boxes_.emplace_back(std::move(box));
  }
  void add_traces() {
    ir::PeerBox box{ir::PeerKind::ptrace, 0, true, {}};
    if (is_open("ptrace", "read")) box.what |= ir::ptrace_read;
    if (is_open("ptrace", "trace")) box.what |= ir::ptrace_trace;
    if (box.what != 0) boxes_.emplace_back(std::move(box));
  }

  Calls calls_;
  Os os_;
  Arch arch_;
  const std::vector<Parameter> whatever_ = whatever();
  std::vector<const Row*> others_;  // ways of what is no file access
  std::array<OfFiles, file_verb_names.size()> files_;
  std::vector<ir::Box> boxes_;
};

bool is_way_of(const Row& row, const ir::Point& point) {
  const auto is = [&](std::string_view access, std::string_view of) { return row.access == access && (row.of.empty() || row.of == of); };
  const auto is_net = [&](const ir::NetPoint& net) {
    const bool is_internet = net.family == Family::inet || net.family == Family::inet6;
    const bool is_tcp = is_internet && net.type == SocketType::stream && (net.protocol == 0 || net.protocol == 6);
    return is(name_of(net.verb), is_tcp ? "tcp" : "") || (is_internet && net.port == 0 && is(name_of(net.verb), "port 0"));
  };
  return std::visit(Overloaded{[&](const ir::FilePoint& file) { return row.verbs == FileVerbs{file.verb} && row.types.contains(file.type); },
                               [&](const ir::PairPoint& pair) { return row.verbs == FileVerbs{pair.verb} && row.types.contains(pair.type); },
                               is_net, [](const ir::CallPoint&) { return false; },
                               [&](const ir::IdentityPoint& id) { return is(id.kind == ir::IdentityKind::user ? "setuid" : "setgid", "all"); },
                               [](const ir::CapabilityPoint&) { return false; },
                               [&](const ir::PeerPoint& peer) {
                                 if (peer.kind == ir::PeerKind::signal) return is("signal", "");
                                 return is("ptrace", peer.what == 0 ? "read" : "trace");
                               }},
                    point);
}

}  // namespace

std::vector<Way> ways_of(const ir::Point& point, const eval::Meaning& permitted, Os os, Arch arch) {
  std::vector<Parameter> given = whatever();
  const auto* peer = std::get_if<ir::PeerPoint>(&point);
  if (peer != nullptr && peer->kind == ir::PeerKind::signal) given.back() = eval::signal_parameter(std::uint64_t{1} << peer->what, arch);
  std::vector<Way> ways;
  for (const Row& row : knowledge::rows_of(os)) {
    if (!knowledge::is_way(row.relation) || !is_way_of(row, point)) continue;
    const auto pattern = knowledge::pattern_of(row, os, arch, given);
    if (!pattern) continue;
    const ir::Box call = ir::CallBox{{pattern->call}, ir::condition_of(pattern->where)};
    const eval::Meaning way = eval::make_meaning({{ir::Effect::allow, call, {}, false}}, os, false);
    const eval::Meaning* const sides[] = {&way, &permitted};
    sets::Budget budget;
    ways.push_back({call, eval::find_access(sides, {.in = eval::side(0) | eval::side(1)}, budget).has_value()});
  }
  return ways;
}

std::vector<ir::Box> permitted_by_ways(std::span<const eval::Part> calls, Os os, Arch arch) { return Permitted(calls, os, arch).run(); }

}  // namespace polc::target
