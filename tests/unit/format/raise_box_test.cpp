#include "boxes.hpp"

using namespace polc;
using namespace polc::format_test;
using sets::Compare;

namespace {

std::string where(std::vector<std::string_view> calls, const ir::Condition& condition) {
  ir::CallBox box;
  for (const std::string_view name : calls) box.calls.push_back(call(name));
  box.where = condition;
  const std::string out = text(box);
  const std::size_t at = out.find(" where ");
  return at == std::string::npos ? "" : out.substr(at + 7);
}

}  // namespace

TEST_CASE("text_of box: places and trees") {
  CHECK(text(file({FileVerb::read, FileVerb::stat}, "/etc/*.conf")) == "read, stat \"/etc/*.conf\"");
  CHECK(text(file({FileVerb::read}, "/etc", true)) == "read tree \"/etc\"");
  CHECK(text(file({FileVerb::read}, "/", true)) == "read tree \"/\"");
  CHECK(text(file({FileVerb::read}, "/etc/**")) == "read \"/etc/**\"");
  ir::FileBox two = file({FileVerb::read}, "/b/**");
  two.places.push_back(patterns("/a").front());
  CHECK(text(two) == "read \"/b/**\", \"/a\"");
}

TEST_CASE("text_of box: the seven verbs of modify are one word") {
  FileVerbs seven{FileVerb::write, FileVerb::append, FileVerb::create, FileVerb::remove, FileVerb::truncate, FileVerb::chmod, FileVerb::chown};
  CHECK(text(file(seven, "/a")) == "modify \"/a\"");
  CHECK(text(file(seven | FileVerbs{FileVerb::read, FileVerb::lock}, "/a")) == "read, modify, lock \"/a\"");
  seven.remove(FileVerb::chown);
  CHECK(text(file(seven, "/a")) == "write, append, create, delete, truncate, chmod \"/a\"");
}

TEST_CASE("text_of box: types and owners") {
  ir::FileBox box = file({FileVerb::create}, "/x");
  box.types = {FileType::dir, FileType::socket};
  CHECK(text(box) == "create \"/x\" type dir, socket");
  box.owners = {false, true, {"$a", "b"}};
  CHECK(text(box) ==
        "create \"/x\" type dir, socket owner self; create \"/x\" type dir, socket owner \"\\$a\"; "
        "create \"/x\" type dir, socket owner \"b\"");
}

TEST_CASE("text_of box: a qualifier of some verbs is given to these alone") {
  ir::FileBox box = file({FileVerb::read, FileVerb::create, FileVerb::chmod}, "/x");
  box.mode = 0640;
  CHECK(text(box) == "read \"/x\"; create, chmod \"/x\" mode 0640");
  box = file({FileVerb::ioctl}, "/dev/tty");
  box.requests = numbers({0x5401, 0x5413});
  CHECK(text(box) == "ioctl \"/dev/tty\" request TCGETS, TIOCGWINSZ");
}

TEST_CASE("text_of box: one access a successor") {
  ir::FileBox box = file({FileVerb::exec, FileVerb::map}, "/bin/sh");
  CHECK(text(box) == "exec, map \"/bin/sh\"");
  box.successors = {
      {ir::Successor::Kind::same, ""}, {ir::Successor::Kind::unconfined, ""}, {ir::Successor::Kind::policy, "q"}};
  CHECK(text(box) == "map \"/bin/sh\"; exec \"/bin/sh\"; exec \"/bin/sh\" -> unconfined; exec \"/bin/sh\" -> q");
  box.verbs = {FileVerb::exec};
  box.successors = {};
  CHECK(text(box) == "exec \"/bin/sh\"");
}

TEST_CASE("text_of box: pairs") {
  ir::PairBox box{{FileVerb::rename}, patterns("/a*"), patterns("/b"), FileTypes::all(), {}};
  CHECK(text(box) == "rename \"/a*\" -> \"/b\"");
  box.to = patterns("/b", true);
  CHECK(text(box) == "rename \"/a*\" -> \"/b\"; rename \"/a*\" -> \"/b/**\"");
  box.from = box.to;
  box.types = {FileType::file};
  CHECK(text(box) == "rename tree \"/b\" type file");
}

TEST_CASE("text_of box: conditions keep their tree") {
  CHECK(text(ir::CallBox{{call("close"), call("fork")}, {}}) == "syscall close, fork");
  CHECK(where({"socket"}, test(0, Compare::equal, 2, 32, true)) == "domain == 2");
  CHECK(where({"socket"}, all_of({test(0, Compare::equal, 2, 32, true),
                                  test(2, Compare::not_equal, ~0ull, 32, true)})) == "domain == 2 and protocol != -1");
  const ir::Condition either =
      any_of({test(0, Compare::less, 2, 32, true), test(1, Compare::greater_equal, 5, 32, true)});
  CHECK(where({"socket"}, either) == "domain < 2 or type >= 5");
  CHECK(where({"socket"}, all_of({either, negated(either)})) ==
        "(domain < 2 or type >= 5) and not (domain < 2 or type >= 5)");
  CHECK(where({"socket"}, negated(test(0, Compare::equal, 2, 32, true))) == "not (domain == 2)");
}

TEST_CASE("text_of box: several values of one argument are a set") {
  const auto is = [](std::uint64_t value) { return test(0, Compare::equal, value, 32, true); };
  CHECK(where({"socket"}, any_of({is(1), is(2)})) == "domain in { 1, 2 }");
  CHECK(where({"socket"}, any_of({is(1), is(~0ull)})) == "domain == 1 or domain == -1");
  CHECK(where({"socket"}, all_of({any_of({is(1), is(2)}), test(1, Compare::equal, 1, 32, true)})) ==
        "domain in { 1, 2 } and type == 1");
}

TEST_CASE("text_of box: masks") {
  CHECK(where({"mprotect"}, test(2, Compare::equal, 0, 64, false, ~std::uint64_t{3})) == "prot & ~3 == 0");
  CHECK(where({"mprotect"}, test(2, Compare::not_equal, 0, 64, false, 4)) == "prot & 4 != 0");
}

TEST_CASE("text_of box: without a shared name the raw register is compared, and means the same") {
  CHECK(where({"socket", "close"}, test(5, Compare::equal, 0x12345)) == "arg[5] == 0x12345");
  CHECK(where({"close", "socket"}, test(0, Compare::equal, 2, 32, true)) == "arg[0] & 0xffffffff == 2");
  CHECK(where({"close", "socket"}, test(0, Compare::less, 2, 32, true)) ==
        "(arg[0] & 0xffffffff >= 0x80000000 or arg[0] & 0xffffffff < 2)");
  CHECK(where({"close", "socket"}, test(0, Compare::less, ~0ull, 32, true)) ==
        "(arg[0] & 0xffffffff >= 0x80000000 and arg[0] & 0xffffffff < 0xffffffff)");
  CHECK(where({"close", "socket"}, test(0, Compare::greater, 2, 32, true)) ==
        "(arg[0] & 0xffffffff < 0x80000000 and arg[0] & 0xffffffff > 2)");
  CHECK(where({"close", "socket"}, test(0, Compare::greater_equal, ~0ull, 32, true)) ==
        "(arg[0] & 0xffffffff < 0x80000000 or arg[0] & 0xffffffff >= 0xffffffff)");
}

TEST_CASE("text_of box: never and always inside a condition") {
  CHECK(where({"close"}, any_of({})) == "(arg[0] == 0 and arg[0] != 0)");
  CHECK(where({"close"}, negated(all_of({}))) == "not (arg[0] == 0 or arg[0] != 0)");
}

TEST_CASE("text_of box: identities") {
  using ir::IdentityBox, ir::IdentityKind;
  CHECK(text(IdentityBox{IdentityKind::user, sets::NumberSet::all(), {}}) == "setuid any");
  CHECK(text(IdentityBox{IdentityKind::user, numbers({0}), {}}) == "setuid 0");
  CHECK(text(IdentityBox{IdentityKind::group, sets::NumberSet::range(1, 5), {}}) == "setgid { 1-5 }");
  CHECK(text(IdentityBox{IdentityKind::user, {}, {{"_tor", true, 1001}}}) == "setuid user \"_tor\" 1001");
  CHECK(text(IdentityBox{IdentityKind::group, numbers({3}), {{"_tor", false, 0}}}) == "setgid { 3, group \"_tor\" }");
  CHECK(text(IdentityBox{IdentityKind::user, {}, {}}) == "");
}

TEST_CASE("text_of box: capabilities, signals and tracing") {
  CHECK(text(ir::CapabilityBox{1u << 12 | 1u << 10}) == "capability net_admin, net_bind_service");
  CHECK(text(ir::CapabilityBox{~std::uint64_t{0}}) == "capability any");
  CHECK(text(ir::CapabilityBox{0}) == "");
  const ir::Peer self{}, other{ir::Peer::Kind::policy, "q"};
  CHECK(text(ir::PeerBox{ir::PeerKind::signal, 1u << 15 | 1u << 6, false, {self, other}}) ==
        "signal abrt, term to self, q");
  CHECK(text(ir::PeerBox{ir::PeerKind::signal, ~std::uint64_t{0}, true, {}}) == "signal any to any");
  CHECK(text(ir::PeerBox{ir::PeerKind::ptrace, 3, false, {{ir::Peer::Kind::children, ""}}}) ==
        "ptrace read, trace to children");
}
