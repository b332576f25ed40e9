#include <doctest/doctest.h>

#include <algorithm>

#include "apparmor/apparmor.hpp"
#include "apparmor/model.hpp"
#include "apparmor/overlap.hpp"
#include "apparmor/read_pattern.hpp"
#include "eval/meaning.hpp"
#include "knowledge/calls.hpp"
#include "sets/path_pattern.hpp"

using namespace polc;
using apparmor::Pattern;

namespace {

/// A text as it is asked.
struct Asked {
  explicit Asked(const std::string& text, const target::Settings& settings = {}) : read(apparmor::backend().read(text, {}, settings)) {}

  explicit operator bool() const { return read.has_value(); }
  unsigned error_line() const { return read.error().line; }
  bool permits(const ir::Point& point) const { return eval::decide(read->permits, point).allowed; }
  bool surely_permits(const ir::Point& point) const { return eval::surely_allows(read->permits, point); }
  unsigned line_for(const ir::Point& point) const {
    for (const std::uint32_t part : eval::deciding_parts(read->permits, point)) return read->permits.parts()[part].line;
    return 0;
  }
  bool says(const std::string& text) const { return read->directives.contains({text}); }

  target::Read read;
};

Asked read(const std::string& text) { return Asked(text); }
Asked profile(const std::string& rules, const std::string& abi = "3.0") {
  return Asked("abi <abi/" + abi + ">,\nprofile t {\n" + rules + "\n}\n");
}

ir::FilePoint file(FileVerb verb, const std::string& path, FileType type = FileType::file) {
  ir::FilePoint point;
  point.verb = verb;
  point.path = path;
  point.type = type;
  return point;
}

bool permits(const Asked& asked, FileVerb verb, const std::string& path, FileType type = FileType::file) {
  return asked.permits(file(verb, path, type));
}

ir::PairPoint pair(FileVerb verb, const std::string& from, const std::string& to) { return {verb, from, to, FileType::file, {}}; }

ir::PeerPoint signal(std::uint8_t number, ir::Peer::Kind kind, const std::string& policy = "") {
  return {ir::PeerKind::signal, number, {kind, policy}};
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

TEST_CASE("read: a name begins with a slash or a variable, in quotes, too") {
  const auto with = [](const std::string& name) { return read("abi <abi/3.0>,\nprofile t {\n  " + name + " r,\n}\n"); };
  CHECK(with("\"{/home/*,/root}/x\"").error_line() == 3);
  CHECK(with("{/home/*,/root}/x").error_line() == 3);
  CHECK(static_cast<bool>(with("\"/{home/*,root}/x\"")));
}

TEST_CASE("read: an abstraction permits all that no rule denies, if the options name it; else it is an error") {
  const std::string text =
      "abi <abi/3.0>,\nprofile t {\n  include <abstractions/base>\n  deny /srv/secret r,\n  deny capability "
      "chown,\n}\n";
  CHECK(read(text).error_line() == 3);
  target::Settings settings;
  settings.options.as<apparmor::Options>().abstractions = {"nameservice", "base"};
  const Asked reader(text, settings);
  REQUIRE(reader);
  CHECK(permits(reader, FileVerb::write, "/etc/shadow"));
  CHECK_FALSE(reader.surely_permits(file(FileVerb::write, "/etc/shadow")));
  CHECK(reader.read->unknown.size() == 1);
  CHECK(permits(reader, FileVerb::exec, "/usr/bin/su"));
  CHECK_FALSE(permits(reader, FileVerb::read, "/srv/secret"));
  CHECK(reader.permits(ir::CapabilityPoint{21}));
  CHECK_FALSE(reader.permits(ir::CapabilityPoint{0}));
  CHECK(reader.line_for(ir::CapabilityPoint{21}) == 3u);
  settings.options.as<apparmor::Options>().abstractions = {"bases"};
  CHECK_FALSE(Asked(text, settings));
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
  CHECK_FALSE(reader.permits(point));
  point.successor = {ir::Successor::Kind::policy, "other"};
  CHECK(reader.permits(point));
  CHECK(reader.line_for(point) == 3u);
}

TEST_CASE("read: ABI 3.0 takes checkpoint_restore for sys_admin") {
  const auto reader = read("abi <abi/3.0>,\nprofile t { capability checkpoint_restore, }\n");
  REQUIRE(reader);
  CHECK(reader.permits(ir::CapabilityPoint{21}));
  CHECK_FALSE(reader.permits(ir::CapabilityPoint{40}));
}

TEST_CASE("read: `file` alone is every path, and no parser takes it denied") {
  const auto all = read("profile t {\n  file,\n  deny /etc/shadow r,\n}\n");
  REQUIRE(all);
  for (const FileVerb verb : {FileVerb::read, FileVerb::write, FileVerb::create, FileVerb::map, FileVerb::lock, FileVerb::exec})
    CHECK(permits(all, verb, "/any/where"));
  CHECK_FALSE(permits(all, FileVerb::read, "/etc/shadow"));
  ir::FilePoint point;
  point.verb = FileVerb::exec;
  point.path = "/bin/a";
  point.successor = {ir::Successor::Kind::policy, "other"};
  CHECK_FALSE(all.permits(point));  // it inherits
  CHECK_FALSE(read("profile t {\n  /bin/* Px -> other,\n  deny file,\n}\n"));
}

TEST_CASE("read: capability, ptrace and signal alone are all of them; sets, accesses and peers narrow") {
  const auto reader = read(
      "profile t {\n  capability,\n  deny capability sys_admin,\n  ptrace,\n  signal (send) set=(term rtmin+3) peer=other,\n"
      "  signal (receive),\n}\n");
  REQUIRE(reader);
  CHECK(reader.permits(ir::CapabilityPoint{10}));
  CHECK_FALSE(reader.permits(ir::CapabilityPoint{21}));
  const auto to_other = [](ir::PeerKind kind, std::uint8_t what) {
    return ir::PeerPoint{kind, what, {ir::Peer::Kind::policy, "other"}};
  };
  CHECK(reader.permits(to_other(ir::PeerKind::ptrace, 0)));
  CHECK(reader.permits(to_other(ir::PeerKind::ptrace, 1)));
  CHECK(reader.permits(to_other(ir::PeerKind::signal, 15)));
  CHECK(reader.permits(to_other(ir::PeerKind::signal, 35)));
  CHECK_FALSE(reader.permits(to_other(ir::PeerKind::signal, 9)));
  CHECK_FALSE(reader.permits(ir::PeerPoint{ir::PeerKind::signal, 15, {ir::Peer::Kind::policy, "third"}}));
  const auto traced = read("profile t {\n  ptrace (readby, tracedby),\n}\n");
  REQUIRE(traced);
  CHECK_FALSE(traced.permits(to_other(ir::PeerKind::ptrace, 0)));  // what others may do to it
}

TEST_CASE("read: what cannot be read is an error with its line") {
  const std::pair<const char*, unsigned> cases[] = {
      {"", 1},
      {"profile t {\n /a r,\n", 2},
      {"profile t {\n  include <abstractions/base>\n}", 2},
      {"profile t {\n  /a rz,\n}", 2},
      {"profile t {\n  \"/a r,\n}", 2},
      {"profile t {\n  network chaosnet,\n}", 2},
      {"profile t { }\nprofile u { }", 2},
      {"profile t {\n  capability sys_nothing,\n}", 2},
      {"profile t {\n  signal set=(rtmin+32),\n}", 2},
      {"profile t {\n  signal set=(rtmin+x),\n}", 2},
      {"profile t {\n  signal set=(rtmin+),\n}", 2},
      {"profile t {\n  signal for=(term),\n}", 2},
      {"profile t {\n  signal (recieve),\n}", 2},
      {"profile t {\n  ptrace (peek),\n}", 2},
      {"profile t {\n  signal (send) peer=a peer=b,\n}", 2},
      {"profile t {\n  network inet chaos,\n}", 2},
      {"profile t {\n  network unix tcp,\n}", 2},
      {"profile t {\n  #include <abstractions/base>\n}", 2},
      {"profile t {\n  include \"/etc/x.inc\"\n}", 2},
      {"profile t {\n  include <local/t>\n}", 2},
      {"profile t {\n  include if exists <local/../t>\n}", 2},
      {"profile t {\n  priority=3 /a r,\n}", 2},
  };
  for (const auto& [text, line] : cases) {
    INFO(text);
    const auto reader = read(text);
    REQUIRE_FALSE(reader);
    CHECK(reader.error_line() == line);
  }
}

TEST_CASE("read: no piece of a profile crashes it") {
  const std::string whole =
      "abi <abi/3.0>,\nprofile \"t\" \"/a{b,c}\" flags=(complain) {\n  signal (send) set=(\"term\") peer=\"t\",\n"
      "  deny owner \"/a\\052[b-c]{,/,/**}\" rwkix,\n  link \"/a\" -> \"/b\",\n  set rlimit cpu <= 1seconds,\n}\n";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CHECK_FALSE((static_cast<bool>(read(whole.substr(0, length))) && length + 2 < whole.size()));
    std::string changed = whole;
    for (const char c : {'"', '{', '\\', ',', '\0'}) {
      changed[length] = c;
      static_cast<void>(read(changed));
    }
  }
}

TEST_CASE("overlap: two patterns share a path where one path lies in both") {
  const std::vector<std::string_view> patterns = {
      "/a",   "/a/b",  "/*",       "/**",    "/a*",    "/*b",     "/a/**",   "/**/b",   "/[a-c]", "/?",
      "/a?c", "/*a*b", "/**/a/**", "/a/*/c", "/*/b/*", "/**/*b*", "/[xyz]*", "/abc/d*", "/*c/d"};
  const std::vector<std::string> names = {"a", "b", "c", "x", "ab", "ba", "abc", "axc", "acb", "xb", "cab", "xc", "d", "db", "bd", "abca", "xab"};
  std::vector<std::string> paths;
  for (const std::string& one : names) {
    paths.push_back("/" + one);
    for (const std::string& two : names) {
      paths.push_back("/" + one + "/" + two);
      for (const std::string& three : names) paths.push_back("/" + one + "/" + two + "/" + three);
    }
  }
  for (const auto a : patterns)
    for (const auto b : patterns) {
      CAPTURE(a);
      CAPTURE(b);
      const bool shared = std::any_of(paths.begin(), paths.end(), [&](const std::string& path) { return pattern(a).matches(path) && pattern(b).matches(path); });
      CHECK(apparmor::overlap(pattern(a), pattern(b)) == shared);
    }
}

TEST_CASE("Pattern: escapes are the parser's own") {
  CHECK(matches("/srv/\\x41", "/srv/A"));
  CHECK(matches("/srv/\\d065\\101\\t", "/srv/AA\t"));
  CHECK(matches("/srv/\\x2a", "/srv/*"));
  CHECK_FALSE(matches("/srv/\\x2a", "/srv/b"));
  CHECK(matches("/srv/\\q", "/srv/q"));
  CHECK(matches("/[a\\-c]", "/b"));        // a range
  CHECK(matches("/[\\^a]", "/b"));         // all but a
  CHECK_FALSE(matches("/[\\^a]", "/a"));
  CHECK(matches("/a//b", "/a/b"));
  CHECK_FALSE(matches("//a", "/a"));
}

TEST_CASE("read: a rename takes r and w on the old name and w on the new one, from any rules") {
  const auto asked = profile("/a r,\n/a w,\n/b w,\n/c rw,\ndeny /d w,\n/d rw,");
  CHECK(asked.permits(pair(FileVerb::rename, "/a", "/b")));
  CHECK(asked.permits(pair(FileVerb::rename, "/c", "/a")));
  CHECK_FALSE(asked.permits(pair(FileVerb::rename, "/b", "/a")));
  CHECK_FALSE(asked.permits(pair(FileVerb::rename, "/a", "/d")));
  CHECK_FALSE(asked.permits(pair(FileVerb::rename, "/d", "/a")));
}

TEST_CASE("read: the letter l surely links where the new name has nothing that the old one lacks, and possibly without that test") {
  const auto asked = profile("/new l,\n/more rl,\n/old r,\n/run rmix,\n/ran mixl,");
  CHECK(asked.surely_permits(pair(FileVerb::link, "/any", "/new")));
  CHECK(asked.surely_permits(pair(FileVerb::link, "/old", "/more")));
  CHECK(asked.permits(pair(FileVerb::link, "/any", "/more")));
  CHECK_FALSE(asked.surely_permits(pair(FileVerb::link, "/any", "/more")));
  CHECK_FALSE(asked.permits(pair(FileVerb::link, "/new", "/old")));
  CHECK(asked.permits(pair(FileVerb::link, "/run", "/ran")));
  CHECK_FALSE(asked.surely_permits(pair(FileVerb::link, "/run", "/ran")));  // it is not known what it would become
  const auto denied = profile("/new l,\ndeny /new l,\nlink /new -> /old,");
  CHECK_FALSE(denied.permits(pair(FileVerb::link, "/old", "/new")));
}

TEST_CASE("read: peers that nobody can know are possible, and not sure") {
  for (const char* peer : {"\"*\"", "{unconfined,x}", "unconfined", ":ns:x"}) {
    INFO(std::string(peer));
    const auto asked = profile(std::string("signal (send) peer=") + peer + ",");
    REQUIRE(asked);
    CHECK(asked.permits(signal(9, ir::Peer::Kind::other)));
    CHECK_FALSE(asked.surely_permits(signal(9, ir::Peer::Kind::other)));
  }
  const auto own = profile("signal (send) peer=\"t*\",");
  CHECK(own.surely_permits(signal(9, ir::Peer::Kind::self)));
  CHECK(profile("signal (send) peer=\"**\",").surely_permits(signal(9, ir::Peer::Kind::other)));
}

TEST_CASE("read: accesses to peers in all their spellings") {
  const auto reads = [](const std::string& rule) { return profile(rule).permits(ir::PeerPoint{ir::PeerKind::ptrace, 0, {}}); };
  for (const char* rule : {"ptrace (r),", "ptrace read,", "ptrace rw,", "ptrace (read, readby),", "ptrace,"}) CHECK_MESSAGE(reads(rule), rule);
  CHECK_FALSE(reads("ptrace (w),"));
  const auto sends = [](const std::string& rule, std::uint8_t number) { return profile(rule).permits(signal(number, ir::Peer::Kind::self)); };
  for (const char* rule : {"signal (write),", "signal (w),", "signal rw,", "signal (send receive),", "signal,"}) CHECK_MESSAGE(sends(rule, 9), rule);
  CHECK_FALSE(sends("signal (r),", 9));
  CHECK(sends("signal (send) set=(kill) set=(term),", 9));
  CHECK(sends("signal (send) set=(kill) set=(term),", 15));
  CHECK_FALSE(sends("signal (send) set=(kill) set=(term),", 1));
}

TEST_CASE("read: networks in all their forms, and a deny that takes one of many families") {
  const auto net = [](Family family, SocketType type) {
    ir::NetPoint point;
    point.family = family;
    point.type = type;
    return point;
  };
  const auto tcp = profile("network tcp,");
  CHECK(tcp.permits(net(Family::inet, SocketType::stream)));
  CHECK(tcp.permits(net(Family::inet6, SocketType::stream)));
  CHECK_FALSE(tcp.permits(net(Family::unix_family, SocketType::stream)));
  CHECK(profile("network inet icmp,").permits(net(Family::inet, SocketType::raw)));
  CHECK(profile("network stream,").permits(net(Family::unix_family, SocketType::stream)));
  const auto others = profile("network,\ndeny network alg,");
  CHECK(others.permits(net(Family::other, SocketType::seqpacket)));
  const auto only = profile("network alg,\ndeny network alg seqpacket,");
  CHECK(only.permits(net(Family::other, SocketType::stream)));
  CHECK_FALSE(only.permits(net(Family::other, SocketType::seqpacket)));
}

TEST_CASE("read: what shows in no access is a directive") {
  const auto asked = read(
      "abi <abi/4.0>,\nprofile t /bin/t flags=(complain) {\n  signal,\n  ptrace (readby, tracedby),\n  mqueue,\n  dbus send,\n"
      "  set rlimit nofile <= 64,\n  audit /a r,\n  mount fstype=tmpfs -> /mnt/,\n  include if exists <local/t>\n}\n");
  REQUIRE(asked);
  for (const char* text : {"abi <abi/4.0>", "profile t", "attachment /bin/t", "flags=(complain)", "signal (receive)", "ptrace (readby)",
                           "ptrace (tracedby)", "mqueue", "dbus send", "set rlimit nofile <= 64", "audit /a r",
                           "include if exists <local/t>"})
    CHECK_MESSAGE(asked.says(text), std::string(text));
}

TEST_CASE("read: a condition makes a mount possible, and not sure") {
  const ir::CallPoint mount{*knowledge::find_call(Os::linux_os, "mount"), {}};
  const auto asked = profile("mount fstype=tmpfs,");
  CHECK(asked.permits(mount));
  CHECK_FALSE(asked.surely_permits(mount));
  CHECK(profile("mount,").surely_permits(mount));
  const auto denied = profile("mount,\ndeny mount fstype=tmpfs,");
  CHECK(denied.permits(mount));
  CHECK_FALSE(denied.surely_permits(mount));
}

TEST_CASE("read: a deny is silent, unless it says audit") {
  const auto silence = [](const Asked& asked, const std::string& path) {
    return !asked.read->answers.empty() && eval::decide(asked.read->answers.front().where, file(FileVerb::read, path)).allowed;
  };
  const auto asked = profile("/** r,\ndeny /a r,\naudit deny /b r,");
  CHECK(silence(asked, "/a"));
  CHECK_FALSE(silence(asked, "/b"));
  CHECK_FALSE(silence(asked, "/c"));
}

TEST_CASE("read: a pattern that does not go component by component is read byte by byte") {
  const auto asked = profile("\"/srv/?x*\" r,\n\"/a**b/\" w,\nowner \"/\\303[\\251]\" r,");
  REQUIRE(asked);
  CHECK(asked.read->permits.order().is_certain());
  CHECK(asked.permits(file(FileVerb::read, "/srv/ax")));
  CHECK_FALSE(asked.permits(file(FileVerb::read, "/srv/ab")));
  CHECK_FALSE(asked.permits(file(FileVerb::read, "/srv/ax", FileType::dir)));
  CHECK(asked.permits(file(FileVerb::write, "/a/x/b", FileType::dir)));
  CHECK_FALSE(asked.permits(file(FileVerb::write, "/a/x/b")));
  ir::FilePoint accent = file(FileVerb::read, "/\303\251");
  CHECK_FALSE(asked.permits(accent));
  accent.owner.self = true;
  CHECK(asked.permits(accent));
}
