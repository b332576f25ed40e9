// The line format: every kind of box survives printing and reading.
#include <doctest/doctest.h>

#include <fstream>

#include "knowledge/calls.hpp"
#include "plain/model.hpp"
#include "plain/plain.hpp"

using namespace polc;
using ir::Effect;

namespace {

std::vector<sets::PathPattern> patterns(std::string_view bytes, bool tree = false) {
  return *sets::parse_path_pattern({std::string(bytes), {}}, tree);
}

/// A path that matches just these bytes, whatever they mean in patterns.
std::vector<sets::PathPattern> literal(std::string_view bytes) {
  return *sets::parse_path_pattern({std::string(bytes), std::vector<bool>(bytes.size(), true)}, false);
}

ir::FileBox file(FileVerbs verbs, std::vector<sets::PathPattern> places) {
  ir::FileBox box;
  box.verbs = verbs;
  box.places = std::move(places);
  return box;
}

ir::NetBox net(NetVerbs verbs, Family family) {
  ir::NetBox box;
  box.verbs = verbs;
  box.family = family;
  return box;
}

CallId call(std::string_view name) { return *knowledge::find_call(Os::linux_os, name); }

ir::Condition test(std::uint8_t argument, std::uint64_t mask, sets::Compare op, std::uint64_t value, std::uint8_t width,
                   bool is_signed) {
  return {ir::Condition::Kind::test, {argument, mask, op, value, width, is_signed}, {}};
}

struct Case {
  std::string line;
  ir::Box box;
};

std::vector<Case> file_cases() {
  ir::FileBox tree = file({FileVerb::read, FileVerb::stat}, patterns("/etc", true));
  ir::FileBox full = file({FileVerb::create}, patterns("/l/*.log"));
  full.types = {FileType::file, FileType::dir};
  full.owners = {false, true, {"root", "self"}};
  full.mode = 0640;
  ir::FileBox ioctl = file({FileVerb::ioctl}, patterns("/dev/tty"));
  ioctl.requests = sets::NumberSet::of(21505) | sets::NumberSet::range(1, 5);
  ir::FileBox exec = file({FileVerb::exec}, patterns("/**/sh"));
  exec.successors = {{ir::Successor::Kind::same, ""}, {ir::Successor::Kind::policy, "q"}};
  ir::FileBox every = exec;
  every.successors = {};
  ir::FileBox nothing = file({}, {});
  nothing.types = {};
  ir::PairBox pair{{FileVerb::rename}, patterns("/a"), patterns("/b/**"), FileTypes::all(), {}};
  return {{"allow file read,stat path=/etc,/etc/**", tree},
          {"allow file create path=/l/*.log type=file,dir owner=self,user:root,user:self mode=0640", full},
          {"allow file ioctl path=/dev/tty request=1-5,21505", ioctl},
          {"allow file exec path=/**/sh successor=same,policy:q", exec},
          {"allow file exec path=/**/sh successor=-", every},
          {"allow file - path=- type=-", nothing},
          {"allow pair rename from=/a to=/b/**", pair}};
}

std::vector<Case> net_cases() {
  ir::NetBox tcp = net({NetVerb::connect}, Family::inet);
  tcp.types = {SocketType::stream};
  tcp.protocols = sets::NumberSet::of(0) | sets::NumberSet::of(6);
  tcp.ip4 = sets::Ip4Set::range(0x0A000000, 0x0AFFFFFF) | sets::Ip4Set::of(0x7F000001);
  tcp.ports = sets::PortSet::of(443) | sets::PortSet::range(9001, 9100);
  ir::NetBox six = net({NetVerb::send, NetVerb::receive}, Family::inet6);
  six.ip6 = sets::Ip6Set::of((sets::Uint128{0x20010db8} << 96) + 1);
  ir::NetBox local = net({NetVerb::bind}, Family::unix_family);
  local.any_unix_address = false;
  local.abstracts = *sets::parse_name_pattern({"a/b*", {}});
  return {
      {"allow net connect inet type=stream protocol=0,6 ip4=10.0.0.0-10.255.255.255,127.0.0.1 port=443,9001-9100", tcp},
      {"allow net send,receive inet6 ip6=0x20010db8000000000000000000000001", six},
      {"allow net bind unix path=- abstract=a/b*", local},
      {"allow net connect other", net({NetVerb::connect}, Family::other)}};
}

std::vector<Case> other_cases() {
  using sets::Compare;
  ir::Condition either{ir::Condition::Kind::disjunction, {}, {}};
  either.terms.push_back(test(0, ~std::uint64_t{0}, Compare::equal, 3, 32, true));
  either.terms.push_back(
      {ir::Condition::Kind::negation, {}, {test(2, 0xFF, Compare::greater, ~std::uint64_t{0}, 64, false)}});
  ir::Condition never{ir::Condition::Kind::disjunction, {}, {}};
  const ir::Peer self{ir::Peer::Kind::self, ""}, helper{ir::Peer::Kind::policy, "helper"};
  return {{"allow call mprotect,prctl where=or(eq(arg0:s32,3),not(gt(arg2&0xff,18446744073709551615)))",
           ir::CallBox{{call("mprotect"), call("prctl")}, either}},
          {"allow call fork where=or()", ir::CallBox{{call("fork")}, never}},
          {"allow call fork", ir::CallBox{{call("fork")}, {}}},
          {"allow user id=1-3 account=_t%20or:1001,a:b:",
           ir::IdentityBox{
               ir::IdentityKind::user, sets::NumberSet::range(1, 3), {{"_t or", true, 1001}, {"a:b", false, 0}}}},
          {"allow group id=0-4294967295", ir::IdentityBox{ir::IdentityKind::group, sets::NumberSet::all(), {}}},
          {"allow capability 0,62-63", ir::CapabilityBox{std::uint64_t{3} << 62 | 1}},
          {"allow signal 15 to=self,policy:helper", ir::PeerBox{ir::PeerKind::signal, 1u << 15, false, {self, helper}}},
          {"allow ptrace 0-1 to=any", ir::PeerBox{ir::PeerKind::ptrace, 3, true, {}}}};
}

void check_all(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    CHECK(plain::line_of(Os::linux_os, Effect::allow, c.box) == c.line);
    const auto back = plain::line_from(Os::linux_os, c.line);
    REQUIRE_MESSAGE(back, c.line << ": " << back.error());
    CHECK_MESSAGE(back->box == c.box, c.line);
  }
}

}  // namespace

TEST_CASE("line_of: file boxes print and read back") { check_all(file_cases()); }
TEST_CASE("line_of: net boxes print and read back") { check_all(net_cases()); }
TEST_CASE("line_of: call and process boxes print and read back") { check_all(other_cases()); }

TEST_CASE("line_of: a deny says so") {
  const auto line = plain::line_from(Os::linux_os, "deny capability 21");
  REQUIRE(line);
  CHECK(line->effect == Effect::deny);
}

TEST_CASE("line_of: any byte of a path survives") {
  std::string path = "/";
  for (int byte = 1; byte < 256; ++byte)
    if (byte != '/') path += static_cast<char>(byte);
  const ir::FileBox box = file({FileVerb::read}, literal(path));
  const std::string line = plain::line_of(Os::linux_os, Effect::allow, box);
  CHECK(line.find('\n') == std::string::npos);
  const auto back = plain::line_from(Os::linux_os, line);
  REQUIRE(back);
  CHECK(std::get<ir::FileBox>(back->box).places.front().literal() == path);
}

TEST_CASE("README: its example is what the reader understands") {
  std::ifstream readme(PLAIN_README);
  std::string example;
  for (std::string line; std::getline(readme, line);)
    if (line.substr(0, 4) == "    ") example += line.substr(4) + '\n';
  const auto lines = plain::lines_from(Os::linux_os, example);
  REQUIRE_MESSAGE(lines, lines.error().line << ": " << lines.error().message);
  CHECK(lines->size() == 11);
}

TEST_CASE("capabilities: plain says everything exactly") {
  for (const target::Capability& row : plain::backend().capabilities) CHECK(row.support == ir::Verdict::exact);
}
