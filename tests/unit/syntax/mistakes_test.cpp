// What is said about each mistake, and where: `^` in the text marks the place of the one diagnostic that is expected.
#include <doctest/doctest.h>

#include <string>

#include "parsed.hpp"

using namespace polc;
using test::Parsed;

namespace {

struct Case {
  std::string text;  // inside a policy
  std::string id;
  std::string message = {};  // a part of it
  std::string fix = {};
};

void check(const std::string& before, const Case& c, const std::string& after) {
  INFO(c.text);
  const auto mark = c.text.find('^');
  REQUIRE(mark != std::string::npos);
  auto text = c.text;
  text.erase(mark, 1);
  const Parsed p(before + text + after);
  INFO(p.shown());
  const auto found = p.sink.sorted();
  REQUIRE(found.size() == 1);
  CHECK(found[0].id == c.id);
  CHECK(found[0].range.begin == before.size() + mark);
  CHECK(found[0].message.find(c.message) != std::string::npos);
  if (!c.fix.empty()) {
    REQUIRE(found[0].fixes.size() == 1);
    CHECK(found[0].fixes[0].text == c.fix);
  }
  CHECK_FALSE(p.file);
}

}  // namespace

TEST_CASE("mistakes: misspelt words") {
  const Case cases[] = {
      {"^alow read \"/x\";", "P1021", "did you mean `allow`?", "allow"},
      {"allow ^raed \"/x\";", "P1021", "`raed`", "read"},
      {"allow read, ^wirte \"/x\";", "P1021", "", "write"},
      {"allow read \"/x\" ^ownr self;", "P1021", "", "owner"},
      {"allow read \"/x\" owner ^slf;", "P1021", "", "self"},
      {"allow read \"/x\" type ^fle;", "P1021", "", "file"},
      {"allow read \"/x\" type file, ^chrdev;", "P1021", "", "chardev"},
      {"allow read ^tre \"/x\";", "P1021", "", "tree"},
      {"allow connect ^tpc any:80;", "P1021", "", "tcp"},
      {"allow connect tcp ^steam any:80;", "P1021", "", "stream"},
      {"allow ^conect tcp any:80;", "P1021", "", "connect"},
      {"allow ^sycall read;", "P1021", "", "syscall"},
      {"allow syscall ioctl ^were request == 1;", "P1021", "", "where"},
      {"allow ^capabilty chown;", "P1021", "", "capability"},
      {"default ^dney;", "P1021", "", "deny"},
      {"default deny ^erno EPERM;", "P1021", "", "errno"},
      {"^defualt deny;", "P1021", "", "default"},
      {"^whne os == linux { allow fork; }", "P1021", "", "when"},
      {"when ^varaint == x { allow fork; }", "P1021", "", "variant"},
      {"^expct { allow fork; }", "P1021", "", "expect"},
      {"expect { ^denny fork; }", "P1021", "", "deny"},
      {"^targt seccomp { raw \"x\"; }", "P1021", "", "target"},
      {"target seccomp { ^opton a = b; }", "P1021", "", "option"},
      {"when os == linux { } ^els { allow fork; }", "P1021", "", "else"},
  };
  for (const auto& c : cases) check("language 1; policy p { ", c, " }");
}

TEST_CASE("mistakes: misspelt words at the top") {
  const Case cases[] = {
      {"^polcy q { allow fork; }", "P1021", "", "policy"},
      {"^improt \"x\";", "P1021", "", "import"},
      {"^abstracton a { allow fork; }", "P1021", "", "abstraction"},
      {"overlay a ^fro b { allow fork; }", "P1021", "", "for"},
      {"variant a ^onn linux { let a = 1; }", "P1021", "", "on"},
      {"variant a { ^lte a = 1; }", "P1021", "", "let"},
  };
  for (const auto& c : cases) check("language 1; ", c, " let x = 1;");
}

TEST_CASE("mistakes: a missing semicolon is reported behind what it should follow") {
  const Case cases[] = {
      {"allow fork^\nallow thread;", "P1022", "`fork`", ";"},
      {"allow read \"/x\"^ # why\n  deny fork;", "P1022", "`\"/x\"`", ";"},
      {"allow fork^", "P1022", "", ";"},
      {"let a = 3^\nlet b = 4;", "P1022", "", ";"},
      {"let a = { 1, 2 }^\nlet b = 4;", "P1022", "", ";"},
      {"use a, b^ allow fork;", "P1022", "", ";"},
      {"allow fork^\n@reason(\"x\") allow thread;", "P1022", "", ";"},
      {"allow connect tcp any^\nwhen os == linux { allow fork; }", "P1022", "", ";"},
      {"target t { raw \"x\"^ }", "P1022", "", ";"},
  };
  for (const auto& c : cases) check("language 1; policy p { ", c, " }");
}

TEST_CASE("mistakes: signs of other languages") {
  const Case cases[] = {
      {"when variant ^= a { allow fork; }", "P1026", "==", "=="},
      {"allow syscall x where a ^= 1;", "P1026", "", "=="},
      {"let a ^== 1;", "P1027", "", "="},
      {"when os == linux ^&& arch == x86_64 { allow fork; }", "P1029", "`and`", "and"},
      {"allow syscall x where a == 1 ^|| b == 2;", "P1029", "`or`", "or"},
      {"allow fork; ^// why", "P1030", "`#`", "#"},
      {"allow fork; ^/* why */", "P1030", "`/*`", ""},
      {"allow read ^'/x;#';", "P1031", "`'`", "\"/x;#\""},
      {"allow read ^'/x;", "P1031", "", ""},
      {"allow syscall x where ^!a == 1;", "P1031", "", ""},
      {"allow read ^/etc/passwd;", "P1020", "", ""},
      {"limit core ^= 0;", "P1020", "expected `<=`", "<="},
      {"let ^not = 3;", "P1028", "`not`", ""},
      {"use ^debian-tor;", "P1034", "`debian-tor`", ""},
      {"deploy ^3com;", "P1052", "`3com`", ""},
      {"let a = ^12abc;", "P1052", "", ""},
      {"let a = ^0x;", "P1052", "", ""},
      {"limit as <= ^4Kb;", "P1052", "", ""},
  };
  for (const auto& c : cases) check("language 1; policy p {\n", c, "\n}");
}

TEST_CASE("mistakes: what was expected is said in words") {
  const Case cases[] = {
      {"allow ^\"/x\";", "P1020", "expected an access such as `read` or `connect`"},
      {"allow read^;", "P1020", "unexpected `;`; expected a string in double quotes"},
      {"allow connect ^\"/x\";", "P1020", "expected a protocol"},
      {"use ^\"x\";", "P1020", "expected a name"},
      {"let a = ^;", "P1020", "expected a value"},
      {"allow syscall x where a ^;", "P1020", "expected a comparison"},
      {"^\"x\";", "P1020", "expected a statement"},
      {"expect { ^use x; }", "P1020", "expected `allow` or `deny`"},
      {"allow connect tcp any:^x;", "P1020", ""},
      {"deploy a ^b;", "P1020", "expected `;` or `,`"},
  };
  for (const auto& c : cases) check("language 1; policy p { ", c, " }");
}

TEST_CASE("mistakes: strings") {
  const Case cases[] = {
      {"allow read ^\"/x;\nallow fork;", "P1040", "", ""}, {"allow read ^\"/x\\\nallow fork;", "P1040", "", ""},
      {"allow read \"/x^\\q\";", "P1041", "`\\q`", ""},    {"allow read \"/x^\\xZ\";", "P1042", "", ""},
      {"allow read \"/x^\\u{110000}\";", "P1043", "", ""}, {"allow read \"/x^\\x00\";", "P1044", "", ""},
      {"allow read \"/x^$\";", "P1045", "", "\\$"},
  };
  for (const auto& c : cases) check("language 1; policy p { ", c, "\n}");
}

TEST_CASE("mistakes: numbers, ports and addresses") {
  const Case cases[] = {
      {"let a = ^18446744073709551616;", "P1050", "", ""},
      {"let a = ^08;", "P1051", "", "8"},
      {"let a = { ^9-1 };", "P1053", "`9-1`", "1-9"},
      {"allow connect tcp any:^65536;", "P1054", "65536", ""},
      {"allow connect tcp any:{ 80, 1-^70000 };", "P1054", "", ""},
      {"allow connect tcp any:^90-80;", "P1053", "", "80-90"},
      {"allow connect tcp ^256.0.0.1;", "P1057", "`256`", ""},
      {"allow connect tcp 10.^01.0.1;", "P1058", "", "1"},
      {"allow connect tcp 10.0.0.0/^33;", "P1059", "", ""},
      {"allow connect tcp [::/^129];", "P1059", "", ""},
      {"allow connect tcp ^[1::2::3];", "P1056", "", ""},
      {"allow connect tcp ^[2001:xyz::1]:80;", "P1056", "`[2001:xyz::1]`", ""},
      {"allow connect tcp ^10.0.0:80;", "P1055", "`10.0.0`", ""},
      {"allow connect tcp ^1.2.3.4.5;", "P1055", "", ""},
      {"allow connect tcp any, ^::1;", "P1020", "brackets", ""},
      {"limit as <= ^99999999999G;", "P1050", "", ""},
  };
  for (const auto& c : cases) check("language 1; policy p { ", c, " }");
}

TEST_CASE("mistakes: annotations") {
  const Case cases[] = {
      {"@^resaon(\"x\") allow fork;", "P1032", "`@resaon`", "reason"},
      {"@^zzz(\"x\") allow fork;", "P1032", "", ""},
      {"^@accept(wider, \"x\") allow fork;", "P1033", "@accept(", ""},
      {"^@accept(wide: systrace, \"x\") allow fork;", "P1033", "", ""},
      {"^@accept(wider: systrace) allow fork;", "P1033", "", ""},
      {"^@reason(x) allow fork;", "P1033", "", ""},
      {"^@until(\"a\", \"b\") allow fork;", "P1033", "", ""},
      {"@reason ^allow fork;", "P1020", "expected `(`", ""},
      {"@reason(^3) allow fork;", "P1020", "", ""},
  };
  for (const auto& c : cases) check("language 1; policy p { ", c, " }");
}

TEST_CASE("mistakes: braces") {
  check("language 1; ", {"policy p ^{ allow fork;", "P1023"}, "");
  check("language 1; ", {"policy p ^{ when os == linux { allow fork; }", "P1023"}, "");
  check("language 1; ", {"policy p { allow fork; } ^}", "P1024"}, " let x = 1;");
  check("language 1; ", {"policy p {\n allow fork;\n^policy q { allow fork; }", "P1025", "`policy`"}, "");
  check("language 1; ", {"policy p {\n ^policy q { allow fork; }\n}", "P1025", "`policy`"}, "\nlet x = 1;");
  check("language 1; ", {"policy p ^allow fork; }", "P1036", "before `allow`", " {"}, " let x = 1;");
  check("language 1; policy p { ", {"when os == linux ^allow fork; }", "P1036", "", " {"}, " allow fork; }");
  check("language 1; policy p { } ", {"^allow fork; deny fork; }", "P1035", "`allow`"}, " policy q { }");
}

TEST_CASE("mistakes: the language line") {
  CHECK(Parsed("").found() == "1:1 P1009");
  CHECK(Parsed("# only a comment\n").found() == "2:1 P1009");
  CHECK(Parsed("policy p { allow fork; }").found() == "1:1 P1010");
  CHECK(Parsed("# x\npolicy p { alow fork; }").found() == "2:1 P1010, 2:12 P1021");
  CHECK(Parsed("language 2; nonsense in the next language").found() == "1:10 P1011");
  CHECK(Parsed("language 99999999999999999999;").found() == "1:10 P1011, 1:10 P1050");
  CHECK(Parsed("langauge 1;").found() == "1:1 P1021");
  CHECK(Parsed("language 1\nlet x = 1;").found() == "1:11 P1022");
  CHECK(Parsed("language one; let x = 1;").found() == "1:10 P1020");
  CHECK(Parsed("language 1; language 1;").found() == "1:13 P1020");
}
