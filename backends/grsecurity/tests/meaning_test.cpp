// The declared meaning is the truth: on generated policies, what legalise says the artefact permits is what the reader
// says.
#include <cstdlib>
#include <random>

#include "acl.hpp"
#include "eval/probes.hpp"

using namespace polc;
using namespace polc::grsecurity::tests;

namespace {

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  ir::Policy policy() {
    std::vector<ir::Rule> rules;
    const int count = 1 + pick(6);
    for (int i = 0; i < count; ++i) rules.push_back(rule(pick(3) == 0 ? Effect::deny : Effect::allow, {box()}));
    return policy_of(std::move(rules), pick(4) == 0 ? "/a" : "/usr/sbin/d");
  }

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  std::string path() {
    static const std::vector<std::string> paths{"/",         "/a",          "/a/b",       "/a/b/c", "/a/b*",
                                                "/b",        "/b/**",       "/a/**/c",    "/b/x y", "/a/d",
                                                "/usr/sbin", "/usr/sbin/d", "/dev/pts/3", "/q\"r/s"};
    return paths[static_cast<std::size_t>(pick(static_cast<int>(paths.size())))];
  }
  std::vector<sets::PathPattern> places() {
    const std::string text = path();
    return place(text, text.find("**") == std::string::npos && pick(2) == 0);
  }
  ir::Box box() {
    switch (pick(8)) {
      case 0: return pair_box();
      case 1: return net_box();
      case 2: return net_box();
      case 3: return other_net_box();
      case 4: return process_box();
      default: return file_box();
    }
  }
  ir::Box file_box() {
    ir::FileBox box;
    box.places = places();
    const int count = 1 + pick(3);
    for (int i = 0; i < count; ++i) {
      const auto verb = static_cast<FileVerb>(pick(20));
      if (verb != FileVerb::rename && verb != FileVerb::link) box.verbs.insert(verb);
    }
    if (box.verbs.empty()) box.verbs = {FileVerb::read, FileVerb::write};
    if (pick(5) == 0) box.types = {FileType::dir, static_cast<FileType>(pick(7))};
    if (pick(8) == 0) box.owners = {false, true, {}};
    return box;
  }
  ir::Box pair_box() {
    ir::PairBox box;
    box.verbs = {pick(2) == 0 ? FileVerb::rename : FileVerb::link};
    box.from = places();
    box.to = places();
    return box;
  }
  ir::Box net_box() {
    ir::NetBox box;
    box.verbs = {static_cast<NetVerb>(pick(6))};
    if (pick(6) != 0) box.types = {static_cast<SocketType>(pick(4))};
    const sets::NumberSet sets[] = {tcp_numbers(), udp_numbers(), sets::NumberSet::of(1), sets::NumberSet::of(6),
                                    sets::NumberSet::all()};
    box.protocols = sets[pick(5)];
    if (pick(2) == 0) box.ip4 = sets::Ip4Set::range(ip(10, 0, 0, 0), ip(10, 0, 0, static_cast<unsigned>(pick(4))));
    if (pick(2) == 0)
      box.ports = sets::PortSet::of(80) | sets::PortSet::range(8000, static_cast<std::uint16_t>(8000 + pick(10)));
    return box;
  }
  ir::Box other_net_box() {
    ir::NetBox box;
    box.verbs = {static_cast<NetVerb>(pick(6))};
    box.family = static_cast<Family>(1 + pick(5));
    if (box.family != Family::unix_family) return box;
    box.any_unix_address = pick(4) == 0;
    if (!box.any_unix_address) box.paths = places();
    return box;
  }
  ir::Box process_box() {
    if (pick(2) == 0) return ir::CapabilityBox{std::uint64_t{1} << (pick(2) == 0 ? 6 + pick(2) : pick(41))};
    const ir::IdentityKind kind = pick(2) == 0 ? ir::IdentityKind::user : ir::IdentityKind::group;
    if (pick(3) == 0) return ir::IdentityBox{kind, sets::NumberSet::all(), {}};
    const ir::Account accounts[] = {{"u1", true, 1}, {"u2", true, 2}, {"u3", false, 0}};
    return ir::IdentityBox{kind, {}, {accounts[pick(3)]}};
  }

  std::mt19937 random_;
};

/// What the pieces and what nobody sees add up to: some allow holds the point and no deny.
bool is_declared(const eval::Meaning& permitted, const ir::Point& point) {
  bool allowed = false;
  for (const std::uint32_t place : eval::parts_at(permitted, point)) {
    if (permitted.parts()[place].effect == Effect::deny) return false;
    allowed = true;
  }
  return allowed;
}

void check_points(const Compiled& made, const std::vector<ir::Point>& points) {
  for (const ir::Point& point : points) {
    const bool declared = is_declared(made.legal.permitted, point);
    if (declared == made.reader->permits(point)) continue;
    const std::string said = declared ? "permitted: " : "refused: ";
    std::string rules;
    for (const ir::Rule& one : made.policy.rules)
      for (const ir::Box& box : one.boxes)
        rules += std::string(ir::name_of(one.effect)) + ' ' + format::text_of(Os::linux_os, box) + '\n';
    FAIL_CHECK("declared " << said << format::text_of(Os::linux_os, point) << "\n" << rules << made.text);
    return;
  }
}

std::pair<unsigned, unsigned> seeds_of(const std::string& text) {
  const std::size_t dash = text.find('-');
  return {static_cast<unsigned>(std::stoul(text)), static_cast<unsigned>(std::stoul(text.substr(dash + 1)))};
}

void check_meaning(const Compiled& made) {
  std::vector<eval::Part> parts = made.legal.permitted.parts();
  check_points(made, made.reader->mentioned());
  check_points(made, eval::probes_for(parts, Os::linux_os, 1500));
  check_points(made, eval::probes_for(made.meaning.parts(), Os::linux_os, 1500));
  std::vector<ir::Point> sockets;
  for (const std::uint64_t domain : {1, 2, 10, 16, 17, 40})
    for (const std::uint64_t type : {1, 2, 3, 5})
      for (const std::uint64_t protocol : {0, 1, 6, 17}) sockets.emplace_back(socket_of(domain, type, protocol));
  check_points(made, sockets);
}

}  // namespace

TEST_CASE("meaning: the reader agrees with what is declared") {
  const char* more = std::getenv("POLC_SEEDS");  // "first-last" for a longer run
  const auto [first, last] = more ? seeds_of(more) : std::pair(1u, 100u);
  for (unsigned seed = first; seed <= last; ++seed) {
    CAPTURE(seed);
    Generator generator(seed);
    check_meaning(
        compile(generator.policy(), settings(seed % 4 == 0 ? "2.1" : "3.1", seed % 3 == 0 ? "policy" : "subject")));
  }
}

namespace {

bool has_finding(const Compiled& made, Effect effect, std::initializer_list<ir::Verdict> verdicts) {
  for (const target::Finding& finding : made.legal.findings)
    for (const ir::Verdict verdict : verdicts)
      if (finding.verdict == verdict && made.policy.rules[finding.rule.value].effect == effect) return true;
  return false;
}

bool is_denied(const Compiled& made, const ir::Point& point) {
  for (const std::uint32_t place : eval::parts_at(made.meaning, point))
    if (made.meaning.parts()[place].effect == Effect::deny) return true;
  return false;
}

}  // namespace

TEST_CASE("meaning: nothing is narrowed and no deny is lost in silence") {
  using ir::Verdict;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Generator generator(seed);
    const auto made = compile(generator.policy());
    for (const ir::Point& point : eval::probes_for(made.meaning.parts(), Os::linux_os, 600)) {
      const bool wanted = eval::decide(made.meaning, point).allowed;
      const bool permitted = made.reader->permits(point);
      if (wanted && !permitted) {
        const bool is_told = has_finding(made, Effect::allow, {Verdict::narrower, Verdict::refused}) ||
                             has_finding(made, Effect::deny, {Verdict::narrower, Verdict::refused});
        CHECK_MESSAGE(is_told, format::text_of(Os::linux_os, point));
      }
      if (permitted && is_denied(made, point)) {
        const bool is_told = has_finding(made, Effect::deny, {Verdict::wider, Verdict::unmediated, Verdict::refused});
        CHECK_MESSAGE(is_told, format::text_of(Os::linux_os, point));
      }
    }
  }
}
