#include <doctest/doctest.h>

#include <algorithm>

#include "apparmor/apparmor.hpp"
#include "apparmor/meet.hpp"
#include "apparmor/read_pattern.hpp"

using namespace polc;
using apparmor::Pattern;

namespace {

target::ReadResult read(const std::string& text) { return apparmor::backend().read(text, {}, {}); }

bool permits(const target::ReadResult& reader, FileVerb verb, const std::string& path, FileType type = FileType::file) {
  ir::FilePoint point;
  point.verb = verb;
  point.path = path;
  point.type = type;
  return (*reader)->permits(point);
}

bool matches(std::string_view pattern, std::string_view name) { return Pattern::parse(pattern)->matches(name); }

sets::PathPattern pattern(std::string_view text) {
  return sets::parse_path_pattern({std::string(text), {}}, false)->front();
}

}  // namespace

TEST_CASE("Pattern: stars, as the parser compiles them") {
  CHECK(matches("/x/*", "/x/a"));
  CHECK_FALSE(matches("/x/*", "/x/"));
  CHECK(matches("/x*y", "/xy"));
  CHECK_FALSE(matches("/x/*", "/x/a/b"));
  CHECK(matches("/x/**", "/x/a/b"));
  CHECK_FALSE(matches("/x/**", "/x/"));
  CHECK_FALSE(matches("/x/**/y", "/x/y"));
  CHECK(matches("/x/*{,/}", "/x/"));  // the trap: before a brace the star may match nothing
  CHECK_FALSE(matches("/x/?*{,/}", "/x/"));
  CHECK(matches("/x{,/,/**}", "/x"));
  CHECK(matches("/x{,/,/**}", "/x/a/"));
  CHECK(matches("/a\\052\\040b", "/a* b"));
  CHECK(matches("/[^a-c]", "/d"));
  CHECK_FALSE(matches("/[a-c]", "/d"));
}

TEST_CASE("Pattern: what the parser refuses is refused") {
  for (const char* text : {"", "/{a}", "/{a,b", "/a}", "/[a", "/@{HOME}/x", "/a\\"}) {
    INFO(text);
    CHECK_FALSE(Pattern::parse(text));
  }
}

TEST_CASE("read: an abstraction permits all that no rule denies, if the options name it; else it is an error") {
  const std::string text =
      "abi <abi/3.0>,\nprofile t {\n  include <abstractions/base>\n  deny /srv/secret r,\n  deny capability "
      "chown,\n}\n";
  CHECK(read(text).error().line == 3);
  target::Settings settings;
  settings.options["abstractions"] = "nameservice,base";
  const auto reader = apparmor::backend().read(text, {}, settings);
  REQUIRE(reader);
  CHECK(permits(reader, FileVerb::write, "/etc/shadow"));
  CHECK(permits(reader, FileVerb::exec, "/usr/bin/su"));
  CHECK_FALSE(permits(reader, FileVerb::read, "/srv/secret"));
  CHECK((*reader)->permits(ir::CapabilityPoint{21}));
  CHECK_FALSE((*reader)->permits(ir::CapabilityPoint{0}));
  CHECK((*reader)->line_for(ir::CapabilityPoint{21}) == 3u);
  settings.options["abstractions"] = "bases";
  CHECK_FALSE(apparmor::backend().read(text, {}, settings));
}

TEST_CASE("read: rules of any order add up, and a deny takes away") {
  const auto reader =
      read("abi <abi/3.0>,\nprofile t /usr/bin/t {\n  deny /srv/secret r,\n  /srv/* r,\n  owner /srv/** w,\n}\n");
  REQUIRE(reader);
  CHECK(permits(reader, FileVerb::read, "/srv/a"));
  CHECK_FALSE(permits(reader, FileVerb::read, "/srv/secret"));
  CHECK_FALSE(permits(reader, FileVerb::write, "/srv/a"));  // not the owner
  CHECK_FALSE(permits(reader, FileVerb::read, "/srv/a", FileType::dir));
  CHECK(permits(reader, FileVerb::stat, "/anything"));
}

TEST_CASE("read: for exec one exact name beats patterns") {
  const auto reader = read("profile t {\n  /bin/* ix,\n  /bin/su Px -> other,\n}\n");
  REQUIRE(reader);
  ir::FilePoint point;
  point.verb = FileVerb::exec;
  point.path = "/bin/su";
  CHECK_FALSE((*reader)->permits(point));
  point.successor = {ir::Successor::Kind::policy, "other"};
  CHECK((*reader)->permits(point));
  CHECK((*reader)->line_for(point) == 3u);
}

TEST_CASE("read: ABI 3.0 takes checkpoint_restore for sys_admin") {
  const auto reader = read("abi <abi/3.0>,\nprofile t { capability checkpoint_restore, }\n");
  REQUIRE(reader);
  CHECK((*reader)->permits(ir::CapabilityPoint{21}));
  CHECK_FALSE((*reader)->permits(ir::CapabilityPoint{40}));
}

TEST_CASE("read: `file` alone is every path, and denied it takes every exec away") {
  const auto all = read("profile t {\n  file,\n  deny /etc/shadow r,\n}\n");
  REQUIRE(all);
  for (const FileVerb verb : {FileVerb::read, FileVerb::write, FileVerb::create, FileVerb::map, FileVerb::lock, FileVerb::exec})
    CHECK(permits(all, verb, "/any/where"));
  CHECK_FALSE(permits(all, FileVerb::read, "/etc/shadow"));
  ir::FilePoint point;
  point.verb = FileVerb::exec;
  point.path = "/bin/a";
  point.successor = {ir::Successor::Kind::policy, "other"};
  CHECK_FALSE((*all)->permits(point));  // it inherits
  const auto none = read("profile t {\n  /bin/* Px -> other,\n  deny file,\n}\n");
  REQUIRE(none);
  CHECK_FALSE((*none)->permits(point));
  CHECK_FALSE(permits(none, FileVerb::map, "/bin/b"));
  CHECK_FALSE(permits(none, FileVerb::read, "/bin/b"));
}

TEST_CASE("read: capability, ptrace and signal alone are all of them; sets, accesses and peers narrow") {
  const auto reader = read(
      "profile t {\n  capability,\n  deny capability sys_admin,\n  ptrace,\n  signal (send) set=(term rtmin+3) peer=other,\n"
      "  signal (receive),\n}\n");
  REQUIRE(reader);
  CHECK((*reader)->permits(ir::CapabilityPoint{10}));
  CHECK_FALSE((*reader)->permits(ir::CapabilityPoint{21}));
  const auto to_other = [](ir::PeerKind kind, std::uint8_t what) {
    return ir::PeerPoint{kind, what, {ir::Peer::Kind::policy, "other"}};
  };
  CHECK((*reader)->permits(to_other(ir::PeerKind::ptrace, 0)));
  CHECK((*reader)->permits(to_other(ir::PeerKind::ptrace, 1)));
  CHECK((*reader)->permits(to_other(ir::PeerKind::signal, 15)));
  CHECK((*reader)->permits(to_other(ir::PeerKind::signal, 35)));
  CHECK_FALSE((*reader)->permits(to_other(ir::PeerKind::signal, 9)));
  CHECK_FALSE((*reader)->permits(ir::PeerPoint{ir::PeerKind::signal, 15, {ir::Peer::Kind::policy, "third"}}));
  const auto traced = read("profile t {\n  ptrace (readby, tracedby),\n}\n");
  REQUIRE(traced);
  CHECK_FALSE((*traced)->permits(to_other(ir::PeerKind::ptrace, 0)));  // what others may do to it
}

TEST_CASE("read: what cannot be read is an error with its line") {
  const std::pair<const char*, unsigned> cases[] = {
      {"", 1},
      {"profile t {\n /a r,\n", 2},
      {"profile t {\n  include <abstractions/base>\n}", 2},
      {"profile t {\n  /a rz,\n}", 2},
      {"profile t {\n  \"/a r,\n}", 2},
      {"profile t {\n  network chaosnet,\n}", 2},
      {"profile t {\n  /a px,\n}", 2},
      {"profile t { }\nprofile u { }", 2},
      {"profile t {\n  capability sys_nothing,\n}", 2},
      {"profile t {\n  signal set=(rtmin+32),\n}", 2},
      {"profile t {\n  signal set=(rtmin+x),\n}", 2},
      {"profile t {\n  signal set=(rtmin+),\n}", 2},
      {"profile t {\n  signal for=(term),\n}", 2},
      {"profile t {\n  mount /dev/sda,\n}", 2},
  };
  for (const auto& [text, line] : cases) {
    INFO(text);
    const auto reader = read(text);
    REQUIRE_FALSE(reader);
    CHECK(reader.error().line == line);
  }
}

TEST_CASE("read: no piece of a profile crashes it") {
  const std::string whole =
      "abi <abi/3.0>,\nprofile \"t\" \"/a{b,c}\" flags=(complain) {\n  signal (send) set=(\"term\") peer=\"t\",\n"
      "  deny owner \"/a\\052[b-c]{,/,/**}\" rwkix,\n  link \"/a\" -> \"/b\",\n  set rlimit cpu <= 1seconds,\n}\n";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CHECK_FALSE((read(whole.substr(0, length)).has_value() && length + 2 < whole.size()));
    std::string changed = whole;
    for (const char c : {'"', '{', '\\', ',', '\0'}) {
      changed[length] = c;
      static_cast<void>(read(changed));
    }
  }
}

TEST_CASE("meet: what two patterns share, and nothing else") {
  const auto meet = [](std::string_view a, std::string_view b) { return *apparmor::meet(pattern(a), pattern(b)); };
  CHECK(meet("/srv/a*", "/srv/**") == std::vector{pattern("/srv/a*")});
  CHECK(meet("/a*", "/*b").size() == 1);
  CHECK(meet("/a", "/b").empty());
  const auto holds = [](const std::vector<sets::PathPattern>& all, std::string_view path) {
    return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.matches(path); });
  };
  const auto below = meet("/**/x", "/a/**");
  for (const char* path : {"/a/x", "/a/b/x", "/a/b/c/x", "/a/x/x"}) CHECK(holds(below, path));
  for (const char* path : {"/a", "/x", "/b/x", "/a/b"}) CHECK_FALSE(holds(below, path));
  const auto both = meet("/*a*", "/*b*");
  CHECK(both.size() == 2);  // a before b, b before a
}

TEST_CASE("overlap: where meet finds something") {
  const std::vector<std::string_view> patterns = {
      "/a",   "/a/b",  "/*",       "/**",    "/a*",    "/*b",     "/a/**",   "/**/b",   "/[a-c]", "/?",
      "/a?c", "/*a*b", "/**/a/**", "/a/*/c", "/*/b/*", "/**/*b*", "/[xyz]*", "/abc/d*", "/*c/d"};
  for (const auto a : patterns)
    for (const auto b : patterns) {
      CAPTURE(a);
      CAPTURE(b);
      CHECK(apparmor::overlap(pattern(a), pattern(b)) == !apparmor::meet(pattern(a), pattern(b))->empty());
    }
}

TEST_CASE("meet: patterns of many stars share too many to spell out") {
  const auto a = pattern("/**/*a*b*a*c*d*d*d*/**/*d*d*d*a*c*a*b*"),
             b = pattern("/**/*b*a*d*a*d*d*a*/**/*a*d*d*a*d*a*b*");
  CHECK_FALSE(apparmor::meet(a, b).has_value());
  CHECK(apparmor::overlap(a, b));
}
