// Sockets, signals, tracing and system calls.
#include <algorithm>

#include "knowledge/calls.hpp"
#include "landlock/permits.hpp"

namespace polc::landlock {
namespace {

constexpr std::uint32_t tcp = 6, udp = 17, sctp = 132;
constexpr unsigned without_fast_open =
    10;  // Linux 7.2 asks CONNECT_TCP of MSG_FASTOPEN, too; before, no ABI tells whether it was mended

sets::NumberSet protocols_of(std::uint32_t one) { return sets::NumberSet::of(0) | sets::NumberSet::of(one); }

class Sockets {
 public:
  Sockets(const Walk& walk, Found& found) : walk_(walk), rules_(walk.rules()), found_(found) {}

  void run() {
    for (unsigned i = 0; i < count_of(Family{}); ++i) {
      const auto family = static_cast<Family>(i);
      if (family == Family::inet || family == Family::inet6) internet(family);
      else if (family == Family::unix_family) unix_sockets();
      else found_.add(target::everything(family), 0);
    }
  }

 private:
  void internet(Family family) {
    transport(family, SocketType::stream, tcp, {right::bind_tcp, right::connect_tcp, {NetVerb::connect}});
    transport(family, SocketType::dgram, udp,
              {right::bind_udp, right::connect_send_udp, {NetVerb::connect, NetVerb::send}});
    ir::NetBox rest = target::everything(family);
    rest.types = {SocketType::seqpacket, SocketType::raw};
    found_.add(rest, 0);
    for (const auto& [type, protocol] : {std::pair{SocketType::stream, tcp}, {SocketType::dgram, udp}}) {
      rest.types = {type};
      rest.protocols = protocols_of(protocol).complement();
      found_.add(rest, 0);
    }
    rest.types = {SocketType::stream};  // apart, for it has a word in reports
    rest.protocols = sets::NumberSet::of(sctp);
    found_.add(rest, 0);
  }

  struct Asked {
    Rights bind, reach;
    NetVerbs reaching;
  };

  void transport(Family family, SocketType type, std::uint32_t protocol, const Asked& asked) {
    ir::NetBox box = target::everything(family);
    box.types = {type};
    box.protocols = protocols_of(protocol);
    const NetVerbs verbs = box.verbs;
    box.verbs = verbs - asked.reaching - NetVerbs{NetVerb::bind};
    found_.add(box, 0);
    box.verbs = {NetVerb::bind};
    ports(asked.bind, box);
    box.verbs = asked.reaching;
    ports(asked.reach, box);
    if (protocol == tcp && rules_.abi < without_fast_open && handles(asked.reach))
      found_.add(box, 0, Found::possible_plane);
  }

  bool handles(Rights right) const { return (rules_.handled.net & right) != 0; }

  void ports(Rights right, ir::NetBox box) {
    if (!handles(right)) return found_.add(std::move(box), 0);
    for (const PortRule& rule : rules_.ports) {
      if ((rule.rights & right) == 0) continue;
      box.ports = sets::PortSet::from(rule.ports);
      found_.add(box, rule.line);
    }
  }

  // A name among files is made by bind, and reached from ABI 9 on; abstract ones are reached. What was made under the
  // same rules always can be.
  void unix_sockets() {
    const NetVerbs reaching{NetVerb::connect, NetVerb::send}, binding{NetVerb::bind};
    ir::NetBox box = target::everything(Family::unix_family);
    found_.add(box, 0);
    box.any_unix_address = false;
    ir::NetBox names = box;
    box.paths = sets::every_path();
    names.abstracts = *sets::parse_name_pattern({"*", {}});
    names.verbs = reaching;
    if ((rules_.handled.scoped & right::abstract_unix_socket) != 0) take(std::move(names));
    named(box, binding, right::make_sock);
    named(box, reaching, right::resolve_unix);
    if (!walk_.asks(right::resolve_unix)) return;
    for (const Grant& grant : walk_.trees(right::make_sock)) add(box, grant, Found::possible_plane);
  }

  void named(ir::NetBox& box, NetVerbs verbs, Rights right) {
    box.verbs = verbs;
    if (!walk_.asks(right)) return;
    take(box);
    for (const Grant& grant : right == right::make_sock ? walk_.trees(right) : walk_.grants(right))
      add(box, grant, is_lasting(grant) ? Found::main_plane : Found::possible_plane);
  }

  void take(ir::NetBox box) { found_.parts.push_back({ir::Effect::deny, std::move(box), {}}); }

  // Above what is taken from every name.
  void add(ir::NetBox box, const Grant& grant, std::uint8_t plane) {
    box.paths = patterns_of(grant);
    found_.add(std::move(box), grant.line, plane);
    found_.parts.back().rank = 1;
  }

  const Walk& walk_;
  const Ruleset& rules_;
  Found& found_;
};

bool is_domain(const Handled& handled) { return (handled.files | handled.net | handled.scoped) != 0; }

}  // namespace

void permit_sockets(const Walk& walk, Found& found) { Sockets(walk, found).run(); }

// A process may trace and signal those under the same rules, which its children are; tracing others needs no rule to be
// refused.
void permit_processes(const Ruleset& rules, Found& found) {
  for (ir::Box& box : target::everything(ir::AccessClass::process, Os::linux_os)) {
    auto* peers = std::get_if<ir::PeerBox>(&box);
    unsigned line = 0;
    if (peers != nullptr && (peers->kind == ir::PeerKind::ptrace ? is_domain(rules.handled)
                                                                 : (rules.handled.scoped & right::signal) != 0)) {
      peers->any_peer = false;
      peers->peers = {{ir::Peer::Kind::self, {}}, {ir::Peer::Kind::children, {}}};
      line = peers->kind == ir::PeerKind::signal ? rules.line : 0;
    }
    found.add(std::move(box), line);
  }
}

// Whoever has rules about files makes and takes away no mounts.
void permit_calls(const Ruleset& rules, Found& found) {
  constexpr std::string_view refused[] = {"mount", "umount", "umount2", "move_mount", "pivot_root"};
  for (ir::Box& box : target::everything(ir::AccessClass::syscall, Os::linux_os)) {
    auto& calls = std::get<ir::CallBox>(box).calls;
    std::erase_if(calls, [&](CallId call) {
      const std::string_view name = knowledge::call_of(Os::linux_os, call).name;
      return rules.handled.files != 0 && std::find(std::begin(refused), std::end(refused), name) != std::end(refused);
    });
    found.add(std::move(box), 0);
  }
}

}  // namespace polc::landlock
