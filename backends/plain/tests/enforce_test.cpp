// The whole way: what is chosen of a policy is printed and read back, and the artefact decides as the policy does.
#include <doctest/doctest.h>

#include "eval/meaning.hpp"
#include "probes.hpp"
#include "format/raise.hpp"
#include "knowledge/calls.hpp"
#include "plain/plain.hpp"
#include "target/enforce.hpp"

using namespace polc;

namespace {

std::vector<sets::PathPattern> patterns(std::string_view bytes, bool tree = false) {
  return *sets::parse_path_pattern({std::string(bytes), {}}, tree);
}

ir::FileBox file(FileVerbs verbs, std::string_view place, bool tree = false) {
  ir::FileBox box;
  box.verbs = verbs;
  box.places = patterns(place, tree);
  return box;
}

ir::NetBox tcp(NetVerbs verbs, sets::Ip4Set hosts, sets::PortSet ports) {
  ir::NetBox box;
  box.verbs = verbs;
  box.types = {SocketType::stream};
  box.protocols = sets::NumberSet::of(0) | sets::NumberSet::of(6);
  box.ip4 = std::move(hosts);
  box.ports = std::move(ports);
  return box;
}

ir::Rule rule(ir::Effect effect, std::vector<ir::Box> boxes) {
  ir::Rule out;
  out.effect = effect;
  out.boxes = std::move(boxes);
  out.origin.emplace_back();
  return out;
}

ir::Policy policy_with(std::vector<ir::Rule> rules) {
  ir::Policy policy;
  policy.name = "p";
  policy.rules = std::move(rules);
  return policy;
}

ir::NetBox unix_at(NetVerbs verbs, std::string_view place) {
  ir::NetBox box;
  box.verbs = verbs;
  box.family = Family::unix_family;
  box.any_unix_address = false;
  box.paths = patterns(place);
  return box;
}

ir::Policy one_of_each() {
  using ir::Effect;
  ir::FileBox log = file({FileVerb::create, FileVerb::append}, "/var/log/*.log");
  log.types = {FileType::file};
  log.mode = 0640;
  const auto setuid = ir::IdentityBox{ir::IdentityKind::user, {}, {{"_tor", true, 1001}}};
  const CallId prctl = *knowledge::find_call(Os::linux_os, "prctl");
  const ir::Condition names{ir::Condition::Kind::test, {0, ~std::uint64_t{0}, sets::Compare::equal, 15, 32, true}, {}};
  return policy_with({
      rule(Effect::allow, {file({FileVerb::read, FileVerb::write}, "/etc", true), log}),
      rule(Effect::deny, {file({FileVerb::read}, "/etc/shadow"), file({FileVerb::stat}, "/etc/secret/**")}),
      rule(Effect::allow, {ir::PairBox{{FileVerb::rename}, patterns("/a/*"), patterns("/b/**"), FileTypes::all(), {}}}),
      rule(Effect::allow, {file({FileVerb::exec}, "/bin/*")}),
      rule(Effect::allow, {tcp({NetVerb::connect}, sets::Ip4Set::all(), sets::PortSet::range(1, 9000))}),
      rule(Effect::deny, {tcp({NetVerb::connect}, sets::Ip4Set::range(0x0A000000, 0x0AFFFFFF), sets::PortSet::all())}),
      rule(Effect::allow, {unix_at({NetVerb::bind}, "/run/*.sock")}),
      rule(Effect::allow, {ir::CallBox{{prctl}, names}, setuid, ir::CapabilityBox{1u << 7}}),
      rule(Effect::allow, {ir::PeerBox{ir::PeerKind::signal, 1u << 15, false, {ir::Peer{}}}}),
  });
}

struct Artefact {
  ir::Policy policy;
  eval::Meaning meaning;
  target::Outcome legal;
  std::string text;
};

Artefact compiled(ir::Policy policy) {
  diag::SourceMap sources;
  sources.add("p.pol", "policy p {}\n");
  Artefact out{std::move(policy), {}, {}, {}};
  out.meaning = eval::meaning_of(out.policy);
  target::Enforced made = target::enforce(out.policy, out.meaning, out.meaning.parts(), plain::backend(), {}, sources);
  out.legal = std::move(made.outcome);
  out.text = std::move(made.printed.text);
  return out;
}

std::size_t disagreements(const Artefact& artefact) {
  const auto reading = plain::backend().read(artefact.text, artefact.policy.configuration, {});
  REQUIRE_MESSAGE(reading, reading.error().line << ": " << reading.error().message);
  std::size_t count = 0;
  for (const ir::Point& point : property::probes_for(artefact.meaning.parts(), Os::linux_os, 20'000)) {
    const bool wanted = eval::decide(artefact.meaning, point).allowed;
    if (target::permits(*reading, point) == wanted) continue;
    if (++count <= 5) MESSAGE((wanted ? "refused: " : "permitted: ") << format::text_of(Os::linux_os, point));
  }
  return count;
}

}  // namespace

TEST_CASE("enforce: plain has nothing to report") {
  const Artefact artefact = compiled(one_of_each());
  CHECK_FALSE(artefact.legal.too_complex);
  for (const target::Finding& finding : artefact.legal.findings)
    MESSAGE(name_of(finding.verdict) << (finding.witness ? format::text_of(Os::linux_os, *finding.witness) : ""));
  CHECK(artefact.legal.findings.empty());
}

TEST_CASE("print: the artefact decides as the policy does") {
  const Artefact artefact = compiled(one_of_each());
  CHECK_MESSAGE(disagreements(artefact) == 0, artefact.text);
}

TEST_CASE("print: an empty policy permits nothing and names itself") {
  const Artefact artefact = compiled(policy_with({}));
  CHECK(artefact.text == "plain 1 p linux x86_64\n");
  CHECK(disagreements(artefact) == 0);
}

TEST_CASE("print: reactions, limits and raw lines") {
  ir::Policy policy = policy_with({rule(ir::Effect::allow, {ir::CapabilityBox{1}})});
  policy.defaults.emplace_back();
  policy.defaults.back().reaction = {ir::Reaction::Kind::deny, "EPERM", true};
  policy.defaults.back().klass = ir::AccessClass::net;
  policy.limits.push_back({7, 64, {}});
  policy.raws = {{"plain", "allow capability 5", {}, {}}, {"other", "x", {}, {}}};
  const Artefact artefact = compiled(policy);
  CHECK(artefact.text ==
        "plain 1 p linux x86_64\ndefault deny errno=EPERM log=yes class=net\nlimit 7 64\n# p.pol:1:1\n"
        "allow capability 0\nallow capability 5\n");
  const auto reading = plain::backend().read(artefact.text, policy.configuration, {});
  REQUIRE(reading);
  CHECK(target::permits(*reading, ir::CapabilityPoint{5}));
  CHECK(target::line_for(*reading, ir::CapabilityPoint{0}) == 5);
}
