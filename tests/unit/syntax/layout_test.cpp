#include "syntax/layout.hpp"

#include <doctest/doctest.h>

using polc::syntax::laid_out;

TEST_CASE("layout: one statement a line, two spaces a block, one blank between words") {
  CHECK(laid_out("language   1;policy p{allow read\"/a\",\"/b\";\n\n\n\nwhen os==linux{deny exec\"/c\";}\nelse{use x;}}") ==
        "language 1;\n"
        "policy p {\n"
        "  allow read \"/a\", \"/b\";\n"
        "\n"
        "  when os == linux { deny exec \"/c\"; }\n"
        "  else { use x; }\n"
        "}\n");
}

TEST_CASE("layout: ports, ranges, prefixes, masks and arguments are written close") {
  CHECK(laid_out("language 1;\npolicy p {\nallow connect tcp 10.0.0.0 / 8 : 80 - 90 , any : { 1 , 2 } ;\n"
                 "allow syscall clone where flags & ~ ( CLONE_VM|CLONE_FS ) == - 1 and arg [ 0 ] in {1,2} or not ( domain == 1 ) ;\n"
                 "use f ( $x , 1 ) ;\n}") ==
        "language 1;\npolicy p {\n"
        "  allow connect tcp 10.0.0.0/8:80-90, any:{ 1, 2 };\n"
        "  allow syscall clone where flags & ~(CLONE_VM | CLONE_FS) == -1 and arg[0] in { 1, 2 } or not (domain == 1);\n"
        "  use f($x, 1);\n}\n");
}

TEST_CASE("layout: comments stay where they are, and neighbours behind lines stand below each other") {
  const char* text = "# head\n\nlanguage 1;\npolicy p {  # why\n  # alone\n  allow fork;    # a\n  allow thread;  # b\n  # last\n}\n# end\n";
  CHECK(laid_out(text) == text);
  CHECK(laid_out("language 1;\npolicy p {\n allow read \"/a\", # first\n \"/b\";\n}") ==
        "language 1;\npolicy p {\n  allow read \"/a\",  # first\n      \"/b\";\n}\n");
}

TEST_CASE("layout: an annotation stays in its author's line, unless its rule has no room there") {
  const char* text = "language 1;\npolicy p {\n  @reason(\"x\") allow fork;\n  @accept(wider: systrace, \"y\")\n  @reason(\"z\")\n  allow thread;\n}\n";
  CHECK(laid_out(text) == text);
  const std::string reason(90, 'r');
  CHECK(laid_out("language 1; policy p {\n@reason(\"" + reason + "\") allow read \"/a/rather/long/name\";}") ==
        "language 1;\npolicy p {\n  @reason(\"" + reason + "\")\n  allow read \"/a/rather/long/name\";\n}\n");
}

TEST_CASE("layout: a long statement breaks behind commas and before `and`, and the author's breaks there stay") {
  std::string rule = "allow read ";
  for (int i = 0; i < 12; ++i) rule += (i == 0 ? "\"/a/path/number/" : ", \"/a/path/number/") + std::to_string(i) + "\"";
  const std::string text = laid_out("language 1; policy p {\n" + rule + ";}");
  CHECK(text.find(",\n      \"/a/path/number/") != std::string::npos);
  CHECK(laid_out(text) == text);
  const char* broken = "language 1;\npolicy p {\n  allow syscall socket where domain == 1\n      or domain == 2;\n}\n";
  CHECK(laid_out(broken) == broken);
}

TEST_CASE("layout: neighbouring definitions have their `=` in one column, and what a deny names stands below what an allow does") {
  CHECK(laid_out("language 1; let a = 1; let long = { 1, 2 };\n\nlet bc = 3;\n@reason(\"\xC3\xA9\") let d = 4;\n"
                 "policy p { allow fork; deny exec \"/a\"; default deny errno EPERM; }") ==
        "language 1;\nlet a    = 1;\nlet long = { 1, 2 };\n\nlet bc = 3;\n@reason(\"\xC3\xA9\") let d = 4;\n"
        "policy p { allow fork; deny exec \"/a\"; default deny errno EPERM; }\n");
  CHECK(laid_out("language 1; policy p {\nallow fork; deny exec \"/a\"; default deny errno EPERM; }") ==
        "language 1;\npolicy p {\n  allow fork;\n  deny  exec \"/a\";\n  default deny errno EPERM;\n}\n");
}

TEST_CASE("layout: a block in one line stays there if it fits and holds no other block") {
  const char* text = "language 1;\nvariant a on linux { let x = { 1, 2 }; let y = 2; }\nvariant b { }\n";
  CHECK(laid_out(text) == text);
  CHECK(laid_out("language 1; policy p { when os == linux { allow fork; } }") ==
        "language 1;\npolicy p {\n  when os == linux { allow fork; }\n}\n");
}
