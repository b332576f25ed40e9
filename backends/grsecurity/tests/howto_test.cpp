// The how-to's ACL: read and evaluated as it stands, and made again from a policy.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "acl.hpp"

using namespace polc;
using namespace polc::grsecurity::tests;

namespace {

std::string howto_text() {
  std::ifstream in(POLC_HOWTO);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// design/examples/tor-howto.pol, variant debian.
ir::Policy howto_policy() {
  using V = FileVerb;
  const auto any4 = sets::Ip4Set::all();
  const auto socks_host = sets::Ip4Set::of(ip(127, 0, 0, 1));
  const auto socks_port = sets::PortSet::of(9050);
  const FileVerbs all_of_state{V::read, V::write, V::create, V::remove};
  std::vector<ir::Rule> rules{
      rule(Effect::allow, {file({V::read, V::write}, "/dev/null")}),
      rule(Effect::allow, {file({V::write}, "/var/log/tor/**")}),
      rule(Effect::allow, {tcp({NetVerb::bind}, socks_host, socks_port)}),
      rule(Effect::allow, {tcp({NetVerb::connect}, any4, sets::PortSet::range(9001, 9100) | sets::PortSet::of(443))}),
      rule(Effect::allow, {tree(all_of_state, "/var/lib/tor"), tree(all_of_state, "/var/run/tor"),
                           pair(V::link, "/{var/lib,var/run}/tor", "/{var/lib,var/run}/tor")}),
      rule(Effect::allow, {tree({V::read, V::exec, V::map}, "/lib"), tree({V::read, V::exec, V::map}, "/usr/lib")}),
      rule(Effect::allow, {file({V::read}, "/dev/urandom")}),
      rule(Effect::allow, {tree({V::read}, "/etc/tor")}),
      rule(Effect::allow, {tree({V::read, V::write}, "/var/log/tor")}),
      rule(Effect::allow, {tcp({NetVerb::connect}, socks_host, socks_port)}),
  };
  return policy_of(std::move(rules), "/usr/sbin/tor");
}

}  // namespace

TEST_CASE("how-to: the policy gives the 16 lines of the ACL") {
  std::vector<std::string> wanted = lines_of(howto_text());
  std::vector<std::string> made = lines_of(compile(howto_policy()).text);
  REQUIRE(wanted.size() == 16);
  CHECK(made.front() == "subject /usr/sbin/tor o {");
  CHECK(made[1] == "/ h");
  CHECK(made.back() == "}");
  std::sort(wanted.begin(), wanted.end());
  std::sort(made.begin(), made.end());
  CHECK(made == wanted);
}

TEST_CASE("how-to: nothing of the policy is refused or narrowed") {
  const auto made = compile(howto_policy());
  for (const target::Finding& finding : made.legal.findings) {
    const bool is_harmless = target::is_open(finding.verdict);
    CHECK_MESSAGE(is_harmless, ir::name_of(finding.verdict)
                                   << " because " << target::name_of(finding.because) << ": "
                                   << (finding.witness ? format::text_of(Os::linux_os, *finding.witness) : ""));
  }
}

TEST_CASE("how-to: the network part") {
  const auto acl = reader_of(howto_text());
  const std::uint32_t far = ip(198, 51, 100, 7), near = ip(127, 0, 0, 1);
  CHECK(acl.permits(to(NetVerb::connect, far, 443)));
  CHECK_FALSE(acl.permits(to(NetVerb::connect, far, 80)));
  CHECK(acl.permits(to(NetVerb::connect, far, 9030)));
  CHECK_FALSE(acl.permits(to(NetVerb::connect, far, 9101)));
  CHECK(acl.permits(to(NetVerb::connect, near, 9050)));
  CHECK_FALSE(acl.permits(to(NetVerb::connect, near, 9000)));
  CHECK(acl.permits(to(NetVerb::bind, near, 9050)));
  CHECK_FALSE(acl.permits(to(NetVerb::bind, 0, 9001)));
  CHECK_FALSE(acl.permits(to(NetVerb::connect, far, 53, SocketType::dgram, 17)));
  CHECK_FALSE(acl.permits(socket_of(2, 2, 17)));
  CHECK(acl.permits(socket_of(2, 1, 0)));
  CHECK_FALSE(acl.permits(socket_of(10, 1, 6)));
}

TEST_CASE("how-to: the files") {
  const auto acl = reader_of(howto_text());
  CHECK_FALSE(acl.permits(at(FileVerb::stat, "/etc/passwd")));
  CHECK_FALSE(acl.permits(at(FileVerb::read, "/etc/resolv.conf")));
  CHECK(acl.permits(at(FileVerb::read, "/etc/tor/torrc")));
  CHECK_FALSE(acl.permits(at(FileVerb::write, "/etc/tor/torrc")));
  CHECK(acl.permits(at(FileVerb::write, "/var/log/tor/log")));
  CHECK_FALSE(acl.permits(at(FileVerb::create, "/var/log/tor/new")));
  CHECK(acl.permits(at(FileVerb::create, "/var/run/tor/pid")));
  CHECK(acl.permits(ir::PairPoint{FileVerb::link, "/var/lib/tor/a", "/var/lib/tor/b", FileType::file, {}}));
  CHECK_FALSE(acl.permits(ir::PairPoint{FileVerb::link, "/var/lib/tor/a", "/var/log/tor/b", FileType::file, {}}));
  CHECK_FALSE(acl.permits(at(FileVerb::exec, "/bin/sh")));
  CHECK(acl.permits(at(FileVerb::exec, "/usr/sbin/tor")));  // gradm adds it
}

TEST_CASE("how-to: capabilities and accounts") {
  const auto acl = reader_of(howto_text());
  CHECK_FALSE(acl.permits(ir::CapabilityPoint{7}));
  CHECK_FALSE(acl.permits(ir::CapabilityPoint{12}));
  CHECK_FALSE(acl.permits(ir::IdentityPoint{ir::IdentityKind::user, {"_tor", true, 1001}}));
}

TEST_CASE("how-to: each answer names its line") {
  const auto acl = reader_of(howto_text());
  CHECK(acl.line_for(at(FileVerb::read, "/etc/tor/torrc")) == 8);
  CHECK(acl.line_for(at(FileVerb::read, "/etc/passwd")) == 2);
  CHECK(acl.line_for(to(NetVerb::connect, ip(1, 2, 3, 4), 443)) == 15);
  CHECK(acl.line_for(ir::CapabilityPoint{7}) == 11);
  CHECK_FALSE(acl.line_for(to(NetVerb::connect, ip(1, 2, 3, 4), 80)));
}
