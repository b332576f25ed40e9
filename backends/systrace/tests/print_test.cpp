#include <doctest/doctest.h>

#include <algorithm>

#include "systrace/systrace.hpp"
#include "testing.hpp"

using namespace polc;
using namespace polc::systrace::testing;
using Lines = std::vector<std::string>;

TEST_CASE("print: nothing allowed is a policy without rules") {
  const ir::Policy empty = policy({});
  CHECK(lines(empty, settings("exact")).empty());
  const std::string text = enforced(empty, settings("exact")).printed.text;
  CHECK(text.find("\nPolicy: /bin/tested, Emulation: native\n") != std::string::npos);
  CHECK(text.back() == '\n');
}

TEST_CASE("print: one reading rule, exactly") {
  CHECK(lines(policy({allow({file({FileVerb::read}, "/etc/x.conf")})}), settings("exact")) ==
        Lines{"native-access: filename re \"^/etc/x\\\\.conf$\" then permit",
              "native-lstat: filename re \"^/etc/x\\\\.conf$\" then permit",
              "native-open: ( filename re \"^/etc/x\\\\.conf$\" ) and ( oflags re \"^ron?a?$\" ) then permit",
              "native-readlink: filename re \"^/etc/x\\\\.conf$\" then permit",
              "native-stat: filename re \"^/etc/x\\\\.conf$\" then permit"});
}

TEST_CASE("print: reading, writing, creating and deleting of one tree is exact") {
  const FileVerbs verbs{FileVerb::read, FileVerb::write, FileVerb::remove, FileVerb::truncate};
  ir::FileBox made = file({FileVerb::create}, "/var/db", true);
  made.types = {FileType::file, FileType::dir, FileType::fifo, FileType::symlink};
  const ir::Policy exact = policy({allow({file(verbs, "/var/db", true), made})});
  CHECK(legal(exact, settings("exact")).findings.empty());
  // mknod is not told by what it makes.
  made.types = {FileType::chardev};
  const auto wider = legal(policy({allow({made})}), settings("exact"));
  REQUIRE(wider.findings.size() == 1);
  CHECK(wider.findings[0].verdict == ir::Verdict::wider);
}

TEST_CASE("print: a refusal precedes what it is an exception from") {
  const auto made = lines(policy({allow({file({FileVerb::chdir}, "/a/**")}), deny({file({FileVerb::chdir}, "/a/b")})}),
                          settings("exact"));
  CHECK(made ==
        Lines{"native-chdir: filename re \"^/a/b$\" then deny", "native-chdir: filename re \"^/a/.+$\" then permit"});
}

TEST_CASE("print: IPv4 networks by octet, IPv6 by text") {
  const auto lan =
      policy({allow({inet({NetVerb::bind}, sets::Ip4Set::range(0xAC100000, 0xAC1FFFFF), sets::PortSet::of(53))})});
  CHECK(lines(lan, settings("exact"))[0] ==
        "native-bind: sockaddr re \"^inet-\\\\[172\\\\.(1[6-9]|2[0-9]|3[01])\\\\.[0-9.]+\\\\]:53$\" then permit");
  ir::NetBox six = inet({NetVerb::bind}, {}, sets::PortSet::of(53));
  six.family = Family::inet6;
  const sets::Uint128 documentation = sets::Uint128{0x20010DB8} << 96;
  six.ip6 = sets::Ip6Set::range(documentation, documentation + ((sets::Uint128{1} << 96) - 1));
  CHECK(lines(policy({allow({six})}), settings("exact"))[0] ==
        "native-bind: sockaddr re \"^inet-\\\\[2001:db8:[^]]*\\\\]:53$\" then permit");
}

TEST_CASE("print: the order of the rules does not matter") {
  ir::Policy forwards = howto_policy();
  ir::Policy backwards = forwards;
  std::reverse(backwards.rules.begin(), backwards.rules.end());
  for (const auto* style : {"exact", "howto"})
    CHECK(lines(forwards, settings(style)) == lines(backwards, settings(style)));
}

TEST_CASE("print: an allowed call with a translator is narrower, sendto is what a connected socket needs") {
  const auto open = legal(policy({calls({"open"})}), settings("exact"));
  REQUIRE(open.findings.size() == 1);
  CHECK(open.findings[0].verdict == ir::Verdict::narrower);
  CHECK(lines(policy({calls({"sendto"})}), settings("exact")) ==
        Lines{"native-sendto: not ( sockaddr re \"^\" ) then permit"});
}

TEST_CASE("print: each program has its own policy, and raw text stands behind the rules") {
  ir::Policy both = policy({calls({"read"})});
  both.programs = {"/bin/a", "/bin/b"};
  both.raws.push_back({"systrace", "native-write: permit", {}, {}});
  both.raws.push_back({"plain", "no", {}, {}});
  const std::string text = enforced(both, settings("exact")).printed.text;
  CHECK(text.substr(text.find("Policy:")) ==
        "Policy: /bin/a, Emulation: native\nnative-read: permit\nnative-write: permit\n"
        "Policy: /bin/b, Emulation: native\nnative-read: permit\nnative-write: permit\n");
}
