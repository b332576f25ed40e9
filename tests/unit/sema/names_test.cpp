#include "compiled.hpp"
#include "syntax/string_text.hpp"

namespace polc::sema_test {
namespace {

std::string place_of(const std::vector<Source>& files) {
  return Compiled(files).only_box<ir::FileBox>().places.front().text();
}

}  // namespace

TEST_CASE("names: order does not matter, unused ones are fine") {
  CHECK(rule("read \"/a\"").ok());
  CHECK(Compiled("policy p { allow read $a; let a = \"$b/x\"; } let b = \"/y\"; let unused = $missing;").ok());
}

TEST_CASE("names: a file sees what it imports, also through others; not what imports it") {
  const Source library{"l.pol", "let root = \"/r\"; abstraction reads { allow read \"$root/x\"; }", {}, false};
  const Source middle{"m.pol", "let middle = \"$root/m\";", {2}, false};
  CHECK(place_of({{"a.pol", "policy p { allow read \"$middle$root\"; }", {1}, true}, middle, library}) == "/r/m/r");
  CHECK(place_of({{"a.pol", "policy p { use reads; }", {1}, true}, middle, library}) == "/r/x");
  const Compiled other({{"a.pol", "let mine = \"/m\"; policy p { use looks; }", {1}, true},
                        {"b.pol", "abstraction looks { allow read $mine; }", {}, false}});
  CHECK(other.reports() == "P2002 1:32 undefined variable `$mine`\n");
}

TEST_CASE("names: importing the same file on two ways defines nothing twice") {
  CHECK(Compiled({{"a.pol", "policy p { allow read $x; }", {1, 2}, true},
                  {"b.pol", "", {2}, false},
                  {"c.pol", "let x = \"/x\";", {}, false}})
            .ok());
}

TEST_CASE("names: a definition beside an imported one is the second") {
  const Compiled c({{"a.pol", "let x = \"/x\"; policy p { }", {1}, true}, {"b.pol", "let x = \"/y\";", {}, false}});
  REQUIRE(c.diagnostics().size() == 1);
  const auto& d = c.diagnostics().front();
  CHECK(c.reports() == "P2001 1:5 `x` is defined twice\n");
  CHECK(c.sources().name_of(d.range.file) == "a.pol");
  REQUIRE(d.notes.size() == 1);
  CHECK(c.sources().name_of(d.notes[0].range.file) == "b.pol");
}

TEST_CASE("names: blocks beside each other may define the same name, blocks inside each other may not") {
  CHECK(Compiled("policy p { let x = 1; } policy q { let x = 2; }").ok());
  CHECK(Compiled("policy p { when os == linux { let x = \"/a\"; allow read $x; } else { let x = \"/b\"; } }").ok());
  CHECK(Compiled("let x = 1; policy p { let x = 2; }").reports() == "P2001 1:27 `x` is defined twice\n");
  CHECK(Compiled("abstraction f(x) { let x = 2; } policy p { use f(1); }").reports() ==
        "P2001 1:24 `x` is defined twice\n");
}

TEST_CASE("names: variables, abstractions, policies and variants do not disturb each other") {
  CHECK(
      Compiled("let tor = \"/t\"; abstraction tor { allow read $tor; } variant tor { } policy tor { use tor; }").ok());
}

TEST_CASE("names: cycles are errors that name their way, also when nothing uses them") {
  CHECK(Compiled("let a = \"$b\"; let b = { $c }; let c = 1.2.3.4:$a; policy p { allow read $a; }").reports() ==
        "P2006 1:5 `a` is defined by itself: `a`, `b`, `c`, `a`\n");
  CHECK(Compiled("let a = $a; policy p { }").reports() == "P2006 1:5 `a` is defined by itself: `a`, `a`\n");
}

TEST_CASE("names: a long chain is an error, not a crash") {
  std::string text = "let v0 = \"/x\"; ";
  for (int i = 1; i <= 5000; ++i) text += "let v" + std::to_string(i) + " = $v" + std::to_string(i - 1) + "; ";
  const Compiled c(text + "policy p { allow read $v5000; }");
  REQUIRE_FALSE(c.ok());
  CHECK(c.diagnostics().front().id == "P2008");
}

TEST_CASE("names: variables that double each other are stopped") {
  std::string strings = "let s0 = \"\"; ", sets = "let t0 = { 1, 2 }; ";
  for (int i = 1; i <= 30; ++i) {
    const std::string here = std::to_string(i), before = std::to_string(i - 1);
    strings += "let s" + here + " = \"$s" + before + "$s" + before + "\"; ";
    sets += "let t" + here + " = { $t" + before + ", $t" + before + " }; ";
  }
  CHECK(Compiled(strings + "policy p { allow read \"/$s30\"; }").diagnostics().front().id == "P2011");
  CHECK(Compiled(sets + "policy p { allow connect tcp any4:$t30; }").diagnostics().front().id == "P2011");
}

TEST_CASE("names: did you mean") {
  const Compiled c("let state = \"/s\"; policy p { allow read $stat; }");
  REQUIRE(c.diagnostics().size() == 1);
  REQUIRE(c.diagnostics()[0].notes.size() == 1);
  CHECK(c.diagnostics()[0].notes[0].text == "did you mean `$state`?");
}

TEST_CASE("lower_access: reads a question in the scope of the main files' names") {
  diag::SourceMap sources;
  diag::Sink sink;
  sema::Program program;
  const auto file = sources.add("a.pol", "language 1; let state = \"/var/x\"; policy p { }");
  program.units.push_back({*syntax::parse(sources, file, sink), {}, true});
  const auto question = syntax::parse_access(sources, sources.add("ACCESS", "read \"$state/y\" type file"), sink);
  REQUIRE(question);
  const auto boxes = sema::lower_access(program, {}, *question, sink);
  REQUIRE(boxes);
  REQUIRE(boxes->size() == 1);
  CHECK(texts(std::get<ir::FileBox>(boxes->front().first).places) == Strings{"/var/x/y"});
  CHECK_FALSE(boxes->front().second.type);
  CHECK(boxes->front().second.owner);
}

}  // namespace polc::sema_test
