#include "knowledge/calls.hpp"

#include "compiled.hpp"
#include "ir/access.hpp"
#include "knowledge/names.hpp"

namespace polc::sema_test {
namespace {

CallId call(std::string_view name, Os os = Os::linux_os) { return knowledge::find_call(os, name).value(); }
std::uint64_t constant(std::string_view name) { return knowledge::find_constant(Os::linux_os, name).value(); }

bool allows(const std::vector<ir::Box>& boxes, std::string_view name, sets::Arguments arguments) {
  const ir::Point point = ir::CallPoint{call(name), arguments};
  return std::any_of(boxes.begin(), boxes.end(), [&](const ir::Box& box) { return ir::contains(box, point); });
}

bool holds_for(std::string_view condition, sets::Arguments arguments) {
  return allows(rule("syscall prctl where " + std::string(condition)).boxes(), "prctl", arguments);
}

}  // namespace

TEST_CASE("calls: several make one box, sorted and once each") {
  const auto box = rule("syscall write, read, write").only_box<ir::CallBox>();
  CHECK(box.calls == std::vector{call("read"), call("write")});
  CHECK(box.where.is_always());
}

TEST_CASE("calls: a variable stands for the names of its set, `any` for every call") {
  const Compiled c("let more = { getpid, read }; let all = { $more, write }; policy p { allow syscall $all, close; }");
  CHECK(std::get<ir::CallBox>(c.boxes().front()).calls == std::vector{call("close"), call("getpid"), call("read"), call("write")});
  CHECK(rule("syscall any").only_box<ir::CallBox>().calls.size() == knowledge::calls_of(Os::linux_os).size());
  CHECK_FALSE(Compiled("let x = { read | write }; policy p { allow syscall $x; }").ok());
  CHECK_FALSE(Compiled("let x = 7; policy p { allow syscall $x; }").ok());
  CHECK_FALSE(Compiled("let x = { raed }; policy p { allow syscall $x; }").ok());
}

TEST_CASE("calls: the table is that of the OS") {
  CHECK(rule("syscall __sysctl", {Os::openbsd, Arch::x86_64, {}}).only_box<ir::CallBox>().calls ==
        std::vector{call("__sysctl", Os::openbsd)});
}

TEST_CASE("conditions: a named argument has the width and sign of its type") {
  // prctl(int option, ...): the high half does not count
  CHECK(holds_for("option == 5", {0xFFFF'FFFF'0000'0005, 0}));
  CHECK(holds_for("option == -1", {0x0000'0000'FFFF'FFFF, 0}));
  CHECK(holds_for("option < 0", {0x0000'0000'8000'0000, 0}));
  CHECK_FALSE(holds_for("option < 0", {5, 0}));
  const auto test = rule("syscall prctl where option == -1").only_box<ir::CallBox>().where.test;
  CHECK(test.width == 32);
  CHECK(test.is_signed);
  CHECK(test.value == ~std::uint64_t{0});
}

TEST_CASE("conditions: arg[N] is the raw unsigned register") {
  CHECK_FALSE(holds_for("arg[0] == 5", {0xFFFF'FFFF'0000'0005, 0}));
  CHECK(holds_for("arg[0] > 5", {0x8000'0000'0000'0000, 0}));
  CHECK(holds_for("arg[5] == -1", {0, 0, 0, 0, 0, ~std::uint64_t{0}}));
}

TEST_CASE("conditions: constants, flags, masks") {
  const auto boxes = rule("syscall mprotect where prot & ~(PROT_READ | PROT_WRITE) == 0").boxes();
  CHECK(allows(boxes, "mprotect", {0, 0, constant("PROT_READ")}));
  CHECK_FALSE(allows(boxes, "mprotect", {0, 0, constant("PROT_READ") | constant("PROT_EXEC")}));
  CHECK(holds_for("option & 6 == 4", {5}));
  CHECK(holds_for("option == PR_SET_NAME | 0x100", {constant("PR_SET_NAME") | 0x100}));
}

TEST_CASE("conditions: in a set, with ranges and flags") {
  constexpr std::string_view condition = "option in { PR_SET_NAME, 100-200, PR_SET_DUMPABLE | PR_GET_DUMPABLE }";
  CHECK(holds_for(condition, {constant("PR_SET_NAME")}));
  CHECK(holds_for(condition, {150}));
  CHECK(holds_for(condition, {constant("PR_SET_DUMPABLE") | constant("PR_GET_DUMPABLE")}));
  CHECK_FALSE(holds_for(condition, {99}));
  CHECK_FALSE(holds_for(condition, {201}));
}

TEST_CASE("conditions: and, or, not") {
  CHECK(holds_for("option == 1 or option == 2 and arg[1] == 3", {1, 0}));
  CHECK_FALSE(holds_for("option == 1 or option == 2 and arg[1] == 3", {2, 0}));
  CHECK(holds_for("not (option == 1 or option == 2)", {3}));
  CHECK_FALSE(holds_for("not option == 3 and arg[1] == 0", {3, 0}));
}

TEST_CASE("conditions: variables stand for numbers and for sets of them") {
  const Compiled c(
      "let n = 7; let s = { 1, 5-6, PR_SET_NAME, $n }; policy p { allow syscall prctl where option in $s; "
      "allow syscall prctl where arg[1] == $n | 8; }");
  const auto boxes = c.boxes();
  for (const std::uint64_t member :
       {std::uint64_t{1}, std::uint64_t{5}, std::uint64_t{6}, std::uint64_t{7}, constant("PR_SET_NAME")})
    CHECK(allows(boxes, "prctl", {member}));
  CHECK_FALSE(allows(boxes, "prctl", {4}));
  CHECK(allows(boxes, "prctl", {4, 15}));
}

TEST_CASE("conditions: calls that hold the argument at different places fall apart") {
  // open(pathname, flags), openat(dirfd, pathname, flags)
  const auto boxes = rule("syscall open, openat where flags == 0").boxes();
  REQUIRE(boxes.size() == 2);
  CHECK(allows(boxes, "open", {1, 0, 7}));
  CHECK(allows(boxes, "openat", {1, 7, 0}));
  CHECK_FALSE(allows(boxes, "openat", {1, 0, 7}));
  CHECK(rule("syscall mmap, mprotect where prot == 0").boxes().size() == 1);
}

TEST_CASE("named calls: fork, memory, namespace, time, mount and ipc come from the table") {
  CHECK(allows(rule("fork").boxes(), "fork", {}));
  CHECK_FALSE(allows(rule("thread").boxes(), "fork", {}));
  const auto exec_write = constant("PROT_EXEC") | constant("PROT_WRITE");
  CHECK(allows(rule("memory write_exec").boxes(), "mprotect", {0, 0, exec_write}));
  CHECK_FALSE(allows(rule("memory write_exec").boxes(), "mprotect", {0, 0, constant("PROT_EXEC")}));
  CHECK(allows(rule("namespace user").boxes(), "unshare", {constant("CLONE_NEWUSER")}));
  CHECK(allows(rule("time set").boxes(), "settimeofday", {}));
  CHECK(allows(rule("mount any").boxes(), "pivot_root", {}));
  CHECK(allows(rule("ipc shm, sem").boxes(), "semget", {}));
  CHECK(allows(rule("fork, socketpair").boxes(), "socketpair", {1}));  // AF_UNIX: other families have none
  CHECK_FALSE(allows(rule("fork, socketpair").boxes(), "socketpair", {2}));
}

}  // namespace polc::sema_test
