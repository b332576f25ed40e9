#include <doctest/doctest.h>

#include "testing.hpp"

using namespace polc;
using namespace polc::systrace::testing;

TEST_CASE("read: filters of a call come before those of its alias") {
  const auto both = reader(
      "native-fsread: filename match \"/a\" then permit\n"
      "native-open: filename eq \"/a/b\" then deny\n");
  CHECK(both->permits(on(FileVerb::read, "/a/c")));
  CHECK(!both->permits(on(FileVerb::read, "/a/b")));
  CHECK(both->permits(on(FileVerb::stat, "/a/b")));
}

TEST_CASE("read: the first filter that matches decides, and nothing that does is refused") {
  const auto rules = reader(
      "native-chdir: filename eq \"/a\" then deny\n"
      "native-chdir: filename match \"/a\" then permit\n"
      "native-chroot: filename eq \"/a\" then ask\n");
  CHECK(!rules->permits(on(FileVerb::chdir, "/a", FileType::dir)));
  CHECK(rules->permits(on(FileVerb::chdir, "/a/b", FileType::dir)));
  CHECK(!rules->permits(on(FileVerb::chroot, "/a", FileType::dir)));
  CHECK(*rules->line_for(on(FileVerb::chdir, "/a", FileType::dir)) == 2);
  CHECK(!rules->line_for(on(FileVerb::read, "/a")));
}

TEST_CASE("read: headers, several policies and `detached`") {
  CHECK(refusal("Policy: /bin/a, Emulation: native\n") == "");
  CHECK(refusal("POLICY: /bin/a, emulation: native\nnative-read: permit\n") == "");
  CHECK(refusal("Policy:  /bin/a, Emulation: native\n") == "");
  CHECK(refusal("Policy: /bin/a, Emulation: native, foo\n") != "");
  CHECK(refusal("Policy: /bin/a,Emulation: native\n") != "");
  CHECK(refusal("Policy: /bin/a, Emulation: linux\n") != "");
  CHECK(refusal("Policy: /bin/a, Emulation: native\ndetached\nnative-read: permit\n") != "");
  const auto two = reader(
      "Policy: /bin/a, Emulation: native\nnative-read: permit\n"
      "Policy: /bin/b, Emulation: native\nnative-write: permit\n"
      "Policy: /bin/a, Emulation: native\nnative-close: permit\n");
  for (const auto* name : {"read", "write", "close"}) CHECK(two->permits(call(name)));
  CHECK(!two->permits(call("poll")));
}

TEST_CASE("read: an open is judged by its flags") {
  const auto rules = reader("native-open: ( filename eq \"/x\" ) and ( oflags re \"^won?c?$\" ) then permit\n");
  CHECK(rules->permits(on(FileVerb::write, "/x")));
  CHECK(rules->permits(on(FileVerb::create, "/x")));
  CHECK(!rules->permits(on(FileVerb::append, "/x")));
  CHECK(!rules->permits(on(FileVerb::truncate, "/x")));
  CHECK(!rules->permits(on(FileVerb::read, "/x")));
  CHECK(rules->permits(call("open", {0, 1})));
  CHECK(!rules->permits(call("open", {0, 0})));
}

TEST_CASE("read: comments, variables and predicates") {
  CHECK(refusal("# all of it\n\n   native-read: permit # so\n") == "");
  CHECK(refusal("native-chdir: filename eq \"$HOME\" then permit\n").find("$HOME") != std::string::npos);
  CHECK(refusal("native-chdir: filename eq \"$HOMER\" then permit\n") == "");
  CHECK(refusal("native-read: permit, if user = root\n") == "");
  CHECK(refusal("native-read: permit , if user = root\n") != "");
  CHECK(refusal("native-read: true then permit as root:wheel\n") == "");
  CHECK(refusal("native-chdir: filename[10] eq \"/\" then permit\n") != "");
  CHECK(refusal("native-chdir: filename EQ \"/\" then permit\n") != "");
  CHECK(refusal("native-chdir: true then deny[eoverflow]\n") != "");
  CHECK(refusal("native-chdir: true then deny[EPERM]\n") == "");
}
