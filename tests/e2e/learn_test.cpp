// polc learn, replay and why, of evidence that was traced of real daemons.
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "polc_process.hpp"

using e2e::contains;
using e2e::Outcome;
using e2e::Scratch;

namespace {

std::string evidence(const std::string& name) { return std::string(POLC_SOURCE_DIR) + "/tests/e2e/learn/evidence/" + name + ".ev"; }

}  // namespace

TEST_CASE("learn: a policy of evidence compiles, passes its own expectations and lint, and denies nothing of it") {
  const Scratch scratch;
  for (const std::string name : {"redis", "memcached"}) {
    CAPTURE(name);
    const Outcome learned = scratch.polc({"learn", evidence(name), "-o", "learned.pol"});
    REQUIRE(learned.status == 0);
    CHECK(scratch.polc({"fmt", "--check", "learned.pol"}).status == 0);
    CHECK(scratch.polc({"lint", "learned.pol"}).status == 0);
    CHECK(scratch.polc({"test", "learned.pol"}).status == 0);
    const Outcome replayed = scratch.polc({"replay", "learned.pol", evidence(name)});
    CHECK(replayed.status == 0);
    CHECK(contains(replayed.out, "would deny 0 of "));
    CHECK(scratch.polc({"learn", evidence(name)}).out == scratch.read("learned.pol"));
  }
}

TEST_CASE("learn --merge: whatever the order and however often, the same bytes") {
  const Scratch scratch;
  REQUIRE(scratch.polc({"learn", "--merge", evidence("redis"), evidence("memcached"), "-o", "a.ev"}).status == 0);
  REQUIRE(scratch.polc({"learn", "--merge", evidence("memcached"), evidence("redis"), evidence("memcached"), "-o", "b.ev"}).status == 0);
  REQUIRE(scratch.polc({"learn", "--merge", "a.ev", "b.ev", "-o", "c.ev"}).status == 0);
  CHECK(scratch.read("a.ev") == scratch.read("b.ev"));
  CHECK(scratch.read("a.ev") == scratch.read("c.ev"));
}

TEST_CASE("replay, why: what a narrower policy denies is told with a line that allows it") {
  const Scratch scratch;
  REQUIRE(scratch.polc({"learn", evidence("memcached"), "-o", "learned.pol"}).status == 0);
  std::string policy = scratch.read("learned.pol");
  const std::string rule = "  allow read \"/etc/passwd\" type file;\n";
  const std::size_t at = policy.find(rule);
  REQUIRE(at != std::string::npos);
  scratch.write("narrow.pol", policy.erase(at, rule.size()));
  const Outcome replayed = scratch.polc({"replay", "narrow.pol", evidence("memcached"), "--target=apparmor"});
  CHECK(replayed.status == 1);
  CHECK(contains(replayed.out, "read \"/etc/passwd\""));
  const Outcome why = scratch.polc({"why", "narrow.pol", "read \"/etc/passwd\"", "--target=apparmor"});
  CHECK(contains(why.out, "allow read \"/etc/passwd\""));
}

TEST_CASE("learn: what is no evidence, is cut or is changed makes no policy") {
  const Scratch scratch;
  scratch.write("hosts", "127.0.0.1 localhost\n");
  std::filesystem::copy_file(evidence("redis"), scratch.path("cut.ev"));
  std::filesystem::resize_file(scratch.path("cut.ev"), 4000);
  const Outcome unknown = scratch.polc({"learn", "hosts"});
  CHECK(unknown.status == 2);
  CHECK(contains(unknown.err, "[P7102]"));
  CHECK(unknown.out.empty());
  const Outcome cut = scratch.polc({"learn", "cut.ev"});
  CHECK(cut.status == 1);
  CHECK(contains(cut.err, "[P7107]"));
  CHECK(scratch.polc({"learn", "missing.ev"}).status == 3);
  CHECK(scratch.polc({"learn", evidence("redis"), "--no=G99"}).status == 2);
  CHECK(scratch.polc({"learn"}).status == 2);
}

TEST_CASE("learn --base: only what the policy lacks, as an overlay; nothing where it lacks nothing, and never what it denies") {
  const Scratch scratch;
  REQUIRE(scratch.polc({"learn", evidence("memcached"), "--name=cache", "-o", "base.pol"}).status == 0);
  const Outcome nothing = scratch.polc({"learn", "--base=base.pol", evidence("memcached"), "-o", "more.pol"});
  CHECK(nothing.status == 0);
  CHECK(contains(nothing.err, "nothing to add"));
  CHECK(scratch.names() == std::vector<std::string>{"base.pol"});

  std::string policy = scratch.read("base.pol");
  const std::string rule = "  allow read \"/etc/passwd\" type file;\n";
  const std::size_t at = policy.find(rule);
  REQUIRE(at != std::string::npos);
  const std::string without = std::string(policy).erase(at, rule.size());
  scratch.write("narrow.pol", without);
  scratch.write("site/keep", "");
  REQUIRE(scratch.polc({"learn", "--base=narrow.pol", evidence("memcached"), "-o", "site/more.pol"}).status == 0);
  CHECK(contains(scratch.read("site/more.pol"), "overlay learned for cache {\n"));
  CHECK(contains(scratch.read("site/more.pol"), "allow read \"/etc/passwd\" type file;"));
  CHECK(scratch.polc({"replay", "narrow.pol", evidence("memcached")}).status == 1);
  CHECK(scratch.polc({"narrow.pol", "site/more.pol", "--target=seccomp", "--fidelity=none"}).status == 0);
  CHECK(scratch.polc({"query", "site/more.pol", "read \"/etc/passwd\""}).status != 2);

  scratch.write("strict.pol", std::string(without).insert(at, "  deny  read \"/etc/passwd\" type file;\n"));
  const Outcome denied = scratch.polc({"learn", "--base=strict.pol", evidence("memcached"), "-o", "-"});
  CHECK(!contains(denied.out, "/etc/passwd"));
  CHECK(contains(denied.err, "not put in, since a deny of the policy refuses it: read \"/etc/passwd\""));
}
