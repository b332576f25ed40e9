#include "boxes.hpp"

using namespace polc;
using namespace polc::format_test;

TEST_CASE("text_of box: addresses become the fewest networks") {
  ir::NetBox box = tcp({NetVerb::connect}, Family::inet);
  CHECK(text(box) == "connect tcp any4");
  box.ports = sets::PortSet::of(443);
  CHECK(text(box) == "connect tcp any4:443");
  box.ip4 = sets::Ip4Set::range(0x0A000000, 0x0A0000FF) | sets::Ip4Set::range(0x7F000001, 0x7F000002);
  CHECK(text(box) == "connect tcp 10.0.0.0/24:443, 127.0.0.1:443, 127.0.0.2:443");
  box.ip4 = sets::Ip4Set::of(0).complement();
  CHECK(text(box).substr(0, 36) == "connect tcp 0.0.0.1:443, 0.0.0.2/31:");
  box.ip4 = sets::Ip4Set::range(0, 0x7FFFFFFF);
  CHECK(text(box) == "connect tcp 0.0.0.0/1:443");
}

TEST_CASE("text_of box: IPv6 networks") {
  ir::NetBox box = tcp({NetVerb::connect}, Family::inet6);
  CHECK(text(box) == "connect tcp any6");
  const sets::Uint128 documentation = sets::Uint128{0x20010db8} << 96;
  box.ip6 = sets::Ip6Set::range(documentation, documentation + ((sets::Uint128{1} << 96) - 1)) | sets::Ip6Set::of(1);
  box.ports = sets::PortSet::range(1, 2);
  CHECK(text(box) == "connect tcp [::1]:1-2, [2001:db8::/32]:1-2");
  box.ip6 = sets::Ip6Set::range(0, ~sets::Uint128{0} >> 1);
  CHECK(text(box) == "connect tcp [::/1]:1-2");
}

TEST_CASE("text_of box: a family of every protocol is its own word") {
  ir::NetBox box;
  box.verbs = {NetVerb::connect};
  box.family = Family::inet;
  box.types = {SocketType::raw};
  CHECK(text(box) == "connect inet raw");
  box.family = Family::inet6;
  box.types = SocketTypes::all();
  CHECK(text(box) == "connect inet6");
}

TEST_CASE("text_of box: several ports stand in a set") {
  ir::NetBox box = tcp({NetVerb::bind}, Family::inet);
  box.ports = sets::PortSet::of(80) | sets::PortSet::range(1024, 65535);
  CHECK(text(box) == "bind tcp any4:{ 80, 1024-65535 }");
}

TEST_CASE("text_of box: local and remote verbs take an access each") {
  CHECK(text(tcp({NetVerb::connect, NetVerb::bind, NetVerb::listen}, Family::inet)) ==
        "bind, listen tcp any4; connect tcp any4");
}

TEST_CASE("text_of box: types and protocols become words") {
  ir::NetBox box = net({NetVerb::send}, Family::inet);
  box.types = {SocketType::dgram};
  box.protocols = numbers({0, 17});
  CHECK(text(box) == "send udp any4");
  box.types = {SocketType::dgram, SocketType::raw};
  box.protocols = numbers({1});
  CHECK(text(box) == "send icmp any4");
  box.types = {SocketType::raw};
  CHECK(text(box) == "send icmp raw any4");
  box.types = SocketTypes::all();
  box.protocols = sets::NumberSet::all();
  CHECK(text(box) == "send inet");
  box.ports = sets::PortSet::of(53);
  CHECK(text(box) == "send tcp, udp, sctp, tcp raw, udp raw, sctp raw any4:53");
}

TEST_CASE("text_of box: unix sockets by path, by name, or any") {
  ir::NetBox box = net({NetVerb::connect}, Family::unix_family);
  CHECK(text(box) == "connect unix");
  box.types = {SocketType::dgram};
  CHECK(text(box) == "connect unix dgram");
  box.any_unix_address = false;
  CHECK(text(box) == "");
  box.paths = patterns("/run/{a/b,c}");
  box.abstracts = names("x/*");
  CHECK(text(box) == "connect unix dgram \"/run/a/b\", \"/run/c\"; connect unix dgram abstract \"x/*\"");
}

TEST_CASE("text_of box: netlink, packet and the families without a word") {
  ir::NetBox box = net({NetVerb::bind}, Family::netlink);
  CHECK(text(box) == "bind netlink");
  box.protocols = numbers({0, 9});
  CHECK(text(box) == "bind netlink audit, route");
  box = net({NetVerb::receive}, Family::packet);
  CHECK(text(box) == "receive packet");
  box.types = {SocketType::raw};
  CHECK(text(box) == "receive packet raw");
  CHECK(text(net({NetVerb::send}, Family::other)) == "send any");
}

TEST_CASE("text_of box: an empty dimension leaves nothing to say") {
  ir::NetBox box = tcp({NetVerb::connect}, Family::inet);
  box.ip4 = {};
  CHECK(text(box) == "");
  box = tcp({NetVerb::connect}, Family::inet);
  box.ports = {};
  CHECK(text(box) == "");
}
