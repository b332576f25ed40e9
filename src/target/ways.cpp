#include "target/ways.hpp"

#include <algorithm>
#include <array>

#include "eval/compare.hpp"
#include "eval/rule_parameters.hpp"
#include "knowledge/relation.hpp"
#include "support/overloaded.hpp"
#include "target/features.hpp"
#include "target/permitted_calls.hpp"

namespace polc::target {
namespace {

using knowledge::Parameter;
using knowledge::Row;

constexpr std::uint32_t sctp_protocol = 132;

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
    add_ids(ir::IdentityKind::user, "setuid");
    add_ids(ir::IdentityKind::group, "setgid");
    add_signals();
    add_traces();
    return std::move(boxes_);
  }

 private:
  struct OfFiles {
    FileTypes open, ways;      // types with an open way, with any
    sets::NumberSet requests;  // of ioctl
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
    if (of.open.includes(row.types) && of.requests.is_all()) return;
    const auto call = knowledge::call_on(row, os_, arch_);
    if (!call) return;
    of.ways = of.ways | row.types;
    if (!is_open(row, *call, whatever_)) return;
    of.open = of.open | row.types;
    const auto tests = tests_of_values(row, "$request");
    if (tests.empty()) of.requests = sets::NumberSet::all();
    for (const auto& test : tests) of.requests = of.requests | calls_.values(*call, test);
  }

  bool is_open(const Row& row, CallId call, std::span<const Parameter> given) {
    const Extent extent = calls_.extent(call);
    if (extent != Extent::some) return extent == Extent::all;
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
    const FileTypes unknown = FileTypes::all() - of.ways;
    if (of.open.empty() && !unknown.is_all()) return;
    for (const ir::Box& all : everything(ir::AccessClass::file, os_)) {
      ir::Box box = all;
      auto* file = std::get_if<ir::FileBox>(&box);
      auto* pair = std::get_if<ir::PairBox>(&box);
      FileVerbs& verbs = file != nullptr ? file->verbs : pair->verbs;
      if (!verbs.contains(verb)) continue;
      verbs = {verb};
      // A type that nobody does this to goes with the others.
      (file != nullptr ? file->types : pair->types) = of.open | unknown;
      if (file != nullptr && !unknown.is_all()) file->requests = of.requests;
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
          const Extent extent = calls_.extent(call.call);
          if (extent == Extent::all || (extent == Extent::some && calls_.permits_some(call))) return true;
        }
    return false;
  }

  /// By value. An id that nobody may have in this namespace may be had in another.
  void add_ids(ir::IdentityKind kind, std::string_view access) {
    constexpr std::uint32_t keep = sets::NumberSet::maximum;  // changes nothing, as does 0xffff where ids are old ones
    sets::NumberSet ids;
    bool has_way = false, any = false, in_another = false;
    for (const Row* row : others_) {
      const auto call = row->access == access ? knowledge::call_on(*row, os_, arch_) : std::nullopt;
      if (!call) continue;
      if (row->of == "some") {
        in_another = in_another || is_open(*row, *call, whatever_);
        continue;
      }
      has_way = true;
      if (const auto tests = tests_of_values(*row, "$id"); tests.empty()) any = any || is_open(*row, *call, whatever_);
      else
        for (const auto& test : tests) ids = ids | (calls_.values(*call, test) - sets::NumberSet::of(keep & static_cast<std::uint32_t>(test.mask)));
    }
    if (ids.empty() && has_way && !any) return;
    ids = ids | sets::NumberSet::of(keep);
    if (!has_way || any || in_another || ids.is_all()) boxes_.emplace_back(ir::IdentityBox{kind, sets::NumberSet::all(), {}});
    else boxes_.emplace_back(ir::IdentityBox{kind, std::move(ids), {ir::Account{}}});
  }

  /// The comparisons of a row with a parameter, of which one must hold; none: it is not by value.
  std::vector<knowledge::ArgumentTest> tests_of_values(const Row& row, std::string_view parameter) const {
    if (row.condition.find(parameter) == std::string_view::npos) return {};
    const knowledge::Parameter zero{parameter, {{0, 0}}};
    const auto pattern = knowledge::pattern_of(row, os_, arch_, std::span(&zero, 1));
    if (!pattern) return {};
    if (pattern->where.kind == knowledge::Condition::Kind::test) return {pattern->where.test};
    std::vector<knowledge::ArgumentTest> tests;
    for (const knowledge::Condition& term : pattern->where.terms) tests.push_back(term.test);
    return tests;
  }

  void add_signals() {
    ir::PeerBox box{ir::PeerKind::signal, 0, true, {}};
    bool has_way = false;
    std::vector<std::pair<const Row*, CallId>> open;  // for some signal
    for (const Row* row : others_) {
      const auto call = row->access == "signal" ? knowledge::call_on(*row, os_, arch_) : std::nullopt;
      has_way = has_way || call;
      if (call && is_open(*row, *call, whatever_)) open.emplace_back(row, *call);
    }
    if (!has_way) box.what = ~std::uint64_t{0};
    for (std::uint64_t n = 0; n < 64 && !open.empty(); ++n) {
      const std::uint64_t bit = std::uint64_t{1} << n;
      const std::vector given{eval::signal_parameter(bit, arch_)};
      const auto sends_it = [&](const auto& way) { return eval::sends_one_of(*way.first, bit) && is_open(*way.first, way.second, given); };
      if (std::any_of(open.begin(), open.end(), sends_it)) box.what |= bit;
    }
    if (box.what != 0) boxes_.emplace_back(std::move(box));
  }
  void add_traces() {
    ir::PeerBox box{ir::PeerKind::ptrace, 0, true, {}};
    if (is_open("ptrace", "read")) box.what |= ir::ptrace_read;
    if (is_open("ptrace", "trace")) box.what |= ir::ptrace_trace;
    if (box.what != 0) boxes_.emplace_back(std::move(box));
  }

  PermittedCalls calls_;
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
  if (box.kind == ir::PeerKind::signal) return row.access == "signal" && eval::sends_one_of(row, box.what);
  const std::uint64_t right = row.of == "read" ? ir::ptrace_read : ir::ptrace_trace;
  return row.access == "ptrace" && (box.what & right) != 0;
}

/// One whose number nobody knows may have any.
sets::NumberSet ids_of(const ir::Account& account) { return account.has_id ? sets::NumberSet::of(account.id) : sets::NumberSet::all(); }

std::vector<Parameter> parameters_of(const ir::Point& point, Arch arch) {
  std::vector<Parameter> given = whatever();
  const auto set = [&](Parameter parameter) {
    *std::find_if(given.begin(), given.end(), [&](const Parameter& one) { return one.name == parameter.name; }) = std::move(parameter);
  };
  if (const auto* file = std::get_if<ir::FilePoint>(&point); file != nullptr && file->verb == FileVerb::ioctl)
    set(eval::request_parameter(sets::NumberSet::of(file->request)));
  if (const auto* id = std::get_if<ir::IdentityPoint>(&point); id != nullptr && id->account.has_id) set(eval::id_parameter(ids_of(id->account)));
  const auto* peer = std::get_if<ir::PeerPoint>(&point);
  if (peer != nullptr && peer->kind == ir::PeerKind::signal) set(eval::signal_parameter(std::uint64_t{1} << peer->what, arch));
  return given;
}

/// What is asked of a point, as a box.
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
                               [](const ir::IdentityPoint& id) { return ir::Box(ir::IdentityBox{id.kind, ids_of(id.account), {}}); },
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
  const std::vector<Parameter> given = parameters_of(point, arch);
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
