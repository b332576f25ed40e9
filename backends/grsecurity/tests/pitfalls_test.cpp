// One test a pitfall of gradm's language: what is easily written wrong, and what is printed instead.
#include <algorithm>
#include <regex>

#include "acl.hpp"

using namespace polc;
using namespace polc::grsecurity::tests;

namespace {

const auto any4 = sets::Ip4Set::all();
const auto any_port = sets::PortSet::all();

ir::CapabilityBox capability(unsigned number) { return {std::uint64_t{1} << number}; }

ir::NetBox inet6(NetVerbs verbs) {
  ir::NetBox box;
  box.verbs = verbs;
  box.family = Family::inet6;
  return box;
}

bool has_verdict(const Compiled& made, ir::Verdict verdict) {
  return std::any_of(made.legal.findings.begin(), made.legal.findings.end(),
                     [&](const auto& f) { return f.verdict == verdict; });
}

constexpr std::string_view head = "subject /usr/sbin/d o\n/ h\n-CAP_ALL\n";
std::string acl(std::string_view more) { return std::string(head) + std::string(more); }

}  // namespace

TEST_CASE("P-G1: connect and bind always come together") {
  const auto nothing = compile(policy_of({}));
  CHECK(has_line(nothing, "connect disabled"));
  CHECK(has_line(nothing, "bind disabled"));
  const auto only_connect =
      compile(policy_of({rule(Effect::allow, {tcp({NetVerb::connect}, any4, sets::PortSet::of(80))})}));
  CHECK(has_line(only_connect, "bind disabled"));
  CHECK_FALSE(has_line(only_connect, "connect disabled"));
  const auto only_bind = compile(policy_of({rule(Effect::allow, {tcp({NetVerb::bind}, any4, sets::PortSet::of(80))})}));
  CHECK(has_line(only_bind, "connect disabled"));
  CHECK(reader_of(acl("")).permits(to(NetVerb::connect, 1, 1)));  // no rule at all is no restriction
  CHECK_FALSE(refusal_of(acl("connect disabled")).empty());
  CHECK(refusal_of(acl("connect disabled"), settings("2.1")).empty());
}

TEST_CASE("P-G2: the default object is there and stands first") {
  for (const auto& made :
       {compile(policy_of({})), compile(policy_of({rule(Effect::allow, {tree({FileVerb::read}, "/")})}))}) {
    const auto lines = lines_of(made.text);
    REQUIRE(lines.size() > 1);
    CHECK(lines[1].substr(0, 2) == "/ ");
  }
  CHECK(has_line(compile(policy_of({rule(Effect::allow, {tree({FileVerb::read}, "/")})})), "/ r"));
  CHECK_FALSE(refusal_of("subject /usr/sbin/d o\n/etc r\n").empty());
}

TEST_CASE("P-G3: -CAP_ALL stands before every capability") {
  const auto made = compile(policy_of({rule(Effect::allow, {capability(10)}), rule(Effect::allow, {capability(12)}),
                                       rule(Effect::deny, {capability(12)})}));
  const auto lines = lines_of(made.text);
  const auto all = std::find(lines.begin(), lines.end(), "-CAP_ALL");
  const auto kept = std::find(lines.begin(), lines.end(), "+CAP_NET_BIND_SERVICE");
  CHECK(all < kept);
  CHECK(kept != lines.end());
  CHECK_FALSE(has_word(made, "CAP_NET_ADMIN"));
  CHECK_FALSE(reader_of("subject /d o\n/ h\n+CAP_KILL\n-CAP_ALL\n").permits(ir::CapabilityPoint{5}));
  CHECK(reader_of("subject /d o\n/ h\n+CAP_KILL\n").permits(ir::CapabilityPoint{21}));  // none dropped: all kept
}

TEST_CASE("P-G4: prefixes, ports and ranges are in bounds") {
  const auto hosts = sets::Ip4Set::range(ip(10, 0, 0, 1), ip(10, 0, 0, 6)) | sets::Ip4Set::of(~0u);
  const auto made =
      compile(policy_of({rule(Effect::allow, {tcp({NetVerb::connect}, hosts, sets::PortSet::range(65535, 65535))})}));
  CHECK(has_line(made, "connect 10.0.0.1:65535 stream tcp"));
  CHECK(has_line(made, "connect 10.0.0.2/31:65535 stream tcp"));
  CHECK(has_line(made, "connect 10.0.0.4/31:65535 stream tcp"));
  CHECK(has_line(made, "connect 10.0.0.6:65535 stream tcp"));
  CHECK(has_line(made, "connect 255.255.255.255:65535 stream tcp"));
  // gradm takes /33 for /1 and never matches a reversed range.
  CHECK(reader_of(acl("connect 1.2.3.4/33:80 stream tcp\nbind disabled"))
            .permits(to(NetVerb::connect, ip(99, 0, 0, 1), 80)));
  CHECK_FALSE(reader_of(acl("connect 1.2.3.4:90-80 stream tcp\nbind disabled"))
            .permits(to(NetVerb::connect, ip(1, 2, 3, 4), 85)));
  CHECK_FALSE(refusal_of(acl("connect 1.2.3.4:65536 stream tcp\nbind disabled")).empty());
  CHECK(reader_of(acl("connect 1.2.3.4:65616 stream tcp\nbind disabled"), settings("2.1"))
            .permits(to(NetVerb::connect, ip(1, 2, 3, 4), 80)));
}

TEST_CASE("P-G5: every rule has a type and a protocol") {
  ir::NetBox box;
  box.verbs = {NetVerb::connect};
  CHECK(has_line(compile(policy_of({rule(Effect::allow, {box})})), "connect 0.0.0.0/0 any_sock any_proto"));
  box.types = {SocketType::raw};
  box.protocols = sets::NumberSet::of(1);
  CHECK(has_line(compile(policy_of({rule(Effect::allow, {box})})), "connect 0.0.0.0/0 raw_sock icmp"));
  const auto dead = reader_of(acl("connect 1.2.3.4:80 stream\nbind disabled"));
  CHECK_FALSE(dead.permits(to(NetVerb::connect, ip(1, 2, 3, 4), 80)));
  CHECK_FALSE(refusal_of(acl("connect 1.2.3.4:80\nbind disabled")).empty());
}

TEST_CASE("P-G6: one rule a port or range") {
  const auto ports = sets::PortSet::of(80) | sets::PortSet::range(8000, 8080);
  const auto made = compile(policy_of({rule(Effect::allow, {tcp({NetVerb::connect}, any4, ports)})}));
  CHECK(has_line(made, "connect 0.0.0.0/0:80 stream tcp"));
  CHECK(has_line(made, "connect 0.0.0.0/0:8000-8080 stream tcp"));
  CHECK_FALSE(refusal_of(acl("connect 1.2.3.4:80,81 stream tcp\nbind disabled")).empty());
}

TEST_CASE("P-G7: IPv6 is opened as a whole or not at all") {
  const auto part = compile(policy_of({rule(Effect::allow, {inet6({NetVerb::connect})})}));
  CHECK_FALSE(has_word(part, "sock_allow_family"));
  CHECK(has_verdict(part, ir::Verdict::narrower));
  const auto whole = compile(policy_of({rule(Effect::allow, {inet6(NetVerbs::all())})}));
  CHECK(has_line(whole, "sock_allow_family ipv6"));
  ir::NetBox denied = inet6({NetVerb::connect});
  denied.ports = sets::PortSet::of(25);
  const auto but_one =
      compile(policy_of({rule(Effect::allow, {inet6(NetVerbs::all())}), rule(Effect::deny, {denied})}));
  CHECK_FALSE(has_word(but_one, "sock_allow_family"));
}

TEST_CASE("P-G8: addresses are numbers, never names") {
  const auto made = compile(policy_of({rule(Effect::allow, {tcp({NetVerb::connect}, any4, any_port)})}));
  const std::regex rule_line(
      R"((connect|bind) (! )?\d+\.\d+\.\d+\.\d+(/\d+)?(:\d+(-\d+)?)?( [a-z0-9_:-]+){2,}|(connect|bind) disabled)");
  for (const std::string& line : lines_of(made.text))
    if (line.starts_with("connect") || line.starts_with("bind")) CHECK(std::regex_match(line, rule_line));
  CHECK_FALSE(refusal_of(acl("connect example.org:80 stream tcp\nbind disabled")).empty());
}

TEST_CASE("P-G9: a refusal stands before the permission it cuts into") {
  const auto web = sets::PortSet::of(80) | sets::PortSet::of(443);
  const auto host = sets::Ip4Set::of(ip(10, 0, 0, 1));
  const auto made = compile(policy_of({rule(Effect::allow, {tcp({NetVerb::connect}, any4, web)}),
                                       rule(Effect::deny, {tcp({NetVerb::connect}, host, any_port)}),
                                       rule(Effect::deny, {udp({NetVerb::connect}, host, any_port)})}));
  const auto lines = lines_of(made.text);
  const auto refusal = std::find(lines.begin(), lines.end(), "connect ! 10.0.0.1:80 stream tcp");
  const auto permission = std::find(lines.begin(), lines.end(), "connect 0.0.0.0/0:80 stream tcp");
  CHECK(refusal < permission);
  CHECK_FALSE(has_word(made, "dgram"));  // it would let such sockets be made
  CHECK_FALSE(target::permits(*made.reading, to(NetVerb::connect, ip(10, 0, 0, 1), 443)));
  CHECK(target::permits(*made.reading, to(NetVerb::connect, ip(10, 0, 0, 2), 443)));
  const auto only_deny = compile(policy_of({rule(Effect::deny, {tcp({NetVerb::connect}, host, any_port)})}));
  CHECK(has_line(only_deny, "connect disabled"));
  CHECK_FALSE(reader_of(acl("connect ! 1.2.3.4 stream tcp\nbind disabled")).permits(to(NetVerb::connect, 9, 9)));
}

TEST_CASE("P-G10: UDP's messages go by connect rules, listen and accept by bind rules") {
  const auto made = compile(policy_of({rule(Effect::allow, {udp({NetVerb::send}, any4, sets::PortSet::of(53))}),
                                       rule(Effect::allow, {tcp({NetVerb::listen}, any4, sets::PortSet::of(80))})}));
  CHECK(has_line(made, "connect 0.0.0.0/0:53 dgram udp"));
  CHECK(has_line(made, "bind 0.0.0.0/0:80 stream tcp"));
  CHECK(target::permits(*made.reading, to(NetVerb::receive, 1, 53, SocketType::dgram, 17)));
  CHECK_FALSE(target::permits(*made.reading, to(NetVerb::receive, 1, 54, SocketType::dgram, 17)));
  CHECK(target::permits(*made.reading, to(NetVerb::accept, 1, 80)));
}

TEST_CASE("P-G11: no wildcard is printed: the directory before it is") {
  const auto made = compile(
      policy_of({rule(Effect::allow, {file({FileVerb::read}, "/etc/d/*.conf"), file({FileVerb::read}, "/a/**/b")})}));
  CHECK(has_line(made, "/etc/d r"));
  CHECK(has_line(made, "/a r"));
  for (const char wildcard : {'*', '?', '['}) CHECK_FALSE(has_word(made, std::string(1, wildcard)));
  CHECK(has_verdict(made, ir::Verdict::wider));
  const auto denied = compile(policy_of({rule(Effect::allow, {tree({FileVerb::read}, "/etc")}),
                                         rule(Effect::deny, {file({FileVerb::read}, "/etc/*.key")})}));
  CHECK(has_verdict(denied, ir::Verdict::narrower));
  CHECK_FALSE(refusal_of(acl("/home/*/.ssh r")).empty());
}

TEST_CASE("P-G12: writing is not creating, deleting or linking") {
  const auto made = compile(policy_of(
      {rule(Effect::allow, {tree({FileVerb::write}, "/a")}), rule(Effect::allow, {tree({FileVerb::create}, "/b")}),
       rule(Effect::allow, {tree({FileVerb::append}, "/c")}), rule(Effect::allow, {tree({FileVerb::remove}, "/d")})}));
  CHECK(has_line(made, "/a w"));
  CHECK(has_line(made, "/b wc"));  // the kernel asks for w beside c
  CHECK(has_line(made, "/c a"));
  CHECK(has_line(made, "/d wd"));
  CHECK_FALSE(target::permits(*made.reading, at(FileVerb::create, "/a/x")));
  CHECK_FALSE(target::permits(*made.reading, at(FileVerb::write, "/c/x")));
  CHECK_FALSE(reader_of(acl("/b c")).permits(at(FileVerb::create, "/b/x")));
}

TEST_CASE("P-G13: a blank stands before the brace, and subjects have their path in full") {
  CHECK(lines_of(compile(policy_of({})).text).front() == "subject /usr/sbin/d o {");
  const auto glued = reader_of("subject /usr/sbin/d{ o\n/ h\n/etc r\n}");
  CHECK(glued.permits(at(FileVerb::exec, "/usr/sbin/d{")));  // accepted, and not the program that was meant
  CHECK_FALSE(glued.permits(at(FileVerb::exec, "/usr/sbin/d")));
  CHECK_FALSE(refusal_of(acl("/etc//x r")).empty());
  CHECK_FALSE(refusal_of(acl("/etc/../x r")).empty());
  CHECK_FALSE(refusal_of("subject /usr/[s]bin/d o\n/ h\n").empty());
}

TEST_CASE("P-G14: no subject and no object is named twice") {
  ir::Policy policy =
      policy_of({rule(Effect::allow, {file({FileVerb::read}, "/etc/x"), tree({FileVerb::write}, "/etc/x")})});
  auto lines = lines_of(compile(policy).text);
  std::sort(lines.begin(), lines.end());
  CHECK(std::adjacent_find(lines.begin(), lines.end()) == lines.end());
  CHECK_FALSE(refusal_of("subject /d o\n/ h\nsubject /d o\n/ h\n").empty());
  CHECK_FALSE(refusal_of(acl("/etc r\n/etc rw")).empty());
  CHECK(refusal_of(acl("/etc r\n/etc r")).empty());
  CHECK_FALSE(refusal_of(acl("/etc r\n/etc r"), settings("2.1")).empty());
}

TEST_CASE("P-G15: subjects inherit nothing, and the most specific object has the total") {
  const auto made = compile(policy_of({rule(Effect::allow, {tree({FileVerb::read}, "/a")}),
                                       rule(Effect::allow, {tree({FileVerb::write}, "/a/b")}),
                                       rule(Effect::deny, {tree({FileVerb::read, FileVerb::write}, "/a/b/c")}),
                                       rule(Effect::allow, {tree({FileVerb::read}, "/a/b/c/d")})}));
  CHECK(has_line(made, "/a r"));
  CHECK(has_line(made, "/a/b rw"));
  CHECK(has_line(made, "/a/b/c h"));
  CHECK_FALSE(target::permits(*made.reading, at(FileVerb::read, "/a/b/c/d")));
  const auto heir = reader_of("role default\nsubject /\n/ h\n/usr/lib r\nsubject /usr/bin/d\n/ w\n");
  CHECK(heir.permits(at(FileVerb::read, "/usr/lib/x")));  // the parent's longer path beats its own shorter one
  CHECK_FALSE(heir.permits(at(FileVerb::write, "/usr/lib/x")));
}

TEST_CASE("P-G16: only words that this gradm has") {
  const auto newer = compile(policy_of({rule(Effect::allow, {capability(38)})}));
  CHECK_FALSE(has_word(newer, "PERFMON"));
  CHECK(has_verdict(newer, ir::Verdict::narrower));
  CHECK_FALSE(refusal_of(acl("+CAP_PERFMON")).empty());
  CHECK_FALSE(refusal_of(acl("/etc r\r\n")).empty());
  CHECK_FALSE(refusal_of(acl("/dev/pts/0 rw")).empty());
  CHECK(has_line(compile(policy_of({rule(Effect::allow, {file({FileVerb::read}, "/dev/pts/0")})})), "/dev/pts r"));
  CHECK(has_line(compile(policy_of({rule(Effect::allow, {file({FileVerb::read}, "/a b/#c")})})), "\"/a b/#c\" r"));
  CHECK(
      has_verdict(compile(policy_of({rule(Effect::allow, {file({FileVerb::read}, "/a\"b")})})), ir::Verdict::narrower));
  ir::NetBox netlink;
  netlink.verbs = {NetVerb::bind};
  netlink.family = Family::netlink;
  const auto policy = policy_of({rule(
      Effect::allow, {netlink, net({NetVerb::connect}, SocketType::raw, sets::NumberSet::of(89), any4, any_port)})});
  CHECK(has_line(compile(policy), "sock_allow_family netlink"));
  CHECK(has_word(compile(policy), "proto:89"));
  const auto old = compile(policy, settings("2.1"));
  CHECK_FALSE(has_word(old, "sock_allow_family"));
  CHECK_FALSE(has_word(old, "proto:"));
  CHECK_FALSE(refusal_of(acl("sock_allow_family netlink"), settings("2.1")).empty());
}

TEST_CASE("P-G17: the subject `/` of the skeleton has nothing that gradm -C would call a hole") {
  const auto made =
      compile(policy_of({rule(Effect::allow, {tree({FileVerb::read}, "/etc")})}), settings("3.1", "policy"));
  const auto lines = lines_of(made.text);
  REQUIRE(lines.size() > 4);
  CHECK(lines[0] == "role default");
  CHECK(lines[1] == "subject /");
  CHECK(lines[2] == "/ h");
  CHECK(lines[3] == "-CAP_ALL");
  CHECK_FALSE(
      refusal_of(compile(policy_of({})).text, settings("3.1", "policy")).empty());  // a subject alone is no policy
}
