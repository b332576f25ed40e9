#include <doctest/doctest.h>

#include "parsed.hpp"

using namespace polc;
using test::Parsed;
using test::Texts;
using test::texts_of;

TEST_CASE("parse: a file of nothing but its version") {
  const Parsed p("language 1;");
  REQUIRE(p.file);
  CHECK(p.file->items.empty());
}

TEST_CASE("parse: comments, CRLF and blanks mean nothing") {
  const Parsed p("# first\r\n  language\t1 ; # second\r\n\r\n# last, without a line end");
  CHECK(p.file);
  CHECK(p.found() == "");
}

TEST_CASE("parse: every item") {
  const Parsed p(R"(language 1;
import "std/linux.pol";
variant debian on linux, freebsd { let a = 1; let b = "x"; }
variant relay { }
let c = 3;
abstraction plain { allow fork; }
abstraction empty() { }
abstraction taking(a, b) { }
@title("the policy") @reason("why")
policy tor { allow fork; allow thread; }
overlay more for tor { deny fork; }
)");
  REQUIRE(p.file);
  const auto& items = p.file->items;
  REQUIRE(items.size() == 9);
  CHECK(std::get<ast::Import>(items[0].value).path.raw == "std/linux.pol");

  const auto& variant = std::get<ast::Variant>(items[1].value);
  CHECK(variant.name.text == "debian");
  CHECK(texts_of(variant.systems) == Texts{"linux", "freebsd"});
  REQUIRE(variant.lets.size() == 2);
  CHECK(variant.lets[1].name.text == "b");
  CHECK(std::get<ast::Variant>(items[2].value).systems.empty());

  CHECK(std::get<ast::Let>(items[3].value).name.text == "c");
  CHECK(std::get<ast::Abstraction>(items[4].value).block.statements.size() == 1);
  CHECK(std::get<ast::Abstraction>(items[5].value).parameters.empty());
  CHECK(texts_of(std::get<ast::Abstraction>(items[6].value).parameters) == Texts{"a", "b"});

  const auto& policy = std::get<ast::Policy>(items[7].value);
  CHECK(policy.name.text == "tor");
  CHECK(policy.block.statements.size() == 2);
  REQUIRE(items[7].annotations.size() == 2);
  CHECK(items[7].annotations[0].name.text == "title");
  CHECK(std::get<ast::String>(items[7].annotations[0].notes.at(0).first).raw == "the policy");

  const auto& overlay = std::get<ast::Overlay>(items[8].value);
  CHECK(overlay.name.text == "more");
  CHECK(overlay.of.text == "tor");
}

TEST_CASE("parse: a range covers its node, with annotations, braces and semicolon") {
  const Parsed p("language 1;\n@title(\"x\") policy p { when os == linux { allow fork; } else { } }\nlet a = 1;\n");
  REQUIRE(p.file);
  const auto& items = p.file->items;
  CHECK(p.text_of(items[0].range) == "@title(\"x\") policy p { when os == linux { allow fork; } else { } }");
  CHECK(p.text_of(items[1].range) == "let a = 1;");
  const auto& block = std::get<ast::Policy>(items[0].value).block;
  CHECK(p.text_of(block.range) == "{ when os == linux { allow fork; } else { } }");
  const auto& when = block.statements[0];
  CHECK(p.text_of(when.range) == "when os == linux { allow fork; } else { }");
  CHECK(p.text_of(std::get<ast::When>(when.value).then.range) == "{ allow fork; }");
  CHECK(p.text_of(std::get<ast::When>(when.value).then.statements[0].range) == "allow fork;");
}

TEST_CASE("parse: every word that is not reserved can be a name") {
  for (const std::string word :
       {"policy", "allow", "tree", "read", "let", "when", "in_", "file", "any4", "language", "raw"}) {
    const Parsed p("language 1; policy " + word + " { deploy " + word + "; allow syscall " + word + " where " + word +
                   " == " + word + "; }");
    CHECK_MESSAGE(p.file, p.shown());
  }
}
