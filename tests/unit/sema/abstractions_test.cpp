#include "compiled.hpp"

namespace polc::sema_test {

TEST_CASE("abstractions: parameters stand for values of the place of use") {
  const Compiled c(
      "let dir = \"/d\"; abstraction keeps(where, port) { allow read \"$where/x\"; allow connect tcp any4:$port; }\n"
      "policy p { let local = \"$dir/l\"; use keeps($local, { 80, 81 }), keeps(\"/e\", 82); }");
  const auto& rules = c.policy().rules;
  REQUIRE(rules.size() == 4);
  CHECK(texts(std::get<ir::FileBox>(rules[0].boxes[0]).places) == Strings{"/d/l/x"});
  CHECK(std::get<ir::NetBox>(rules[1].boxes[0]).ports == sets::PortSet::range(80, 81));
  CHECK(texts(std::get<ir::FileBox>(rules[2].boxes[0]).places) == Strings{"/e/x"});
}

TEST_CASE("abstractions: a rule remembers its statement first, then each use it came through") {
  const Compiled c(
      "abstraction inner { allow read \"/a\"; }\nabstraction outer { use inner; }\npolicy p { use outer; }");
  const auto& origin = c.policy().rules.at(0).origin;
  REQUIRE(origin.size() == 3);
  CHECK(c.place(origin[0]) == "1:21");
  CHECK(c.place(origin[1]) == "2:25");
  CHECK(c.place(origin[2]) == "3:16");
}

TEST_CASE("abstractions: guards inside are decided, lets inside are its own") {
  const Compiled c(
      "abstraction a { let x = \"/x\"; when os == openbsd { allow read \"/no\"; } allow read $x; }\n"
      "policy p { use a; let x = \"/y\"; allow read $x; }");
  CHECK(c.policy().rules.size() == 2);
}

TEST_CASE("abstractions: using itself is an error that names the way, whatever the guards") {
  CHECK(Compiled("abstraction a { when os == openbsd { use b; } } abstraction b { use a; } policy p { use a; }")
            .reports() == "P2007 1:13 abstraction `a` uses itself: `a`, `b`, `a`\n");
}

TEST_CASE("abstractions: those that double each other are stopped") {
  std::string text = "abstraction a0 { allow read \"/a\"; } ";
  for (int i = 1; i <= 30; ++i) {
    const std::string before = "a" + std::to_string(i - 1);
    text += "abstraction a" + std::to_string(i) + " { use " + before + ", " + before + "; } ";
  }
  const Compiled c(text + "policy p { use a30; }");
  REQUIRE(c.diagnostics().size() == 1);
  CHECK(c.diagnostics().front().id == "P2010");
}

TEST_CASE("accept: on a rule, a when, a use, a target or a policy it covers all rules inside") {
  const Compiled c(
      "abstraction a { @accept(wider: t5, \"five\") allow read \"/in\"; }\n"
      "@accept(wider: t1, \"one\")\n"
      "policy p {\n"
      "  allow read \"/plain\";\n"
      "  @accept(narrower: t2, \"two\") when os == linux { allow read \"/when\"; }\n"
      "  @accept(unmediated: t3, \"three\") use a;\n"
      "  @accept(wider: t4, \"four\") target t4 { raw \"x\"; }\n"
      "}");
  const ir::Policy& policy = c.policy();
  const auto targets = [&](const std::vector<std::uint32_t>& places) {
    Strings names;
    for (const auto place : places) names.push_back(policy.accepts.at(place).target);
    return names;
  };
  REQUIRE(policy.rules.size() == 3);
  CHECK(targets(policy.rules[0].accepts) == Strings{"t1"});
  CHECK(targets(policy.rules[1].accepts) == Strings{"t1", "t2"});
  CHECK(targets(policy.rules[2].accepts) == Strings{"t1", "t3", "t5"});
  CHECK(targets(policy.raws.at(0).accepts) == Strings{"t1", "t4"});
  const ir::Accept& two = policy.accepts.at(policy.rules[1].accepts[1]);
  CHECK(two.verdict == ir::Verdict::narrower);
  CHECK(two.reason == "two");
}

TEST_CASE("accept: one annotation that is used twice is one acceptance") {
  const Compiled c("abstraction a { @accept(wider: t, \"r\") allow read \"/a\"; } policy p { use a; use a; }");
  CHECK(c.policy().accepts.size() == 1);
}

TEST_CASE("reason: the nearest one goes with a rule") {
  const Compiled c(
      "policy p { @reason(\"outer\") when os == linux { allow read \"/a\"; @reason(\"inner\") allow read \"/b\"; } }");
  CHECK(c.policy().rules.at(0).reason == "outer");
  CHECK(c.policy().rules.at(1).reason == "inner");
}

}  // namespace polc::sema_test
