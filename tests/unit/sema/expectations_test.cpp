#include "compiled.hpp"

namespace polc::sema_test {
namespace {

ir::LeftOut left_out(std::string_view access) {
  const Compiled c("policy p { expect { allow " + std::string(access) + "; } }");
  return c.policy().expectations.at(0).boxes.at(0).second;
}

}  // namespace

TEST_CASE("expect: effect, range and boxes of each rule; a guard that does not hold leaves them out") {
  const Compiled c(
      "policy p { expect { allow read \"/a\"; deny write \"/b\"; } expect when os == openbsd { deny read \"/c\"; } }");
  const auto& expectations = c.policy().expectations;
  REQUIRE(expectations.size() == 2);
  CHECK(expectations[0].effect == ir::Effect::allow);
  CHECK(expectations[1].effect == ir::Effect::deny);
  CHECK(c.place(expectations[1].range) == "1:38");
  CHECK(c.policy().rules.empty());
}

TEST_CASE("expect: a file access leaves out what its qualifiers would say") {
  const ir::LeftOut bare = left_out("read \"/a\"");
  CHECK((bare.type && bare.owner && bare.mode && bare.request));
  CHECK_FALSE(bare.successor);
  CHECK_FALSE(left_out("read \"/a\" type file").type);
  CHECK_FALSE(left_out("list \"/a\"").type);
  CHECK(left_out("mknod \"/a\"").type);
  CHECK_FALSE(left_out("read \"/a\" owner self").owner);
  CHECK_FALSE(left_out("create \"/a\" mode 0600").mode);
  CHECK_FALSE(left_out("ioctl \"/a\" request TCGETS").request);
  CHECK(left_out("exec \"/a\"").successor);
  CHECK_FALSE(left_out("exec \"/a\" -> unconfined").successor);
  CHECK(left_out("rename \"/a\" -> \"/b\"").type);
}

TEST_CASE("expect: an exec without an arrow keeps the plain successor in its box, a deny too") {
  const Compiled c("policy p { expect { deny exec \"/a\"; } }");
  const auto& [box, unnamed] = c.policy().expectations.at(0).boxes.at(0);
  CHECK(std::get<ir::FileBox>(box).successors == std::vector{ir::Successor{}});
  CHECK(unnamed.successor);
}

TEST_CASE("expect: addresses and ports") {
  CHECK((left_out("connect tcp").address && left_out("connect tcp").port));
  CHECK_FALSE(left_out("connect tcp any").address);
  CHECK(left_out("connect tcp any").port);
  CHECK_FALSE(left_out("connect tcp any:1").port);
  CHECK_FALSE(left_out("send icmp any").port);
  CHECK(left_out("connect unix").address);
  CHECK_FALSE(left_out("connect unix \"/a\"").address);
  CHECK_FALSE(left_out("connect unix abstract \"a\"").address);
  CHECK((left_out("connect any").address && left_out("connect any").port));
}

TEST_CASE("expect: arguments of calls") {
  CHECK(left_out("syscall read").arguments);
  CHECK_FALSE(left_out("syscall read where fd == 0").arguments);
  CHECK_FALSE(left_out("fork").arguments);
}

}  // namespace polc::sema_test
