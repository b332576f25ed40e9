#include "compiled.hpp"
#include "knowledge/names.hpp"

namespace polc::sema_test {
namespace {

ir::IdentityBox identity(std::string_view value, std::string_view lets = "") {
  return Compiled(std::string(lets) + " policy p { allow setuid " + std::string(value) + "; }")
      .only_box<ir::IdentityBox>();
}

}  // namespace

TEST_CASE("setuid: numbers, accounts, sets, variables and any") {
  CHECK(identity("0").ids == sets::NumberSet::of(0));
  CHECK(identity("{ 1, 5-7 }").ids == (sets::NumberSet::of(1) | sets::NumberSet::range(5, 7)));
  CHECK(identity("any").ids.is_all());
  const auto account = identity("user \"tor\" 43");
  CHECK(account.ids.empty());
  CHECK(account.accounts == std::vector<ir::Account>{{"tor", true, 43}});
  CHECK(identity("user \"tor\"").accounts == std::vector<ir::Account>{{"tor", false, 0}});
  const auto mixed = identity("$s", "let u = user \"b\"; let s = { $u, user \"a\" 1, 9 };");
  CHECK(mixed.accounts == std::vector<ir::Account>{{"a", true, 1}, {"b", false, 0}});
  CHECK(mixed.ids == sets::NumberSet::of(9));
}

TEST_CASE("setgid: group values") {
  const auto box = rule("setgid group \"tor\" 5").only_box<ir::IdentityBox>();
  CHECK(box.kind == ir::IdentityKind::group);
  CHECK(box.accounts == std::vector<ir::Account>{{"tor", true, 5}});
}

TEST_CASE("capability: a bit each, any is all of them") {
  CHECK(rule("capability chown, net_bind_service").only_box<ir::CapabilityBox>().capabilities ==
        ((1u << 0) | (1u << 10)));
  CHECK(rule("capability any").only_box<ir::CapabilityBox>().capabilities == ~std::uint64_t{0});
}

TEST_CASE("signal and ptrace: what, and to whom") {
  const Compiled c("policy p { allow signal hup, term to children, self, q; } policy q { allow ptrace any to any; }");
  const auto signal = std::get<ir::PeerBox>(c.policies()[0].rules[0].boxes[0]);
  CHECK(signal.kind == ir::PeerKind::signal);
  CHECK(signal.what == ((1u << 1) | (1u << 15)));
  CHECK_FALSE(signal.any_peer);
  using Kind = ir::Peer::Kind;
  CHECK(signal.peers == std::vector<ir::Peer>{{Kind::self, ""}, {Kind::children, ""}, {Kind::policy, "q"}});
  const auto ptrace = std::get<ir::PeerBox>(c.policies()[1].rules[0].boxes[0]);
  CHECK(ptrace.what == (ir::ptrace_read | ir::ptrace_trace));
  CHECK(ptrace.any_peer);
  CHECK(rule("signal usr1 to self", {Os::openbsd, Arch::x86_64, {}}).only_box<ir::PeerBox>().what == 1u << 30);
}

}  // namespace polc::sema_test
