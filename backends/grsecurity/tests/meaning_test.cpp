// The set that the reader makes of a text against a second opinion that decides one access after the other (pointwise.hpp), on the
// golden cases' texts and on those of generated policies; and the verdicts against the set.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "acl.hpp"
#include "probes.hpp"
#include "pointwise.hpp"

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
    ir::Policy made = policy_of(std::move(rules), pick(4) == 0 ? "/a" : "/usr/sbin/d");
    if (pick(6) == 0) made.programs.emplace_back("/b/d");
    return made;
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

std::pair<unsigned, unsigned> seeds_of(const std::string& text) {
  const std::size_t dash = text.find('-');
  return {static_cast<unsigned>(std::stoul(text)), static_cast<unsigned>(std::stoul(text.substr(dash + 1)))};
}

std::vector<ir::Point> all_sockets() {
  std::vector<ir::Point> sockets;
  for (const std::uint64_t domain : {1, 2, 10, 16, 17, 40})
    for (const std::uint64_t type : {1, 2, 3, 5})
      for (const std::uint64_t protocol : {0, 1, 6, 17}) sockets.emplace_back(socket_of(domain, type, protocol));
  return sockets;
}

/// At each object and below it; of sets that are large few probes are of sockets.
std::vector<ir::Point> unix_sockets(const grsecurity::Document& document) {
  std::vector<ir::Point> sockets;
  for (const grsecurity::AclSubject& subject : document.subjects)
    for (const grsecurity::AclObject& object : subject.objects)
      for (const NetVerb verb : {NetVerb::connect, NetVerb::send, NetVerb::bind}) {
        ir::NetPoint point;
        point.verb = verb;
        point.family = Family::unix_family;
        point.unix_address = {ir::UnixAddress::Kind::path, object.path == "/" ? "/s" : object.path};
        sockets.emplace_back(point);
        if (sockets.size() > 60) return sockets;
      }
  return sockets;
}

/// How many accesses were asked: all had the same answer.
std::size_t check_text(const std::string& text, const target::Settings& with, const std::vector<eval::Part>& more) {
  const bool is_old = grsecurity::is_old(with);
  const auto document = grsecurity::parse(text, {is_old, with.format == "policy"});
  const auto reading = grsecurity::backend().read(text, {}, with);
  REQUIRE_MESSAGE((document && reading), text);
  std::size_t asked = 0;
  const auto check = [&](const std::vector<ir::Point>& points) {
    for (const ir::Point& point : points) {
      ++asked;
      const bool pointwise = grsecurity::permits_pointwise(*document, point, Os::linux_os, is_old);
      if (eval::decide(reading->permits, point).allowed == pointwise) continue;
      FAIL_CHECK((pointwise ? "the set refuses: " : "the set permits: ") << format::text_of(Os::linux_os, point) << "\n" << text);
      return;
    }
  };
  check(property::probes_for(reading->permits.parts(), Os::linux_os, 400));
  check(property::probes_for(more, Os::linux_os, 200));
  check(all_sockets());
  check(unix_sockets(*document));
  return asked;
}

}  // namespace

TEST_CASE("meaning: the set is what a second opinion says of each access, for generated policies and both versions") {
  const char* more = std::getenv("POLC_SEEDS");  // "first-last" for a longer run
  const auto [first, last] = more ? seeds_of(more) : std::pair(1u, 2'000u);
  std::size_t texts = 0, asked = 0;
  for (unsigned seed = first; seed <= last; ++seed)
    for (const char* version : {"3.1", "2.1"}) {
      CAPTURE(seed);
      const target::Settings with = settings(version, seed % 3 == 0 ? "policy" : "subject");
      const auto made = compile(Generator(seed).policy(), with);
      asked += check_text(made.text, with, made.meaning.parts());
      ++texts;
    }
  MESSAGE(asked << " accesses asked of " << texts << " texts");
}

TEST_CASE("meaning: the set is what a second opinion says of the golden cases' texts") {
  std::size_t texts = 0, asked = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(POLC_GOLDENS)) {
    if (entry.path().filename() != "grsecurity.txt") continue;
    std::ifstream in(entry.path());
    std::ostringstream text;
    text << in.rdbuf();
    const bool is_whole = text.str().find("\nrole default") != std::string::npos;
    for (const char* version : {"3.1", "2.1"}) {
      const target::Settings with = settings(version, is_whole ? "policy" : "subject");
      if (!refusal_of(text.str(), with).empty()) continue;  // words of the other version
      asked += check_text(text.str(), with, {});
      ++texts;
    }
  }
  MESSAGE(asked << " accesses asked of " << texts << " texts");
  CHECK(texts > 0);
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
    if (made.meaning.parts()[place].names_denied()) return true;
  return false;
}

}  // namespace

TEST_CASE("meaning: nothing is narrowed and no deny is lost in silence") {
  using ir::Verdict;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Generator generator(seed);
    const auto made = compile(generator.policy());
    for (const ir::Point& point : property::probes_for(made.meaning.parts(), Os::linux_os, 600)) {
      const bool wanted = eval::decide(made.meaning, point).allowed;
      const bool permitted = target::permits(*made.reading, point);
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
