#include <doctest/doctest.h>

#include "parsed.hpp"

using namespace polc;
using test::Parsed;
using test::statement_of;
using test::Texts;
using test::texts_of;

TEST_CASE("program: paths and variables") {
  const auto s = statement_of(R"(program "/bin/a", $b;)");
  const auto& paths = std::get<ast::Program>(s.value).paths;
  REQUIRE(paths.size() == 2);
  CHECK(std::get<ast::String>(paths[0]).raw == "/bin/a");
  CHECK(std::get<ast::Variable>(paths[1]).name == "b");
}

TEST_CASE("default: every reaction") {
  using Kind = ast::Reaction::Kind;
  struct Case {
    std::string text;
    Kind kind;
    std::string error;
    bool log;
    Texts scope;
  };
  const Case cases[] = {
      {"default deny;", Kind::deny, "", false, {}},
      {"default deny errno EPERM log;", Kind::deny, "EPERM", true, {}},
      {"default kill log for file, net;", Kind::kill, "", true, {"file", "net"}},
      {"default hidden for file;", Kind::hidden, "", false, {"file"}},
      {"default log;", Kind::log, "", true, {}},
  };
  for (const auto& c : cases) {
    const auto s = statement_of(c.text);
    REQUIRE_MESSAGE(std::holds_alternative<ast::Default>(s.value), c.text);
    const auto& d = std::get<ast::Default>(s.value);
    CHECK(d.reaction.kind == c.kind);
    CHECK(d.reaction.log == c.log);
    CHECK((d.reaction.error_name ? d.reaction.error_name->text : "") == c.error);
    CHECK(texts_of(d.scope) == c.scope);
  }
}

TEST_CASE("use: names with and without arguments") {
  const auto s = statement_of(R"(use base, drop_to($uid, "x"), empty();)");
  const auto& usages = std::get<ast::Use>(s.value).usages;
  REQUIRE(usages.size() == 3);
  CHECK(usages[0].arguments.empty());
  CHECK(usages[1].name.text == "drop_to");
  REQUIRE(usages[1].arguments.size() == 2);
  CHECK(std::holds_alternative<ast::Endpoint>(usages[1].arguments[0].value));
  CHECK(std::get<ast::String>(usages[1].arguments[1].value).raw == "x");
  CHECK(usages[2].arguments.empty());
}

TEST_CASE("when: guards, else, and a chain of them") {
  const auto s = statement_of(
      "when variant == a, b and os != linux { allow fork; } else when arch == x86_64 { } else { deny fork; allow "
      "thread; }");
  const auto& when = std::get<ast::When>(s.value);
  REQUIRE(when.guard.terms.size() == 2);
  CHECK(when.guard.terms[0].subject.text == "variant");
  CHECK(when.guard.terms[0].equal);
  CHECK(texts_of(when.guard.terms[0].names) == Texts{"a", "b"});
  CHECK_FALSE(when.guard.terms[1].equal);
  CHECK(when.then.statements.size() == 1);
  REQUIRE(when.otherwise);
  REQUIRE(when.otherwise->statements.size() == 1);
  const auto& chained = std::get<ast::When>(when.otherwise->statements[0].value);
  CHECK(chained.guard.terms[0].subject.text == "arch");
  REQUIRE(chained.otherwise);
  CHECK(chained.otherwise->statements.size() == 2);
}

TEST_CASE("target: raw text, options and defaults") {
  const auto s = statement_of(R"(target systemd { raw "PrivateTmp=yes"; option a = b, 3, "c"; default kill log; })");
  const auto& target = std::get<ast::Target>(s.value);
  CHECK(target.name.text == "systemd");
  REQUIRE(target.entries.size() == 3);
  CHECK(std::get<ast::Raw>(target.entries[0].value).text.raw == "PrivateTmp=yes");
  const auto& option = std::get<ast::Option>(target.entries[1].value);
  REQUIRE(option.words.size() == 3);
  CHECK(std::get<ast::Name>(option.words[0]).text == "b");
  CHECK(std::get<ast::Integer>(option.words[1]).value == 3);
  CHECK(std::get<ast::String>(option.words[2]).raw == "c");
  CHECK(std::get<ast::Default>(target.entries[2].value).reaction.kind == ast::Reaction::Kind::kill);
}

TEST_CASE("deploy, limit and let") {
  CHECK(texts_of(std::get<ast::Deploy>(statement_of("deploy apparmor, seccomp;").value).targets) ==
        Texts{"apparmor", "seccomp"});
  const auto plain = statement_of("limit nofile <= 1024;");
  CHECK(std::get<ast::Integer>(std::get<ast::Limit>(plain.value).bound).value == 1024);
  const auto sized = statement_of("limit as <= 8G;");
  CHECK(std::get<ast::Limit>(sized.value).name.text == "as");
  CHECK(std::get<ast::Size>(std::get<ast::Limit>(sized.value).bound).value == std::uint64_t{8} << 30);
  CHECK(std::get<ast::Let>(statement_of("let x = 1;").value).name.text == "x");
}

TEST_CASE("expect: annotated rules under a guard") {
  const auto s = statement_of(R"(expect when os == linux { allow fork; @reason("no") deny exec "/**"; })");
  const auto& expect = std::get<ast::Expect>(s.value);
  REQUIRE(expect.guard);
  REQUIRE(expect.rules.size() == 2);
  CHECK(expect.rules[0].rule.allow);
  CHECK_FALSE(expect.rules[1].rule.allow);
  CHECK(expect.rules[1].annotations.size() == 1);
  CHECK(std::get<ast::Expect>(statement_of("expect { }").value).rules.empty());
}

TEST_CASE("annotations: each has its shape") {
  const auto s = statement_of(R"(@accept(wider: systrace, "one alias") @allow_lint(P4042, "known") @until("2027-01-01")
                                 @learned("log:3") allow fork;)");
  REQUIRE(s.annotations.size() == 4);
  const auto& accept = s.annotations[0];
  CHECK(std::get<ast::Name>(accept.notes.at(0).first).text == "wider");
  CHECK(accept.notes[0].second->text == "systrace");
  CHECK(std::get<ast::String>(accept.notes.at(1).first).raw == "one alias");
  CHECK(std::get<ast::Name>(s.annotations[1].notes.at(0).first).text == "P4042");
}
