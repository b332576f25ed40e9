#include <doctest/doctest.h>

#include "testing.hpp"

using namespace polc;
using namespace polc::systrace::testing;

TEST_CASE("read: filters of a call come before those of its alias") {
  const auto both = reader(
      "native-fsread: filename match \"/a\" then permit\n"
      "native-open: filename eq \"/a/b\" then deny\n");
  CHECK(both.permits(on(FileVerb::read, "/a/c")));
  CHECK(!both.permits(on(FileVerb::read, "/a/b")));
  CHECK(both.permits(on(FileVerb::stat, "/a/b")));
}

TEST_CASE("read: the first filter that matches decides, and nothing that does is refused") {
  const auto rules = reader(
      "native-chdir: filename eq \"/a\" then deny\n"
      "native-chdir: filename match \"/a\" then permit\n"
      "native-chroot: filename eq \"/a\" then ask\n");
  CHECK(!rules.permits(on(FileVerb::chdir, "/a", FileType::dir)));
  CHECK(rules.permits(on(FileVerb::chdir, "/a/b", FileType::dir)));
  CHECK(!rules.permits(on(FileVerb::chroot, "/a", FileType::dir)));
  CHECK(*rules.line_for(on(FileVerb::chdir, "/a", FileType::dir)) == 2);
  CHECK(!rules.line_for(on(FileVerb::read, "/a")));
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
  for (const auto* name : {"read", "write", "close"}) CHECK(two.permits(call(name)));
  CHECK(!two.permits(call("poll")));
}

TEST_CASE("read: a name as long as a line may be is read, in any case") {
  const std::string name = "/" + std::string(1900, 'a');
  const auto rules = reader("native-chdir: filename eq \"" + name + "\" then permit\n");
  CHECK(rules.permits(on(FileVerb::chdir, name, FileType::dir)));
  CHECK(rules.permits(on(FileVerb::chdir, "/" + std::string(1900, 'A'), FileType::dir)));
  CHECK(!rules.permits(on(FileVerb::chdir, name + "a", FileType::dir)));
}

TEST_CASE("read: a NUL byte is refused") {
  CHECK(refusal(std::string("Policy: /bin/a, Emulation: native\nnative-chdir: filename eq \"/a\0b\" then permit\n", 79)).find("NUL") != std::string::npos);
}

TEST_CASE("read: two stars side by side are one") {
  const auto rules = reader("native-chdir: filename match \"/var/log/tor**\" then permit\n");
  CHECK(rules.permits(on(FileVerb::chdir, "/var/log/tor", FileType::dir)));
  CHECK(rules.permits(on(FileVerb::chdir, "/var/log/tor1", FileType::dir)));
  CHECK(!rules.permits(on(FileVerb::chdir, "/var/log/to", FileType::dir)));
}

TEST_CASE("read: an open is judged by its flags") {
  const auto rules = reader("native-open: ( filename eq \"/x\" ) and ( oflags re \"^won?c?$\" ) then permit\n");
  CHECK(rules.permits(on(FileVerb::write, "/x")));
  CHECK(rules.permits(on(FileVerb::create, "/x")));
  CHECK(!rules.permits(on(FileVerb::append, "/x")));
  CHECK(!rules.permits(on(FileVerb::truncate, "/x")));
  CHECK(!rules.permits(on(FileVerb::read, "/x")));
  CHECK(rules.permits(call("open", {0, 1})));
  CHECK(!rules.permits(call("open", {0, 0})));
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

TEST_CASE("read: each operator, on a name that fits and on one that does not") {
  struct Case {
    const char *test, *fits, *does_not;
  };
  for (const Case& one : {
           Case{"eq \"/a/B\"", "/a/b", "/a/bc"},        // it ignores case
           Case{"neq \"/a/b\"", "/a/c", "/A/B"},
           Case{"sub \"/b\"", "/a/b/c", "/a/c"},
           Case{"nsub \"/b\"", "/a/c", "/a/b/c"},
           Case{"inpath \"/a/b\"", "/a", "/a/c"},        // the name is on the way to the text
           Case{"inpath \"/a/b/c\"", "/a/b", "/a/b/c/d"},
           Case{"match \"/a/*\"", "/a/b/c", "/b"},        // FNM_LEADING_DIR
           Case{"match \"/a/[!x-z]\"", "/a/b", "/a/y"},
           Case{"match \"/a/[\\\\x-\\\\z]\"", "/a/y", "/a/b"},
           Case{"match \"/a/?\"", "/a/b", "/a/bc"},
           Case{"match \"/a/\\\\*\"", "/a/*", "/a/b"},
           Case{"match \"/a/[b\"", "/a/[b", "/a/b"},      // a bracket that is not closed is itself
           Case{"re \"^/a/(b|c)$\"", "/a/c", "/a/d"},
       }) {
    CAPTURE(one.test);
    const auto rules = reader("native-chdir: filename " + std::string(one.test) + " then permit\n");
    CHECK(rules.permits(on(FileVerb::chdir, one.fits, FileType::dir)));
    CHECK_FALSE(rules.permits(on(FileVerb::chdir, one.does_not, FileType::dir)));
  }
}

TEST_CASE("read: `not`, `and`, `or` and parentheses; an argument that is not there fails every test") {
  const auto chdir = [](std::string_view filter, std::string_view path) {
    return reader("native-chdir: " + std::string(filter) + " then permit\n").permits(on(FileVerb::chdir, std::string(path), FileType::dir));
  };
  CHECK(chdir("not filename eq \"/a\"", "/b"));
  CHECK_FALSE(chdir("not filename eq \"/a\"", "/a"));
  CHECK(chdir("( filename sub \"a\" ) and ( filename sub \"b\" )", "/ab"));
  CHECK_FALSE(chdir("( filename sub \"a\" ) and ( filename sub \"b\" )", "/a"));
  CHECK(chdir("( filename eq \"/a\" ) or ( filename eq \"/b\" )", "/b"));
  CHECK_FALSE(chdir("sockaddr neq \"x\"", "/b"));
  CHECK(refusal("native-chdir: filename eq \"/a\" -> permit\n") == "");
  for (const char* wrong : {"native-chdir: filename eq \"/a\" then maybe\n", "native-chdir: filename eq /a then permit\n",
                            "native-chdir: filename re \"(\" then permit\n", "native-chdir: filename eq \"/a\n",
                            "native-chdir: % then permit\n", "native-chdir: true then permit[\n", "native-chdir: true then permit[x]\n",
                            "native-chdir: true then permit as root:\n", "native-chdir: permit, if time = night\n",
                            "native-chdir: permit-now\n", "Policy: /bin/a\n"}) {
    CAPTURE(wrong);
    CHECK(refusal(wrong) != "");
  }
}
