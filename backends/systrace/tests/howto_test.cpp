// The how-to's policy: read as it was published, and made again from a policy of ours.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "systrace/systrace.hpp"
#include "testing.hpp"

using namespace polc;
using namespace polc::systrace::testing;

namespace {

constexpr std::uint32_t somewhere = 0xC6336407, loopback = 0x7F000001;

sets::Arguments socket_of(std::uint64_t domain, std::uint64_t type) { return {domain, type, 0, 0, 0, 0}; }

ir::Point pair(FileVerb verb, std::string from, std::string to) {
  return ir::PairPoint{verb, std::move(from), std::move(to), FileType::file, {}};
}

}  // namespace

TEST_CASE("the how-to: its text permits and refuses what the real systrace does") {
  const auto howto = reader(howto_text());
  using Ports = std::initializer_list<std::uint16_t>;
  for (const auto port : Ports{80, 443, 1024, 1029, 1030, 1099, 1100, 1999, 2000, 9999, 10000, 65535})
    CHECK_MESSAGE(howto.permits(inet_point(NetVerb::connect, somewhere, port)), port);
  for (const auto port : Ports{22, 79, 81, 442, 444, 1023})
    CHECK_MESSAGE(!howto.permits(inet_point(NetVerb::connect, somewhere, port)), port);
  ir::NetPoint six;
  six.family = Family::inet6;
  six.ip6 = (sets::Uint128{0x20010DB8} << 96) + 1;
  six.port = 9001;
  CHECK(howto.permits(six));
  CHECK(howto.permits(inet_point(NetVerb::bind, loopback, 9050)));
  CHECK(!howto.permits(inet_point(NetVerb::bind, 0, 9050)));
  CHECK(!howto.permits(inet_point(NetVerb::bind, 0, 9001)));
  CHECK(howto.permits(inet_point(NetVerb::send, somewhere, 53)));
  const ir::Point log = socket_point(NetVerb::connect, "/dev/log");
  // `match "inet-*:80"` goes on behind a slash: a directory of that name leads anywhere.
  CHECK(howto.permits(log));
  CHECK(!eval::surely_allows(reading(howto_text()).permits, log));
}

TEST_CASE("the how-to: sockets and calls") {
  const auto howto = reader(howto_text());
  CHECK(howto.permits(call("socket", socket_of(2, 1))));
  CHECK(howto.permits(call("socket", socket_of(1, 2))));
  for (const auto& arguments : {socket_of(2, 2), socket_of(1, 1), socket_of(24, 1), socket_of(24, 2)})
    CHECK(!howto.permits(call("socket", arguments)));
  for (const auto* name : {"sendmsg", "recvmsg", "shutdown", "select", "kevent", "nanosleep", "wait4", "getsockname",
                           "closefrom", "readv", "writev", "setgroups", "chmod", "ftruncate", "kill", "execve"})
    CHECK_MESSAGE(!howto.permits(call(name)), name);
  for (const auto* name : {"read", "poll", "accept", "socketpair", "sendto", "getpid"})
    CHECK_MESSAGE(howto.permits(call(name)), name);
}

TEST_CASE("the how-to: files") {
  const auto howto = reader(howto_text());
  for (const auto* path :
       {"/etc/resolv.conf", "/dev/arandom", "/dev/urandom", "/usr/libexec/ld.so", "/var/run/ld.so.hints"})
    CHECK_MESSAGE(!howto.permits(on(FileVerb::read, path)), path);
  CHECK(howto.permits(on(FileVerb::read, "/etc/tor/torrc")));
  CHECK(!howto.permits(on(FileVerb::write, "/etc/tor/torrc")));
  CHECK(howto.permits(on(FileVerb::create, "/var/lib/tor/new")));
  CHECK(howto.permits(on(FileVerb::create, "/var/lib/tor/new", FileType::dir)));
  CHECK(howto.permits(on(FileVerb::remove, "/var/lib/tor/new")));
  CHECK(!howto.permits(on(FileVerb::create, "/var/lib/tor", FileType::dir)));
  const std::string cached = "/var/lib/tor/cached-directory";
  CHECK(howto.permits(pair(FileVerb::rename, cached + ".tmp", cached)));
  CHECK(!howto.permits(pair(FileVerb::rename, "/var/lib/tor/state.tmp", "/var/lib/tor/state")));
  CHECK(howto.permits(pair(FileVerb::rename, cached + "-x/evil", cached)));
  CHECK(!howto.permits(on(FileVerb::read, "/<non-existent filename>: /etc/group")));
}

TEST_CASE("the how-to: identities, with names and numbers that belong together") {
  const auto howto = reader(howto_text());
  CHECK(howto.permits(ir::IdentityPoint{ir::IdentityKind::user, {"_tor", true, 1001}}));
  CHECK(howto.permits(ir::IdentityPoint{ir::IdentityKind::user, {"", true, 1001}}));
  CHECK(!howto.permits(ir::IdentityPoint{ir::IdentityKind::user, {"", true, 0}}));
  CHECK(!howto.permits(ir::IdentityPoint{ir::IdentityKind::user, {"root", false, 0}}));
  CHECK(howto.permits(ir::IdentityPoint{ir::IdentityKind::group, {"", true, 1001}}));
}

TEST_CASE("the how-to: a rule's line") {
  const auto howto = reader(howto_text());
  REQUIRE(howto.line_for(on(FileVerb::read, "/etc/tor/torrc")).has_value());
  CHECK(*howto.line_for(on(FileVerb::read, "/etc/tor/torrc")) == 29);
  CHECK(!howto.line_for(on(FileVerb::chmod, "/etc/tor/torrc")).has_value());
}

TEST_CASE("style=howto makes the how-to's 78 rule lines from the policy") {
  std::vector<std::string> made = lines(howto_policy(), settings("howto", "2006", "deny"));
  std::vector<std::string> published = rule_lines(howto_text());
  CHECK(published.size() == 78);
  // Within a call the refusals come first, as they must.
  std::map<std::string, bool> permitted;
  for (const std::string& line : made) {
    const std::string name = line.substr(0, line.find(':'));
    const bool permits = line.find("permit", name.size()) != std::string::npos;
    CHECK_MESSAGE((permits || !permitted[name]), line);
    permitted[name] = permitted[name] || permits;
  }
  std::sort(made.begin(), made.end());
  std::sort(published.begin(), published.end());
  std::vector<std::string> missing, extra;
  std::set_difference(published.begin(), published.end(), made.begin(), made.end(), std::back_inserter(missing));
  std::set_difference(made.begin(), made.end(), published.begin(), published.end(), std::back_inserter(extra));
  for (const auto& line : missing) FAIL_CHECK("not made: " << line);
  for (const auto& line : extra) FAIL_CHECK("not in the how-to: " << line);
  CHECK(made.size() == published.size());
}

TEST_CASE("style=howto permits nothing less than the policy") {
  const auto result = legal(howto_policy(), settings("howto", "2006", "deny"));
  for (const auto& finding : result.findings) {
    CHECK(finding.verdict != ir::Verdict::refused);
    CHECK_MESSAGE(finding.verdict != ir::Verdict::narrower, target::name_of(finding.because));
  }
}
