#include "boxes.hpp"

using namespace polc;
using namespace polc::format_test;

namespace {

ir::FilePoint at(FileVerb verb, std::string path) {
  ir::FilePoint point;
  point.verb = verb;
  point.path = std::move(path);
  return point;
}

ir::NetPoint net_at(NetVerb verb, Family family, SocketType type, std::uint32_t protocol, std::uint16_t port = 0) {
  ir::NetPoint point;
  point.verb = verb;
  point.family = family;
  point.type = type;
  point.protocol = protocol;
  point.port = port;
  return point;
}

}  // namespace

TEST_CASE("text_of point: a file access names what is out of the ordinary") {
  CHECK(text(at(FileVerb::read, "/etc/passwd")) == "read \"/etc/passwd\"");
  ir::FilePoint point = at(FileVerb::create, "/x");
  point.type = FileType::dir;
  point.mode = 0640;
  point.owner.self = true;
  CHECK(text(point) == "create \"/x\" type dir owner self mode 0640");
  point = at(FileVerb::ioctl, "/dev/tty");
  point.type = FileType::chardev;
  point.owner.name = "root";
  point.request = static_cast<std::uint32_t>(*knowledge::find_constant(Os::linux_os, "TIOCGPTN"));
  CHECK(text(point) == "ioctl \"/dev/tty\" type chardev owner \"root\" request TIOCGPTN");
  point.request = 0xDEADBEEF;
  CHECK(text(point) == "ioctl \"/dev/tty\" type chardev owner \"root\"");
}

TEST_CASE("text_of point: dimensions of other verbs do not show") {
  ir::FilePoint point = at(FileVerb::read, "/x");
  point.mode = 0777;
  point.request = 0x5401;
  point.successor.kind = ir::Successor::Kind::unconfined;
  CHECK(text(point) == "read \"/x\"");
}

TEST_CASE("text_of point: exec names its successor") {
  ir::FilePoint point = at(FileVerb::exec, "/bin/sh");
  CHECK(text(point) == "exec \"/bin/sh\"");
  point.successor.kind = ir::Successor::Kind::unconfined;
  CHECK(text(point) == "exec \"/bin/sh\" -> unconfined");
  point.successor = {ir::Successor::Kind::policy, "helper"};
  CHECK(text(point) == "exec \"/bin/sh\" -> helper");
}

TEST_CASE("text_of point: what looks like a pattern in a path is escaped") {
  CHECK(text(at(FileVerb::read, "/a*b$c\"d")) == "read \"/a\\*b\\$c\\\"d\"");
}

TEST_CASE("text_of point: rename and link have two names") {
  CHECK(text(ir::PairPoint{FileVerb::rename, "/a", "/b", FileType::file, {}}) == "rename \"/a\" -> \"/b\"");
  CHECK(text(ir::PairPoint{FileVerb::link, "/a", "/b", FileType::fifo, {true, ""}}) ==
        "link \"/a\" -> \"/b\" type fifo owner self");
}

TEST_CASE("text_of point: internet accesses") {
  ir::NetPoint point = net_at(NetVerb::connect, Family::inet, SocketType::stream, 6, 443);
  point.ip4 = 0xC6336407;
  CHECK(text(point) == "connect tcp 198.51.100.7:443");
  point = net_at(NetVerb::connect, Family::inet6, SocketType::stream, 0, 443);
  point.ip6 = (sets::Uint128{0x20010db8} << 96) + 1;
  CHECK(text(point) == "connect tcp [2001:db8::1]:443");
  point.ip6 = (sets::Uint128{0xFFFF} << 32) + 0x01020304;
  CHECK(text(point) == "connect tcp 1.2.3.4:443");
  point.ip6 = 0;
  CHECK(text(point) == "connect tcp [::]:443");
  point.ip6 = (sets::Uint128{0x20010db800000001} << 64) + (sets::Uint128{1} << 48) + 1;
  CHECK(text(point) == "connect tcp [2001:db8:0:1:1::1]:443");
  CHECK(text(net_at(NetVerb::send, Family::inet, SocketType::dgram, 0, 53)) == "send udp 0.0.0.0:53");
  CHECK(text(net_at(NetVerb::bind, Family::inet, SocketType::seqpacket, 132, 1)) == "bind sctp seqpacket 0.0.0.0:1");
  CHECK(text(net_at(NetVerb::send, Family::inet, SocketType::raw, 1)) == "send icmp raw 0.0.0.0");
  CHECK(text(net_at(NetVerb::send, Family::inet6, SocketType::dgram, 58)) == "send icmp dgram [::]");
}

TEST_CASE("text_of point: what the language cannot say becomes the nearest access that it can") {
  CHECK(text(net_at(NetVerb::connect, Family::inet, SocketType::stream, 262, 1)) == "connect tcp 0.0.0.0:1");
  CHECK(text(net_at(NetVerb::connect, Family::inet, SocketType::dgram, 136, 1)) == "connect udp 0.0.0.0:1");
  CHECK(text(net_at(NetVerb::connect, Family::other, SocketType::stream, 0)) == "connect any");
  CHECK(text(net_at(NetVerb::connect, Family::netlink, SocketType::raw, 200)) == "connect netlink");
}

TEST_CASE("text_of point: the other families") {
  ir::NetPoint point = net_at(NetVerb::bind, Family::unix_family, SocketType::stream, 0);
  CHECK(text(point) == "bind unix stream");
  point.unix_address = {ir::UnixAddress::Kind::path, "/run/x"};
  CHECK(text(point) == "bind unix stream \"/run/x\"");
  point.unix_address = {ir::UnixAddress::Kind::abstract, "n*"};
  CHECK(text(point) == "bind unix stream abstract \"n\\*\"");
  CHECK(text(net_at(NetVerb::connect, Family::netlink, SocketType::raw, 0)) == "connect netlink route");
  CHECK(text(net_at(NetVerb::receive, Family::packet, SocketType::raw, 3)) == "receive packet raw");
}

TEST_CASE("text_of point: a call shows its non-zero arguments, by name where they have one") {
  CHECK(text(ir::CallPoint{call("socket"), {2, 1, 262, 0, 0, 0}}) ==
        "syscall socket where domain == 2 and type == 1 and protocol == 262");
  CHECK(text(ir::CallPoint{call("socket"), {}}) == "syscall socket");
  CHECK(text(ir::CallPoint{call("socket"), {0xFFFFFFFF, std::uint64_t{1} << 32, 0, 7, 0, 0}}) ==
        "syscall socket where domain == -1 and arg[1] == 0x100000000 and arg[3] == 7");
}

TEST_CASE("text_of point: process accesses") {
  CHECK(text(ir::CapabilityPoint{12}) == "capability net_admin");
  CHECK(text(ir::IdentityPoint{ir::IdentityKind::user, {"", true, 1001}}) == "setuid 1001");
  CHECK(text(ir::IdentityPoint{ir::IdentityKind::user, {"_tor", true, 1001}}) == "setuid user \"_tor\" 1001");
  CHECK(text(ir::IdentityPoint{ir::IdentityKind::group, {"a\nb", false, 0}}) == "setgid group \"a\\nb\"");
  CHECK(text(ir::PeerPoint{ir::PeerKind::signal, 15, {}}) == "signal term to self");
  CHECK(text(ir::PeerPoint{ir::PeerKind::signal, 17, {ir::Peer::Kind::children, ""}}) == "signal chld to children");
  CHECK(text(ir::PeerPoint{ir::PeerKind::signal, 40, {ir::Peer::Kind::policy, "q"}}) == "signal any to q");
  CHECK(text(ir::PeerPoint{ir::PeerKind::ptrace, 1, {ir::Peer::Kind::other, ""}}) == "ptrace trace to any");
}
