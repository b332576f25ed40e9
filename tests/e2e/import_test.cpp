// polc import: statuses, what is told, what is written, and that what it writes is what it read.
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "polc_process.hpp"

using e2e::contains;
using e2e::Outcome;
using e2e::Scratch;

namespace {

constexpr std::string_view with_ask =
    "Policy: /usr/sbin/web, Emulation: native\n"
    "native-fsread: filename eq \"/etc/hosts\" then permit\n"
    "native-kill: true then ask\n";

}  // namespace

TEST_CASE("import: a shipped policy's filter, in each format, is a policy that compiles to an equal one") {
  const Scratch scratch;
  for (const std::string name : {"redis", "nginx"})
    for (const std::string format : {"oci", "bpf", "asm", "h"}) {
      CAPTURE(name + format);
      const std::string policy = std::string(POLC_SOURCE_DIR) + "/policies/" + name + ".pol";
      REQUIRE(scratch.polc({policy, "--target=seccomp", "--format=" + format, "--fidelity=none", "-o", "artefact"}).status == 0);
      const Outcome imported = scratch.polc({"import", "seccomp", "artefact", "--format=" + format, "--name=" + name, "-o", "again.pol", "--strict"});
      CHECK(imported.status == 0);
      CHECK(contains(imported.err, "compiled again: equal\n"));
      CHECK(scratch.polc({"fmt", "--check", "again.pol"}).status == 0);
      CHECK(scratch.polc({"verify", "again.pol", "artefact", "--target=seccomp", "--format=" + format}).status == 0);
    }
}

TEST_CASE("import: filters of other generators compile back, but for numbers that are no calls") {
  const Scratch scratch;
  for (const std::string name : {"tor.gvisor", "tor.kafel", "tor.seccompiler", "tor.minijail-bst", "tiny.scmp254-o2"}) {
    CAPTURE(name);
    const std::string filter = std::string(POLC_SOURCE_DIR) + "/backends/seccomp/tests/filters/" + name + ".bpf";
    const Outcome imported = scratch.polc({"import", "seccomp", filter, "--name=tor", "-o", "tor.pol"});
    CHECK(imported.status == 0);
    CHECK(contains(imported.err, name.starts_with("tiny") ? "no call" : "compiled again: equal\n"));
  }
}

TEST_CASE("import: what cannot be said is kept or told, and --strict then writes nothing") {
  const Scratch scratch;
  scratch.write("web.systrace", with_ask);
  const Outcome told = scratch.polc({"import", "systrace", "web.systrace", "-o", "web.pol", "--report=web.json"});
  CHECK(told.status == 0);
  CHECK(contains(told.err, "line 3"));
  CHECK(contains(told.err, "[P7003]"));
  CHECK(contains(scratch.read("web.pol"), "target systrace { raw \"native-kill: true then ask\"; }"));
  const auto report = nlohmann::json::parse(scratch.read("web.json"), nullptr, false);
  REQUIRE(report.is_object());
  CHECK(report["counts"]["raw"] == 1);
  const Outcome strict = scratch.polc({"import", "systrace", "web.systrace", "-o", "strict.pol", "--strict"});
  CHECK(strict.status == 1);
  CHECK(scratch.names() == std::vector<std::string>{"web.json", "web.pol", "web.systrace"});
}

TEST_CASE("import: a comment that is malign stays a comment") {
  const Scratch scratch;
  scratch.write("web.systrace", "Policy: /usr/sbin/web, Emulation: native\n# it's \"odd\" } allow syscall any; */ \\\n"
                                "native-fsread: filename eq \"/etc/${x}\\\" ;\" then permit\n");
  const Outcome imported = scratch.polc({"import", "systrace", "web.systrace", "-o", "web.pol"});
  CHECK(imported.status <= 1);
  if (imported.status == 0) {
    CHECK(scratch.polc({"fmt", "--check", "web.pol"}).status == 0);
    CHECK(scratch.polc({"query", "web.pol", "syscall ptrace", "--target=systrace"}).status == 1);
  }
}

TEST_CASE("import: wrong usage, and files that nobody can read") {
  const Scratch scratch;
  scratch.write("web.service", "[Service]\nProtectSystem=strict\n");
  scratch.write("broken.json", "{\"defaultAction\": ");
  scratch.write("odd.systrace", "Policy: /usr/sbin/web, Emulation: native\nnative-fsread: filename\n");
  CHECK(scratch.polc({"import"}).status == 2);
  CHECK(scratch.polc({"import", "seccomp"}).status == 2);
  const Outcome unknown = scratch.polc({"import", "selinux", "web.service"});
  CHECK(unknown.status != 0);
  CHECK(contains(unknown.err, "seccomp"));
  const Outcome other = scratch.polc({"import", "landlock", "web.service"});
  CHECK(other.status == 1);
  CHECK(contains(other.err, "can be imported"));
  const Outcome broken = scratch.polc({"import", "seccomp", "broken.json", "--format=oci"});
  CHECK(broken.status == 1);
  CHECK(broken.out.empty());
  const Outcome odd = scratch.polc({"import", "systrace", "odd.systrace"});
  CHECK(odd.status == 1);
  CHECK(contains(odd.err, "line 2"));
  CHECK(scratch.polc({"import", "systrace", "missing.systrace"}).status == 3);
  CHECK(scratch.polc({"import", "systrace", "odd.systrace", "-o", "odd.systrace"}).status == 2);
}
