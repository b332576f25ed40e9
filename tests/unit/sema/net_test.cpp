#include "compiled.hpp"
#include "ir/access.hpp"
#include "knowledge/calls.hpp"

namespace polc::sema_test {
namespace {

// `behind`: the calls that make the sockets stand before their accesses.
std::vector<ir::NetBox> nets(std::string_view access, bool behind = false) {
  std::vector<ir::NetBox> out;
  for (const ir::Box& box : rule(access).boxes()) {
    if (behind && std::holds_alternative<ir::CallBox>(box)) continue;
    REQUIRE(std::holds_alternative<ir::NetBox>(box));
    out.push_back(std::get<ir::NetBox>(box));
  }
  return out;
}

sets::NumberSet numbers(std::initializer_list<std::uint32_t> values) {
  sets::NumberSet out;
  for (const auto value : values) out = out | sets::NumberSet::of(value);
  return out;
}

}  // namespace

TEST_CASE("net: without an endpoint both families, every address and port") {
  const auto boxes = nets("connect tcp");
  REQUIRE(boxes.size() == 2);
  CHECK(boxes[0].family == Family::inet);
  CHECK(boxes[1].family == Family::inet6);
  for (const auto& box : boxes) {
    CHECK(box.types == SocketTypes{SocketType::stream});
    CHECK(box.protocols == numbers({0, 6}));
    CHECK((box.ip4.is_all() && box.ip6.is_all() && box.ports.is_all()));
  }
}

TEST_CASE("net: the words for protocols") {
  const auto first = [](std::string_view access) { return nets(access).front(); };
  CHECK(first("send udp").types == SocketTypes{SocketType::dgram});
  CHECK(first("send udp").protocols == numbers({0, 17}));
  CHECK(first("send tcp raw").types == SocketTypes{SocketType::raw});
  CHECK(first("send tcp raw").protocols == numbers({6}));
  CHECK(first("send sctp").types == SocketTypes{SocketType::stream, SocketType::seqpacket});
  CHECK(first("send sctp").protocols == numbers({132}));
  CHECK(first("send sctp seqpacket").types == SocketTypes{SocketType::seqpacket});
  const auto icmp = nets("send icmp");
  CHECK(icmp[0].types == SocketTypes{SocketType::dgram, SocketType::raw});
  CHECK(icmp[0].protocols == numbers({1}));
  CHECK(icmp[1].protocols == numbers({58}));
}

TEST_CASE("net: endpoints are grouped by family and ports") {
  const auto boxes = nets("connect tcp 10.0.0.1:80, 10.0.0.2:80, 10.0.0.3:443, [::1]:80, any6");
  REQUIRE(boxes.size() == 4);
  CHECK(boxes[0].ip4 == sets::Ip4Set::range(0x0A000001, 0x0A000002));
  CHECK(boxes[0].ports == sets::PortSet::of(80));
  CHECK(boxes[1].ip4 == sets::Ip4Set::of(0x0A000003));
  CHECK(boxes[2].family == Family::inet6);
  CHECK(boxes[2].ip6.is_all());
  CHECK(boxes[2].ports.is_all());
  CHECK(boxes[3].ip6 == sets::Ip6Set::of(1));
  CHECK(boxes[3].ports == sets::PortSet::of(80));
}

TEST_CASE("net: any4, any6, any and prefixes") {
  CHECK(nets("connect tcp any4:1-2").size() == 1);
  CHECK(nets("connect tcp any6").front().family == Family::inet6);
  CHECK(nets("connect tcp any:80").size() == 2);
  CHECK(nets("connect tcp 10.0.0.0/8").front().ip4 == sets::Ip4Set::range(0x0A000000, 0x0AFFFFFF));
  CHECK(nets("connect tcp 0.0.0.0/0").front().ip4.is_all());
  CHECK(nets("connect tcp 0.0.0.0").front().ip4 == sets::Ip4Set::of(0));
  const auto low = sets::Uint128{0x20010db8} << 96;
  CHECK(nets("connect tcp [2001:db8::/32]").front().ip6 ==
        sets::Ip6Set::range(low, low | ((sets::Uint128{1} << 96) - 1)));
  CHECK(nets("connect tcp [::/0]").front().ip6.is_all());
}

TEST_CASE("net: host bits are masked with a warning") {
  const Compiled c = rule("connect tcp 10.1.2.3/8");
  CHECK(c.only_box<ir::NetBox>().ip4 == sets::Ip4Set::range(0x0A000000, 0x0AFFFFFF));
  CHECK(c.reports() == "P2024 1:30 bits beyond the prefix of 8 are set; they are ignored\n");
}

TEST_CASE("net: variables hold hosts, ports, or hosts with ports") {
  const auto box = [](std::string_view lets, std::string_view endpoint) {
    return Compiled(std::string(lets) + " policy p { allow connect tcp " + std::string(endpoint) + "; }")
        .only_box<ir::NetBox>();
  };
  CHECK(box("let h = { 10.0.0.1, 10.0.0.2 };", "$h:80").ip4 == sets::Ip4Set::range(0x0A000001, 0x0A000002));
  CHECK(box("let s = 127.0.0.1:9050;", "$s").ports == sets::PortSet::of(9050));
  CHECK(box("let p = { 80, 90-92 };", "any4:$p").ports == (sets::PortSet::of(80) | sets::PortSet::range(90, 92)));
  CHECK(box("let p = 80; let q = { $p, 443 };", "any4:{ $q, 1 }").ports.contains(443));
}

TEST_CASE("net: unix, by path, by abstract name, or all") {
  const auto path = nets("connect unix stream \"/run/*.sock\"").front();
  CHECK(path.family == Family::unix_family);
  CHECK(path.types == SocketTypes{SocketType::stream});
  CHECK_FALSE(path.any_unix_address);
  CHECK(texts(path.paths) == Strings{"/run/*.sock"});
  const auto abstract = nets("connect unix abstract \"bus/*\"").front();
  CHECK_FALSE(abstract.any_unix_address);
  CHECK(texts(abstract.abstracts) == Strings{"bus/*"});
  CHECK(abstract.types.is_all());
  CHECK(nets("connect unix").front().any_unix_address);
}

TEST_CASE("net: netlink, packet and any") {
  const auto route = nets("send netlink route, audit").front();
  CHECK(route.family == Family::netlink);
  CHECK(route.protocols == numbers({0, 9}));
  CHECK(route.types == SocketTypes{SocketType::raw, SocketType::dgram});
  CHECK(nets("send netlink").front().protocols.is_all());
  CHECK(nets("send packet raw").front().types == SocketTypes{SocketType::raw});
  const auto any = nets("send any");
  REQUIRE(any.size() == count_of(Family{}));
  CHECK(any[5].family == Family::other);
}

TEST_CASE("net: socket is the call that makes one, beside what other verbs allow") {
  const Compiled c = rule("socket, send netlink route");
  const auto boxes = c.boxes();
  REQUIRE(boxes.size() == 3);
  const auto socket = *knowledge::find_call(Os::linux_os, "socket");
  const auto allows = [&](sets::Arguments arguments) {
    return std::any_of(boxes.begin(), boxes.end(), [&](const ir::Box& box) {
      return ir::contains(box, ir::Point(ir::CallPoint{socket, arguments}));
    });
  };
  CHECK(allows({16, 3, 0}));
  CHECK(allows({16, 2 | 02000000, 0}));  // SOCK_CLOEXEC
  CHECK_FALSE(allows({16, 3, 9}));
  CHECK_FALSE(allows({2, 3, 0}));
  CHECK(std::get<ir::NetBox>(boxes.back()).verbs == NetVerbs{NetVerb::send});
}

TEST_CASE("net: inet and inet6 are a family with every protocol, `any` every verb") {
  const auto inet = nets("connect inet stream");
  REQUIRE(inet.size() == 1);
  CHECK(inet[0].family == Family::inet);
  CHECK(inet[0].types == SocketTypes{SocketType::stream});
  CHECK(inet[0].protocols.is_all());
  CHECK(inet[0].ip4.is_all());
  CHECK(nets("connect inet6").front().types.is_all());
  const auto all = nets("any inet6 dgram", true);
  REQUIRE(all.size() == 1);
  CHECK(all[0].verbs == NetVerbs::all());
  CHECK(nets("any any raw", true).size() == count_of(Family{}));
  CHECK(nets("any any stream", true).size() == count_of(Family{}) - 1);  // netlink has no streams
}

TEST_CASE("net: socket of a protocol, of any") {
  const auto allows = [](std::string_view access, sets::Arguments arguments) {
    const auto boxes = rule(access).boxes();
    const ir::Point point = ir::CallPoint{*knowledge::find_call(Os::linux_os, "socket"), arguments};
    return std::any_of(boxes.begin(), boxes.end(), [&](const ir::Box& box) { return ir::contains(box, point); });
  };
  CHECK(allows("socket tcp", {2, 1, 6}));
  CHECK(allows("socket tcp", {10, 1, 0}));
  CHECK_FALSE(allows("socket tcp", {10, 2, 0}));
  CHECK(allows("socket unix dgram", {1, 2, 0}));
  CHECK_FALSE(allows("socket unix dgram", {1, 1, 0}));
  CHECK(allows("socket any", {40, 1, 0}));
  CHECK(allows("socket inet raw", {2, 3, 255}));
  CHECK_FALSE(allows("socket inet raw", {10, 3, 255}));
  CHECK(allows("socket any raw", {40, 3, 7}));
  CHECK_FALSE(allows("socket any raw", {40, 1, 7}));
  CHECK(rule("socket any").only_box<ir::CallBox>().where.is_always());
}

}  // namespace polc::sema_test
