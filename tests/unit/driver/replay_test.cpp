#include "evidence.hpp"

#include "diag/catalogue.hpp"
#include "driver/load.hpp"
#include "driver/replay.hpp"

using namespace polc;
using namespace polc::driver_test;

namespace {

// A policy that was loaded, and what replay says of evidence.
struct Played {
  std::vector<std::string> files{"demo.pol"}, none;
  diag::SourceMap sources;
  diag::Sink sink;
  driver::Loaded loaded;
  std::unique_ptr<driver::Replay> replay;
  std::optional<driver::Replayed> all;
  std::string text;

  Played(const std::string& policy, const learn::Evidence& evidence) {
    loaded = driver::load(files, none, sources, sink, {{"demo.pol", policy}});
    REQUIRE(!sink.has_errors());
    replay = driver::Replay::open(files, loaded.program, {}, none, backends::all(), sources, sink);
    REQUIRE(replay);
    all = replay->of(evidence, sink);
    if (all) text = driver::text_of(*all, *replay, evidence, sources);
  }
};

const std::string small = R"(language 1;
policy demo {
  program "/usr/bin/demo";
  default kill;
  default deny errno EACCES for file;
  allow read "/srv/a", "/srv/b" type file;
  allow read "/srv/unused";
  allow syscall getpid;
  deny write "/srv/locked";
}
)";

}  // namespace

TEST_CASE("replay: what is learned is allowed") {
  const auto evidence = evidence_of({{R"(read "/srv/demo/a")"}, {R"(create "/srv/demo/b" type file mode 0644)"}, {"syscall getpid"}, {"connect tcp 192.0.2.1:25"},
                                     {R"(read "/none")", failed("ENOENT", "openat")}, {R"(mkdir "/srv/c" mode 0755)", failed("EACCES", "mkdir")}});
  const Played played(learned(evidence).policy, evidence);
  REQUIRE(played.all);
  CHECK(played.all->denied.empty());
  CHECK(played.all->killed.empty());
  CHECK(played.all->unused.empty());
  CHECK(has(played.text, "would deny 0 of 4 accesses, 0 of 4 events"));
}

TEST_CASE("replay: what is denied is told with the nearest rule and an edit that allows it") {
  const auto evidence = evidence_of({{R"(read "/srv/a")"}, {R"(read "/srv/c")"}, {"syscall pwritev"}, {R"(write "/srv/locked")"}}, {{"type", R"("/srv/c" file)"}});
  Played played(small, evidence);
  REQUIRE(played.all);
  REQUIRE(played.all->denied.size() == 3);
  CHECK(played.all->unused.size() == 2);
  CHECK(has(played.text, "not seen: 2 of 3 rules"));
  // The type is the rule's: a name more in its list. The verbs of another rule would come along: a rule of its own.
  CHECK(has(played.text, "demo.pol:6:3: allow read \"/srv/a\", \"/srv/b\", \"/srv/c\" type file;"));
  CHECK(has(played.text, "add: allow syscall pwritev;"));
  for (const driver::ReplayedEvent& one : played.all->denied) {
    CAPTURE(one.explained.access);
    CHECK(one.explained.edit.has_value() == one.explained.denies.empty());
    if (!one.explained.edit) continue;
    const Played again(one.explained.edit->text, evidence);
    REQUIRE(again.all);
    CHECK(again.all->denied.size() == 2);
  }
  CHECK(has(played.text, "denied: demo.pol:9:3  deny write \"/srv/locked\";"));
}

TEST_CASE("replay: a question that would end the program is told") {
  const Played played(small, evidence_of({{"syscall getpid"}, {R"(mkdir "/srv/d" mode 0755)", failed("EEXIST", "mkdirat")}, {"syscall kill where sig == 0", failed("ESRCH", "kill")}}));
  REQUIRE(played.all);
  CHECK(has(played.text, "would end the program for a question: kill"));
  CHECK(played.all->killed.size() == 1);
  const std::string tcp_alone = "language 1;\npolicy demo {\n  program \"/usr/bin/demo\";\n  default kill;\n  allow connect tcp 192.0.2.1:25;\n}\n";
  const Played other(tcp_alone, evidence_of({{R"(connect unix stream "/run/nscd/socket")", failed("ENOENT", "socket")}, {"connect tcp 192.0.2.1:25"}}));
  REQUIRE(other.all);
  CHECK(has(other.text, "would end the program for a question: socket"));
}

TEST_CASE("replay: refused before, and is it still?") {
  const learn::Outcome refused{learn::Outcome::Kind::refused, "", "", "apparmor"};
  const Played played(small, evidence_of({{R"(read "/srv/a")", refused}, {R"(read "/srv/z")", refused}}));
  REQUIRE(played.all);
  CHECK(has(played.text, "read \"/srv/a\"  1 time  was refused before, and is allowed now"));
  CHECK(has(played.text, "read \"/srv/z\"  1 time  was refused before, as it is now"));
}

TEST_CASE("replay: programs that no policy governs") {
  const Played some(small, evidence_of({{"syscall getpid"}, {"fork", {}, "/usr/bin/other"}}));
  REQUIRE(some.all);
  CHECK(has(some.text, "no policy governs: /usr/bin/other"));
  const Played nobody(small, evidence_of({{"fork", {}, "/usr/bin/other"}}));
  CHECK(!nobody.all);
  CHECK(nobody.sink.all().front().id == diag::no_policy_governs.id);
}

TEST_CASE("replay: what no target sees") {
  const std::string policy = "language 1;\npolicy demo {\n  program \"/usr/bin/demo\";\n  deploy seccomp;\n  allow stat, read \"/srv/a\";\n}\n";
  const Played played(policy, evidence_of({{R"(stat "/srv/a")"}}));
  REQUIRE(played.all);
  CHECK(has(played.text, "nobody sees (seccomp): 1 accesses: stat \"/srv/a\""));
}
