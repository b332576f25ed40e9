#include "apparmor/links.hpp"

#include <doctest/doctest.h>

#include "apparmor/grants.hpp"

using namespace polc;

namespace {

sets::PathPattern pattern(std::string_view text) {
  return sets::parse_path_pattern({std::string(text), {}}, false)->front();
}

ir::Policy on(std::vector<std::string> variants) {
  ir::Policy policy;
  policy.configuration.variants = std::move(variants);
  return policy;
}

std::string names_of(std::string_view text, const ir::Policy& policy) {
  std::string names;
  for (const sets::PathPattern& name : apparmor::real_names(pattern(text), policy)) names += name.text() + ' ';
  return names;
}

void allow_exec(ir::Policy& policy, std::string_view path, ir::Successor successor) {
  ir::FileBox box;
  box.verbs = {FileVerb::exec};
  box.places = {pattern(path)};
  box.successors = {std::move(successor)};
  ir::Rule rule;
  rule.boxes = {box};
  policy.rules.push_back(std::move(rule));
}

}  // namespace

TEST_CASE("real_names: what lies behind a link, and the link itself") {
  CHECK(names_of("/lib", on({})) == "/usr/lib ");
  CHECK(names_of("/lib/**/x*", on({})) == "/usr/lib/**/x* ");
  CHECK(names_of("/var/run/tor/**", on({})) == "/run/tor/** ");
  CHECK(names_of("/var/r?n/tor", on({})) == "/run/tor ");
}

TEST_CASE("real_names: what only looks like a link has none, nor do patterns that mean the real names") {
  for (const char* text :
       {"/usr/lib/x", "/library", "/lib2/x", "/var", "/var/running", "/srv/lib/x", "/*/x", "/**", "/**/lib/x"}) {
    INFO(text);
    CHECK(names_of(text, on({})) == "");
  }
}

TEST_CASE("real_names: links are followed through each other, by the table of the variant") {
  CHECK(names_of("/sbin/x", on({"debian"})) == "/usr/sbin/x ");
  CHECK(names_of("/sbin/x", on({"fedora"})) == "/usr/sbin/x /usr/bin/x ");
  CHECK(names_of("/var/mail/x", on({"debian"})) == "");
  CHECK(names_of("/var/mail/x", on({"fedora"})) == "/var/spool/mail/x ");
}

TEST_CASE("exec_conflicts: one program by two names has two successors") {
  const ir::Successor unconfined{ir::Successor::Kind::unconfined, ""};
  ir::Policy policy = on({});
  allow_exec(policy, "/usr/bin/sh", unconfined);
  allow_exec(policy, "/bin/sh", {});
  CHECK(apparmor::exec_conflicts(policy, pattern("/bin/sh"), {}));
  CHECK_FALSE(apparmor::exec_conflicts(policy, pattern("/usr/bin/sh"), unconfined));
}
