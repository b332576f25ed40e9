#include "compiled.hpp"

namespace polc::sema_test {
namespace {

std::string reports(std::string_view rules) {
  return Compiled("policy p { " + std::string(rules) + " } policy q { }").reports();
}

}  // namespace

TEST_CASE("successors: two for one path are an error at the later rule, with the path that has them") {
  CHECK(reports("allow exec \"/a\"; allow exec \"/a\" -> q;") == "P2032 1:29 `/a` has two successors here\n");
  CHECK(reports("allow exec \"/bin/*\"; allow exec \"/bin/sh\" -> unconfined;") ==
        "P2032 1:33 `/bin/sh` has two successors here\n");
  const Compiled c("policy p { allow exec \"/*/x\" -> unconfined; allow exec \"/a/?\" -> q; } policy q { }");
  CHECK(c.reports() == "P2032 1:45 `/a/x` has two successors here\n");
  CHECK(c.place(c.diagnostics()[0].notes.at(0).range) == "1:12");
}

TEST_CASE("successors: the same one twice, other paths, or a denied path are fine") {
  CHECK(reports("allow exec \"/a\" -> q; allow exec \"/a\" -> q;").empty());
  CHECK(reports("allow exec \"/a\"; allow exec \"/b\" -> q; allow exec \"/c\" -> unconfined;").empty());
  CHECK(reports("allow exec \"/bin/*\"; allow exec \"/bin/sh\" -> q; deny exec \"/bin/sh\";").empty());
  CHECK(reports("allow exec \"/a\"; allow read \"/a\";").empty());
}

TEST_CASE("successors: a deny of one successor or owner settles nothing") {
  CHECK_FALSE(reports("allow exec \"/a\"; allow exec \"/a\" -> q; deny exec \"/a\" -> q;").empty());
  CHECK_FALSE(reports("allow exec \"/a\"; allow exec \"/a\" -> q; deny exec \"/a\" owner self;").empty());
}

TEST_CASE("successors: several conflicts are reported in one run") {
  const Compiled c(
      "policy p { allow exec \"/a\"; allow exec \"/b\"; allow exec \"/a\" -> q; allow exec \"/b\" -> q; } policy q { "
      "}");
  CHECK(c.diagnostics().size() == 2);
}

}  // namespace polc::sema_test
