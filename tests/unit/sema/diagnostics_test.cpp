// Every diagnostic of P2 once: text, id, place. The others stand with the promise that they guard.
#include "compiled.hpp"

namespace polc::sema_test {
namespace {

struct Case {
  std::string_view text;
  std::string_view report;  // id, line:column, message
};

// Statements of one policy, which starts at column 12; `q` is another policy.
constexpr Case cases[] = {
    // ---- names
    {"let x = 1; let x = 2;", "P2001 1:27 `x` is defined twice"},
    {"allow read $nope;", "P2002 1:23 undefined variable `$nope`"},
    {"allow read \"/a/$nope/b\";", "P2002 1:27 undefined variable `$nope`"},
    {"allow read \"/a/${nope}\";", "P2002 1:27 undefined variable `$nope`"},
    {"allow syscall raed;", "P2003 1:26 unknown system call `raed`"},
    {"allow syscall mquery;", "P2003 1:26 unknown system call `mquery`"},
    {"use nope;", "P2004 1:16 unknown abstraction `nope`"},
    {"allow exec \"/a\" -> nope;", "P2005 1:31 unknown policy `nope`"},
    {"allow signal hup to nope;", "P2005 1:32 unknown policy `nope`"},
    {"use takes_one;", "P2009 1:16 `takes_one` takes 1 arguments, not 0"},
    {"use takes_one(1, 2);", "P2009 1:16 `takes_one` takes 1 arguments, not 2"},
    // ---- guards
    {"when variant == nope { }", "P2012 1:28 unknown variant `nope`"},
    {"when os == lunix { }", "P2013 1:23 unknown operating system `lunix`"},
    {"when arch == amd64 { }", "P2014 1:25 unknown architecture `amd64`"},
    {"expect when os == plan9 { }", "P2013 1:30 unknown operating system `plan9`"},
    // ---- annotations
    {"@accept(wider: t, \"r\") program \"/a\";",
     "P2019 1:12 `@accept` before something that is no rule, `when`, `use`, `limit`, `target` or policy"},
    {"expect { @accept(wider: t, \"r\") deny read \"/a\"; }",
     "P2019 1:21 `@accept` before something that is no rule, `when`, `use`, `limit`, `target` or policy"},
    {"@until(\"tomorrow\") allow read \"/a\";", "P2020 1:19 `tomorrow` is not a date like `2027-01-31`"},
    {"@until(\"2027-13-01\") allow read \"/a\";", "P2020 1:19 `2027-13-01` is not a date like `2027-01-31`"},
    // ---- values
    {"let x = 80; allow read $x;", "P2021 1:35 a number cannot stand for a path"},
    {"let x = 1.2.3.4; allow read \"/$x\";", "P2021 1:42 an address cannot stand for text inside a string"},
    {"let x = \"a\"; allow connect tcp $x;", "P2021 1:43 a string cannot stand for an address"},
    {"let x = { 1.2.3.4, 5 }; allow connect tcp $x:80;",
     "P2021 1:54 a number cannot stand for an address before ports"},
    {"let x = \"80\"; allow connect tcp any:$x;", "P2021 1:48 a string cannot stand for a port"},
    {"let x = user \"u\"; allow setgid $x;", "P2021 1:43 a user cannot stand for a group"},
    {"allow setuid group \"g\";", "P2021 1:25 a group cannot stand for a user"},
    {"allow setuid \"u\";", "P2021 1:25 a string cannot stand for a user"},
    {"allow setuid any4;", "P2021 1:25 an address cannot stand for a user"},
    {"let x = 5; allow read \"/a\" owner $x;", "P2021 1:45 a number cannot stand for an owner"},
    {"let x = { 1, 2 }; allow syscall read where fd == $x;", "P2021 1:61 a set cannot stand for a number"},
    {"allow syscall read where fd in { \"a\" };", "P2021 1:45 a string cannot stand for a number"},
    {"let x = 1.2.3.4:80; allow connect tcp $x:81;", "P2022 1:52 ports for an address that has some already"},
    {"allow syscall prctl where option == PR_SET_NAMES;", "P2023 1:48 unknown constant `PR_SET_NAMES` (linux)"},
    {"allow ioctl \"/a\" request NOPE;", "P2023 1:37 unknown constant `NOPE` (linux)"},
    {"allow setuid 4294967296;", "P2025 1:25 an account's number past 4294967295"},
    {"let x = 65536; allow connect tcp any:$x;", "P1054 1:20 port 65536 is past 65535"},
    // ---- files
    {"allow mkdir \"/a\" type file;", "P2026 1:29 this type contradicts `mkdir`"},
    {"allow read \"/a\" type file type dir;", "P2027 1:38 `type` is given twice"},
    {"allow read \"/a\" mode 0600;", "P2028 1:28 `mode` says something about create or chmod, which this rule lacks"},
    {"allow symlink \"/a\" mode 0600;",
     "P2028 1:31 `mode` says something about create or chmod, which this rule lacks"},
    {"allow read \"/a\" request TCGETS;", "P2028 1:28 `request` says something about ioctl, which this rule lacks"},
    {"allow create \"/a\" mode 010000;", "P2029 1:35 permission bits past 07777"},
    {"allow read \"/a\" -> \"/b\";",
     "P2030 1:31 `->` in a rule with other verbs than `rename` and `link`, or than `exec`"},
    {"allow exec, read \"/a\" -> q;",
     "P2030 1:37 `->` in a rule with other verbs than `rename` and `link`, or than `exec`"},
    {"allow exec \"/a\" -> \"/b\";", "P2031 1:31 a path behind the `->` of `exec`"},
    {"allow rename \"/a\" -> q;", "P2031 1:33 a policy behind the `->` of `rename`"},
    {"program \"/a*\";", "P2034 1:20 the program `/a*` is a pattern, not one path"},
    {"allow mkdir \"/a\" type not dir;", "P2026 1:29 this type contradicts `mkdir`"},
    {"allow any unix \"/a\";", "P2063 1:27 this would be the local endpoint of some verbs and the peer of others"},
    {"allow modify \"/a\" -> \"/b\";", "P2030 1:33 `->` in a rule with other verbs than `rename` and `link`, or than `exec`"},
    // ---- path patterns
    {"allow read \"a/b\";", "P2040 1:24 a relative path"},
    {"allow read \"/a/./b\";", "P2041 1:27 `.` as a part of a path"},
    {"allow read \"/a/../b\";", "P2042 1:27 `..` in a path"},
    {"allow read \"/a//b\";", "P2043 1:27 `//` in a path"},
    {"allow read \"/a/\";", "P2044 1:26 `/` at the end of a path"},
    {"allow read \"/a/lib**.so\";", "P2045 1:30 `**` beside other text"},
    {"allow read \"/a[b\";", "P2046 1:26 this `[` is never closed"},
    {"allow read \"/a{b\";", "P2047 1:26 this `{` is never closed"},
    {"allow read \"/a}b\";", "P2048 1:26 this `}` closes nothing"},
    {"allow read \"/a[]b\";", "P2049 1:26 a class of no characters"},
    {"allow read \"/a[z-a]\";", "P2050 1:27 the ends of this range are reversed"},
    // ---- network
    {"allow connect tcp dgram any;", "P2060 1:30 `tcp` has no `dgram` sockets"},
    {"allow send icmp any:80;", "P2061 1:31 ports for `icmp`, which has none"},
    {"allow socket tcp any;", "P2062 1:29 an endpoint for `socket`"},
    {"allow socket unix \"/a\";", "P2062 1:30 an endpoint for `socket`"},
    {"allow connect, bind tcp any:80;",
     "P2063 1:36 this would be the local endpoint of some verbs and the peer of others"},
    {"allow connect, bind unix \"/a\";",
     "P2063 1:37 this would be the local endpoint of some verbs and the peer of others"},
    {"allow send netlink rout;", "P2064 1:31 unknown netlink protocol `rout`"},
    // ---- calls and processes
    {"allow syscall close where flags == 0;", "P2070 1:38 `close` has no argument `flags`"},
    {"allow syscall close where arg[6] == 0;", "P2071 1:42 there is no `arg[6]`; a call has six, from `arg[0]`"},
    {"allow syscall close where fd == 0x100000000;", "P2072 1:44 a number past the 32 bits of this argument"},
    {"allow capability chwon;", "P2073 1:29 unknown capability `chwon`"},
    {"allow memory write;", "P2073 1:25 unknown memory `write`"},
    {"allow signal sighup to self;", "P2073 1:25 unknown signal `sighup`"},
    {"allow ptrace write to self;", "P2073 1:25 unknown ptrace `write`"},
    // ---- defaults and limits
    {"default deny errno EPREM;", "P2080 1:31 unknown error `EPREM` (linux)"},
    {"default kill for nope;", "P2003 1:29 unknown system call `nope`"},
    {"limit nofiles <= 1;", "P2081 1:18 unknown limit `nofiles` (linux)"},
};

std::string report_of(const Case& c) {
  return Compiled("policy p { " + std::string(c.text) + " } policy q { } abstraction takes_one(a) { }").reports();
}

std::vector<diag::FixIt> fixes_of(std::string_view statement) {
  const Compiled c("policy p { " + std::string(statement) + " }");
  const auto& diagnostics = c.diagnostics();
  REQUIRE(diagnostics.size() == 1);
  return diagnostics.front().fixes;
}

}  // namespace

TEST_CASE("diagnostics: each at its place, and nothing follows from it") {
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(report_of(c) == std::string(c.report) + "\n");
  }
}

TEST_CASE("diagnostics: statements that abstractions and overlays cannot hold") {
  const auto report = [](std::string_view text) { return Compiled(text).reports(); };
  CHECK(report("abstraction a { program \"/a\"; } policy p { }") ==
        "P2018 1:17 an abstraction cannot hold `program`\n");
  CHECK(report("abstraction a { when os == linux { deploy t; } } policy p { }") ==
        "P2018 1:36 an abstraction cannot hold `deploy`\n");
  CHECK(report("abstraction a { default kill; default log for file; } policy p { }") ==
        "P2018 1:17 an abstraction cannot hold `default` without `for`\n");
  CHECK(report("overlay o for p { program \"/a\"; } policy p { }") == "P2018 1:19 an overlay cannot hold `program`\n");
  CHECK(report("overlay o for p { default kill for file; } policy p { }") ==
        "P2018 1:19 an overlay cannot hold `default`\n");
  CHECK(report("overlay o for p { deploy t; } policy p { }").empty());
}

TEST_CASE("diagnostics: top-level names") {
  const auto report = [](std::string_view text) { return Compiled(text).reports(); };
  CHECK(report("policy p { } policy p { }") == "P2001 1:21 `p` is defined twice\n");
  CHECK(report("variant v { } variant v { } policy p { }") == "P2001 1:23 `v` is defined twice\n");
  CHECK(report("overlay o for q { } policy p { }") == "P2005 1:15 unknown policy `q`\n");
  CHECK(report("variant v on linucks { } policy p { }") == "P2013 1:14 unknown operating system `linucks`\n");
  CHECK(report("@accept(wider: t, \"r\") let x = 1; policy p { }") ==
        "P2019 1:1 `@accept` before something that is no rule, `when`, `use`, `limit`, `target` or policy\n");
}

TEST_CASE("diagnostics: several in one run") {
  CHECK(Compiled("policy p { allow read $a, \"b\"; use c; allow syscall d; }").diagnostics().size() == 4);
}

TEST_CASE("diagnostics: a call of another system is named with it, a misspelt one with its neighbour") {
  const auto note = [](std::string_view call) {
    return rule("syscall " + std::string(call)).diagnostics().at(0).notes.at(0).text;
  };
  CHECK(note("mquery") == "openbsd has a call of that name, linux has none");
  CHECK(note("opnat") == "did you mean `openat`?");
}

TEST_CASE("diagnostics: a class that the system lacks") {
  CHECK(rule("namespace user", {Os::openbsd, Arch::x86_64, {}}).reports() ==
        "P2074 1:28 openbsd has no `namespace user`\n");
}

TEST_CASE("diagnostics: an unknown argument lists those of the call") {
  const auto diagnostics = rule("syscall openat where nope == 0").diagnostics();
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].notes.at(0).text == "its arguments are `dirfd`, `pathname`, `flags`, `mode`");
}

TEST_CASE("fix-its: a pattern is mended as a whole, a misspelt name by its neighbour") {
  const auto path = fixes_of("allow read \"/a//b\";");
  REQUIRE(path.size() == 1);
  CHECK(path[0].text == "/a/b");
  CHECK(path[0].range.end - path[0].range.begin == 5);
  CHECK(fixes_of("allow syscall opnat;").at(0).text == "openat");
  CHECK(fixes_of("let x = \"b\"; allow read \"/a//$x\";").empty());
}

TEST_CASE("places: a mistake in a variable's text is marked where the variable stands, with its definition noted") {
  const Compiled inside("let x = \"a//b\"; policy p { allow read \"/c/$x\"; }");
  CHECK(inside.reports() == "P2043 1:43 `//` in a path\n");
  CHECK(inside.place(inside.diagnostics()[0].notes.at(0).range) == "1:5");
  const Compiled whole("let x = \"/a//b\"; policy p { allow read $x; }");
  CHECK(whole.reports() == "P2043 1:13 `//` in a path\n");
  CHECK(whole.diagnostics()[0].notes.at(0).text == "used here");
}

TEST_CASE("places: escapes before the mistake are counted as they are written") {
  CHECK(rule(R"(read "/\x41\u{e9}\*//b")").reports() == "P2043 1:38 `//` in a path\n");
}

}  // namespace polc::sema_test
