// What a rewrite says that it adds is all that it adds, and nobody would be warned of it: over drawn evidence.
#include <random>
#include <set>

#include "evidence.hpp"

#include "diff/changes.hpp"
#include "driver/learn_words.hpp"
#include "driver/load.hpp"
#include "eval/compare.hpp"
#include "sema/lower.hpp"

using namespace polc;
using namespace polc::driver_test;
using eval::side;

namespace {

constexpr unsigned evidences = 40;

class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}

  learn::Evidence evidence() {
    std::set<std::string> accesses{"syscall getpid"};
    const unsigned groups = 2 + below(5);
    for (unsigned i = 0; i < groups; ++i) add_group(accesses);
    std::vector<Given> events;
    for (const std::string& access : accesses) events.push_back({access});
    return evidence_of(events, {{"owner", R"("/opt/demo" "root")"}, {"owner", R"("/srv/own" self)"}, {"type", R"("/srv/own" dir)"}});
  }

 private:
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  template <std::size_t size>
  std::string one_of(const std::array<const char*, size>& all) { return all[below(size)]; }

  void add_group(std::set<std::string>& accesses) {
    constexpr std::array directories{"/srv/demo", "/srv/demo/x", "/srv/demo/y", "/srv/demo/z", "/var/lib/demo", "/var/log/demo", "/etc/demo", "/home/u/.ssh", "/opt/demo",
                                     "/srv/own", "/usr/lib/demo", "/tmp", "/", "/srv", "/dev/input", "/var/cache/demo/deep"};
    constexpr std::array verbs{"read", "read", "read", "stat", "write", "create", "delete", "truncate", "append", "exec", "map", "chmod", "mkdir"};
    const std::string directory = one_of(directories), verb = one_of(verbs);
    const unsigned count = 1 + below(7), shape = below(6);
    const bool reads_too = below(3) == 0;
    for (unsigned i = 0; i < count; ++i) {
      const std::string number = std::to_string(below(2000));
      const std::string name = shape == 0 ? "part-" + number : shape == 1 ? number + ".log" : shape == 2 ? std::string(1, static_cast<char>('a' + i)) + ".png"
                               : shape == 3 ? "libx.so." + number : shape == 4 ? "id_rsa" + number : "f" + number + ".d";
      const std::string path = "\"" + (directory == "/" ? "" : directory) + "/" + name + "\"";
      const bool has_mode = verb == "create" || verb == "chmod" || verb == "mkdir";
      accesses.insert(verb + " " + path + (verb == "create" ? " type file" : "") + (has_mode ? " mode 0644" : ""));
      if (reads_too) accesses.insert("read " + path);
    }
    if (below(2) == 0)
      for (unsigned i = 0; i < 6; ++i) accesses.insert("connect tcp " + one_of(std::array{"192.0.2.", "10.1.2.", "169.254.169."}) + std::to_string(below(255)) + ":" + one_of(std::array{"80", "443"}));
    if (below(3) == 0)
      for (unsigned i = 0; i < 60; ++i) accesses.insert("syscall " + one_of(std::array{"ioctl where request", "madvise where advice", "keyctl where operation"}) + " == " + std::to_string(below(64)));
    if (below(3) == 0) accesses.insert("thread");
    if (below(3) == 0)
      for (const char* call : {"syscall epoll_wait", "syscall epoll_ctl", "syscall eventfd2"}) accesses.insert(call);
  }

  std::mt19937 random_;
};

ir::Policy lowered(const std::string& text) {
  diag::SourceMap sources;
  diag::Sink sink;
  static const std::vector<std::string> none;
  const driver::Loaded loaded = driver::load({"p.pol"}, none, sources, sink, {{"p.pol", text}});
  REQUIRE(!sink.has_errors());
  auto policies = sema::lower(loaded.program, {}, sink);
  REQUIRE(policies);
  return policies->front();
}

}  // namespace

TEST_CASE("learn: the literal rules and the printed added sets together are the policy, and none of these is a danger of lint's") {
  static const std::vector<std::string> none;
  diag::SourceMap sources;
  driver::LearnWords words({}, none, sources);
  std::set<std::string> rewrites;
  for (unsigned seed = 0; seed < evidences; ++seed) {
    CAPTURE(seed);
    const learn::Evidence evidence = Draw(seed).evidence();
    driver::LearnRequest exact;
    exact.exact = true;
    const driver::Learned literal = learned(evidence, exact), wide = learned(evidence);
    const eval::Meaning before = eval::meaning_of(lowered(literal.policy)), now = eval::meaning_of(lowered(wide.policy));
    std::vector<eval::Part> parts;
    std::string uses;
    for (const learn::Rewrite& rewrite : wide.policies.front().draft.log) {
      rewrites.insert(rewrite.id);
      for (const ir::Box& box : rewrite.wide) parts.push_back({ir::Effect::allow, box, {}, false});
    }
    for (const learn::Use& use : wide.policies.front().draft.uses) uses += "use " + use.text + ";\n";
    const eval::Meaning used = words.words().meaning_of(uses);
    for (const eval::Part& part : used.parts())
      if (part.effect == ir::Effect::allow) parts.push_back(part);
    const eval::Meaning told = eval::make_meaning(parts, Os::linux_os, true);

    sets::Budget budget;
    const eval::Meaning* const sides[] = {&now, &before, &told};
    CHECK(!eval::find_access(sides, {.in = side(0), .out = side(1) | side(2)}, budget));  // it is wider by nothing else
    // What `polc diff` calls newly allowed is told; and nothing that was seen is lost.
    const auto changes = diff::changes_between(before, now, budget);
    REQUIRE(changes);
    for (const diff::Change& change : *changes)
      if (change.direction == diff::Direction::gained) CHECK(eval::decide(told, change.example).allowed);
    diag::Sink ignored;
    for (const learn::Event& event : evidence.events) {
      const auto& boxes = words.find_boxes(event.access);
      REQUIRE(boxes);
      CHECK_MESSAGE(learn::allows(now, *boxes), event.access);
    }
    for (const learn::Danger& danger : words.dangers()) {
      if (danger.extent != lint::Extent::some) continue;
      const eval::Meaning dangerous = eval::make_meaning(danger.parts, Os::linux_os, false);
      const eval::Meaning* const met[] = {&now, &dangerous, &before};
      CHECK(!eval::find_access(met, {.in = side(0) | side(1), .out = side(2)}, budget));
    }
    CHECK(!budget.exhausted);
  }
  // The draw reaches those that it is about.
  for (const char* id : {"G1", "G2", "G3", "G4", "G7", "G9"}) CHECK_MESSAGE(rewrites.contains(id), std::string(id));
}

TEST_CASE("learn: a log more takes no literal rule away, and the same bytes give the same policy") {
  static const std::vector<std::string> none;
  diag::SourceMap sources;
  driver::LearnWords words({}, none, sources);
  driver::LearnRequest exact;
  exact.exact = true;
  for (unsigned seed = 0; seed < 20; ++seed) {
    learn::Evidence one = Draw(seed).evidence(), other = Draw(seed + 1000).evidence();
    other.sources.front().id = "fedcba9876543210";
    diag::Sink sink;
    const auto both = learn::merge({one, other}, sink);
    REQUIRE(both);
    const eval::Meaning more = eval::meaning_of(lowered(learned(*both, exact).policy));
    for (const learn::Event& event : one.events) CHECK_MESSAGE(learn::allows(more, *words.find_boxes(event.access)), event.access);
    CHECK(learned(*both).policy == learned(*both).policy);
  }
}
