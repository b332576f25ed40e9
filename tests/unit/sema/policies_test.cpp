#include <fstream>
#include <sstream>

#include "compiled.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "sema/weight.hpp"

namespace polc::sema_test {
namespace {

std::string file_text(const std::string& path) {
  std::ifstream file(std::string(POLC_SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  REQUIRE_MESSAGE(file, path);
  return text.str().substr(std::string_view("language 1;").size());
}

}  // namespace

TEST_CASE("policies: those of the main files, as declared") {
  const Compiled c({{"a.pol", "policy b { } policy a { }", {1}, true}, {"i.pol", "policy imported { }", {}, false}});
  REQUIRE(c.policies().size() == 2);
  CHECK(c.policies()[0].name == "b");
  CHECK(c.policies()[1].name == "a");
  CHECK(sema::policy_names(c.program()) == Strings{"b", "a"});
}

TEST_CASE("policies: an overlay adds its statements, from whatever file") {
  const Compiled c(
      {{"a.pol", "policy p { allow read \"/a\"; }", {}, true},
       {"b.pol", "let x = \"/b\"; overlay o for p { deny read $x; expect { deny read \"/b\"; } }", {}, true}});
  REQUIRE(c.policies().size() == 1);
  REQUIRE(c.policy().rules.size() == 2);
  CHECK(c.policy().rules[1].effect == ir::Effect::deny);
  CHECK(c.policy().expectations.size() == 1);
}

TEST_CASE("program: literal paths, in order, once each") {
  const Compiled c("let x = { \"/z\", \"/y\" }; policy p { program \"/usr/{bin,sbin}/p\", $x, \"/z\"; }");
  CHECK(c.policy().programs == Strings{"/usr/bin/p", "/usr/sbin/p", "/z", "/y"});
}

TEST_CASE("default: one for each name, class or call, in and out of target blocks") {
  const Compiled c(
      "policy p { default kill; default deny errno EPERM log for file, socket; target t { default log; } }");
  const auto& defaults = c.policy().defaults;
  REQUIRE(defaults.size() == 4);
  CHECK(defaults[0].reaction.kind == ir::Reaction::Kind::kill);
  CHECK(defaults[1].klass == ir::AccessClass::file);
  CHECK(defaults[1].reaction == ir::Reaction{ir::Reaction::Kind::deny, "EPERM", true});
  CHECK(defaults[2].call == knowledge::find_call(Os::linux_os, "socket"));
  CHECK(defaults[3].target == "t");
  CHECK(defaults[3].reaction.kind == ir::Reaction::Kind::log);
}

TEST_CASE("default: equally specific ones may repeat each other, not differ") {
  CHECK(Compiled("policy p { default kill for file; default kill for net, file; }").policy().defaults.size() == 2);
  CHECK(Compiled("policy p { default kill; target t { default log; } default log for file; }").ok());
  const Compiled c("policy p { default kill for file; default log for file; }");
  CHECK(c.reports() == "P2082 1:35 a default that differs from another one that is just as specific\n");
  CHECK(c.place(c.diagnostics()[0].notes.at(0).range) == "1:12");
}

TEST_CASE("limit: of several the smallest holds") {
  const Compiled c("policy p { limit nofile <= 100; limit as <= 8G; limit nofile <= 10; limit nofile <= 50; }");
  const auto& limits = c.policy().limits;
  REQUIRE(limits.size() == 2);
  const auto nofile = knowledge::find_limit(Os::linux_os, "nofile").value();
  CHECK(limits[0].resource == nofile);
  CHECK(limits[0].bound == 10);
  CHECK(limits[1].bound == std::uint64_t{8} << 30);
}

TEST_CASE("deploy: sorted, once each") {
  CHECK(Compiled("policy p { deploy b, a; deploy a; }").policy().deploy == Strings{"a", "b"});
}

TEST_CASE("target: raw text and options are kept with their target") {
  const Compiled c("let v = \"x\"; policy p { target t { raw \"a $v\"; option k = word, 7, \"s\"; } }");
  CHECK(c.policy().raws.at(0).target == "t");
  CHECK(c.policy().raws.at(0).text == "a x");
  CHECK(c.policy().options.at(0).key == "k");
  CHECK(c.policy().options.at(0).words == Strings{"word", "7", "s"});
}

TEST_CASE("weight: a policy is measured by what its boxes hold") {
  CHECK(sema::weight_of(rule("read \"/{a,b,c}/d\"").boxes().at(0)) >
        sema::weight_of(rule("read \"/a\"").boxes().at(0)));
  CHECK(sema::weight_of(rule("connect tcp any4:{ 1, 3, 5 }").boxes().at(0)) == 6);
  CHECK(sema::weight_of(rule("syscall read where fd == 1 or fd == 2").boxes().at(0)) == 4);
}

TEST_CASE("the how-to's policy lowers on both of its systems") {
  const std::string text = file_text("policies/howto/tor.pol");
  const Compiled openbsd(text, {Os::openbsd, Arch::x86_64, {}});
  CHECK(openbsd.policy().programs == Strings{"/bin/tor"});
  CHECK(openbsd.reports().empty());
  const Compiled debian(text, {Os::linux_os, Arch::x86_64, {}});
  CHECK(debian.policy().programs == Strings{"/usr/sbin/tor"});
  CHECK(debian.policy().expectations.size() == 5);
}

TEST_CASE("every abstraction of the standard library lowers") {
  const Compiled c({{"a.pol", "policy p { use dynamic_program, event_loop, name_service, dns_client; }", {1}, true},
                    {"linux.pol", file_text("policies/std/linux.pol"), {}, false}});
  CHECK(c.ok());
  CHECK(c.reports().empty());
}

}  // namespace polc::sema_test
