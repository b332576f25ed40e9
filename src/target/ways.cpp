#include "target/ways.hpp"

#include <array>
#include <map>
#include <optional>

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
      for (const CallId call : box->calls) by_call_[call].said.push_back({part.effect, &box->where});
    }
  }

  enum class Extent : std::uint8_t { none, some, all };

  /// Of a call, whatever its arguments: mostly all that need be known.
  Extent extent(CallId call) const {
    const auto known = by_call_.find(call);
    if (known == by_call_.end()) return Extent::none;
    bool plain = true, allowed = false;
    for (const auto& [effect, where] : known->second.said) {
      plain = plain && effect == ir::Effect::allow && where->is_always();
      allowed = allowed || effect == ir::Effect::allow;
    }
    return !allowed ? Extent::none : plain ? Extent::all : Extent::some;
  }

  /// Of a call of which some is permitted.
  bool permits_some(const knowledge::CallPattern& pattern) {
    OfCall& of = by_call_.at(pattern.call);
    if (!of.left) of.left = left_of(of.said);
    auto& [space, set] = *of.left;
    return space.conjunction(set, eval::argument_set(space, ir::condition_of(pattern.where))) != space.none || space.exhausted();
  }

 private:
  struct Said {
    ir::Effect effect;
    const ir::Condition* where;
  };
  struct Left {
    sets::ArgumentSpace space;
    sets::ArgumentSpace::Set set{};
  };
  struct OfCall {
    std::vector<Said> said;
    std::optional<Left> left;  // allows less denies: several rows ask about one call
  };

  static Left left_of(const std::vector<Said>& all) {
    Left left;
    auto& space = left.space;
    auto allowed = space.none, denied = space.none;
    for (const Said& said : all) {
      auto& into = said.effect == ir::Effect::allow ? allowed : denied;
      into = space.disjunction(into, eval::argument_set(space, *said.where));
    }
    left.set = space.difference(allowed, denied);
    return left;
  }

  std::map<CallId, OfCall> by_call_;
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

  bool is_open(const Row& row, CallId call, std::span<const Parameter> given) {
    const Calls::Extent extent = calls_.extent(call);
    if (extent != Calls::Extent::some) return extent == Calls::Extent::all;
    return calls_.permits_some(*knowledge::pattern_of(row, os_, arch_, given));
  }

  /// What has no way on this architecture is nobody's to refuse.
  bool is_open(std::string_view access, std::string_view of, std::span<const Parameter> given) {
    bool has_way = false;
    for (const Row* row : others_) {
      if (row->access != access || !(row->of.empty() || row->of == of)) continue;
      const auto call = knowledge::call_on(*row, os_, arch_);
      if (call && is_open(*row, *call, given)) return true;
      has_way = has_way || call;
    }
    return !has_way;
  }
  bool is_open(std::string_view access, std::string_view of) { return is_open(access, of, whatever_); }

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
  bool may_have_sctp() {
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

// ---- the rows that are about an access

bool is_about(const Row& row, FileVerbs verbs, FileTypes types) {
  return !row.verbs.empty() && verbs.includes(row.verbs) && !(row.types & types).empty();
}

bool is_about(const Row& row, const ir::NetBox& box) {
  bool has_verb = false;
  box.verbs.for_each([&](NetVerb verb) { has_verb = has_verb || row.access == name_of(verb); });
  if (!has_verb || row.of.empty()) return has_verb;
  const bool is_internet = box.family == Family::inet || box.family == Family::inet6;
  if (row.of == "port 0") return is_internet && box.ports.contains(0);
  if (row.of == "sctp") return is_internet && box.protocols.contains(sctp_protocol);
  return is_internet && box.types.contains(SocketType::stream) && (box.protocols.contains(0) || box.protocols.contains(6));
}

bool is_about(const Row& row, const ir::PeerBox& box) {
  if (box.kind == ir::PeerKind::signal) return row.access == "signal";
  const std::uint64_t right = row.of == "read" ? ir::ptrace_read : ir::ptrace_trace;
  return row.access == "ptrace" && (box.what & right) != 0;
}

/// What is asked of a point, as a box; of ids all, for targets of calls permit all or none.
ir::Box box_of(const ir::Point& point) {
  return std::visit(Overloaded{[](const ir::FilePoint& file) {
                                 ir::FileBox box;
                                 box.verbs = {file.verb}, box.types = {file.type};
                                 return ir::Box(box);
                               },
                               [](const ir::PairPoint& pair) {
                                 ir::PairBox box;
                                 box.verbs = {pair.verb}, box.types = {pair.type};
                                 return ir::Box(box);
                               },
                               [](const ir::NetPoint& net) {
                                 ir::NetBox box;
                                 box.verbs = {net.verb}, box.family = net.family, box.types = {net.type};
                                 box.protocols = sets::NumberSet::of(net.protocol), box.ports = sets::PortSet::of(net.port);
                                 return ir::Box(box);
                               },
                               [](const ir::CallPoint&) { return ir::Box(ir::CallBox{}); },
                               [](const ir::IdentityPoint& id) { return ir::Box(ir::IdentityBox{id.kind, sets::NumberSet::all(), {}}); },
                               [](const ir::CapabilityPoint&) { return ir::Box(ir::CapabilityBox{}); },
                               [](const ir::PeerPoint& peer) { return ir::Box(ir::PeerBox{peer.kind, std::uint64_t{1} << peer.what, true, {}}); }},
                    point);
}

}  // namespace

bool is_about(const Row& row, const ir::Box& box) {
  return std::visit(Overloaded{
                        [&](const ir::FileBox& file) { return is_about(row, file.verbs, file.types); },
                        [&](const ir::PairBox& pair) { return is_about(row, pair.verbs, pair.types); },
                        [&](const ir::NetBox& net) { return is_about(row, net); },
                        [&](const ir::PeerBox& peer) { return is_about(row, peer); },
                        [&](const ir::IdentityBox& identity) {
                          if (row.access != (identity.kind == ir::IdentityKind::user ? "setuid" : "setgid"))
                            return false;
                          return row.of.empty() || (row.of == "all") == identity.ids.is_all();
                        },
                        [](const ir::CallBox&) { return false; },
                        [](const ir::CapabilityBox&) { return false; },
                    },
                    box);
}

std::vector<Way> ways_of(const ir::Point& point, const eval::Meaning& permitted, Os os, Arch arch) {
  std::vector<Parameter> given = whatever();
  const auto* peer = std::get_if<ir::PeerPoint>(&point);
  if (peer != nullptr && peer->kind == ir::PeerKind::signal) given.back() = eval::signal_parameter(std::uint64_t{1} << peer->what, arch);
  const ir::Box asked = box_of(point);
  std::vector<Way> ways;
  for (const Row& row : knowledge::rows_of(os)) {
    if (!knowledge::is_way(row.relation) || !is_about(row, asked)) continue;
    const auto pattern = knowledge::pattern_of(row, os, arch, given);
    if (!pattern) continue;
    const ir::Box call = ir::CallBox{{pattern->call}, ir::condition_of(pattern->where)};
    const eval::Meaning way = eval::set_of({call}, os);
    const eval::Meaning* const sides[] = {&way, &permitted};
    sets::Budget budget;
    ways.push_back({call, eval::find_common(sides, budget).has_value()});
  }
  return ways;
}

std::vector<ir::Box> permitted_by_ways(std::span<const eval::Part> calls, Os os, Arch arch) { return Permitted(calls, os, arch).run(); }

}  // namespace polc::target
