// After a mistake the rest of the file is still looked at, and nothing is said twice.
#include <doctest/doctest.h>

#include "parsed.hpp"

using polc::test::Parsed;

TEST_CASE("recovery: several mistakes, each once") {
  const Parsed p(R"(langauge 1;
polcy tor {
  program "/usr/sbin/tor"
  default dney;
  allow raed "/etc" ownr self;
  allow connect tcp any:99999;
  when varant = relay {
    alow fork;
  }
  allow read "/unclosed;
  allow thread;
}
let x == 08;
)");
  CHECK(p.found() ==
        "1:1 P1021, 2:1 P1021, 3:26 P1022, 4:11 P1021, 5:9 P1021, 5:21 P1021, 6:25 P1054, 7:8 P1021, 7:15 P1026, 8:5 "
        "P1021, "
        "10:14 P1040, 13:7 P1027, 13:10 P1051");
}

TEST_CASE("recovery: a head that makes no sense does not hide its block, nor unbalance what follows") {
  CHECK(Parsed("language 1;\npolicy \"tor\" {\n  alow fork;\n}\nlet x = 1;").found() == "2:8 P1020, 3:3 P1021");
  CHECK(Parsed("language 1;\npolicy p {\n when 3 {\n alow fork; }\n allow fork; }\nlet x = 1;").found() ==
        "3:7 P1020, 4:2 P1021");
  CHECK(Parsed("language 1;\npolicy p {\n target { raw 3; }\n expect x { allow 3; } }").found() ==
        "3:9 P1020, 3:15 P1020, 4:9 P1020, 4:19 P1020");
}

TEST_CASE("recovery: an unknown word and all that belongs to it is one mistake") {
  CHECK(Parsed("language 1;\nfrobnicate x { a; b { c; } }\nlet x = 1;").found() == "2:1 P1020");
  CHECK(Parsed("language 1; policy p {\nfrobnicate { a; b; };\nallow fork;\nzork;\n}").found() ==
        "2:1 P1020, 4:1 P1020");
}

TEST_CASE("recovery: a statement of junk ends at its semicolon, its line's successor or its block's end") {
  CHECK(Parsed("language 1; policy p {\nallow 3 4 5;\nallow 3 4\nallow fork;\nallow 3 }\nlet x = 1;").found() ==
        "2:7 P1020, 3:7 P1020, 5:7 P1020");
}

TEST_CASE("recovery: an unclosed set does not swallow the next item") {
  CHECK(Parsed("language 1;\nlet x = { 1, 2\nlet y = 3;\npolicy p { alow fork; }").found() == "3:1 P1020, 4:12 P1021");
  CHECK(Parsed("language 1;\nlet x = { 1, 2\npolicy p { alow fork; }").found() == "3:1 P1020, 3:12 P1021");
}

TEST_CASE("recovery: a forgotten brace is reported once, and its policy's successors are still read") {
  const Parsed p(
      "language 1;\npolicy a {\n when os == linux {\n  allow fork;\npolicy b { alow fork; }\npolicy c { alow fork; "
      "}\n");
  CHECK(p.found() == "5:1 P1025, 5:12 P1021, 6:12 P1021");
}

TEST_CASE("recovery: a brace too early is reported once, and the rest of its block is still read") {
  const Parsed p(
      "language 1;\npolicy a {\n}\n allow fork;\n when os == linux { alow fork; }\n}\npolicy b { alow fork; }\n");
  CHECK(p.found() == "4:2 P1035, 5:21 P1021, 7:12 P1021");
}

TEST_CASE("recovery: stray characters do not lead to a second message about their statement") {
  CHECK(Parsed("language 1; policy p {\nallow read %;\nallow fork;\n}").found() == "2:12 P1031");
  CHECK(Parsed("language 1; policy p {\nallow read 'x y';\nallow fork;\n}").found() == "2:12 P1031");
}
