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
    CHECK(imported.status == (name.starts_with("tiny") ? 1 : 0));
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

TEST_CASE("import: the report has what its schema says") {
  const Scratch scratch;
  scratch.write("web.systrace", with_ask);
  REQUIRE(scratch.polc({"import", "systrace", "web.systrace", "-o", "web.pol", "--report=web.json"}).status == 0);
  const auto report = nlohmann::json::parse(scratch.read("web.json"), nullptr, false);
  const auto schema = nlohmann::json::parse(scratch.read(POLC_SOURCE_DIR "/docs/import-report.schema.json"), nullptr, false);
  REQUIRE(report.is_object());
  REQUIRE(schema.is_object());
  const auto keys_of = [](const nlohmann::json& object) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : object.items()) keys.push_back(key);
    return keys;
  };
  CHECK(keys_of(report) == keys_of(schema["properties"]));
  CHECK(keys_of(report["counts"]) == keys_of(schema["properties"]["counts"]["properties"]));
  REQUIRE(report["lines"].size() == 3);
  for (const auto& line : report["lines"]) CHECK(keys_of(line) == keys_of(schema["properties"]["lines"]["items"]["properties"]));
}

TEST_CASE("import: a unit with its drop-in; what the drop-in empties is not in the policy") {
  const Scratch scratch;
  scratch.write("web.service", "[Service]\nExecStart=/usr/sbin/web\nSystemCallArchitectures=native\nSystemCallFilter=@system-service\nCapabilityBoundingSet=CAP_SYS_TIME\n");
  scratch.write("lib/web.service.d/10-less.conf", "[Service]\n# less\nCapabilityBoundingSet=\nUser=web\n");
  const Outcome alone = scratch.polc({"import", "systemd", "web.service", "-o", "alone.pol"});
  CHECK(alone.status == 0);
  CHECK(contains(scratch.read("alone.pol"), "allow capability sys_time;"));
  const Outcome both = scratch.polc({"import", "systemd", "web.service", "--include-dir=lib", "-o", "both.pol"});
  CHECK(both.status == 0);
  CHECK(contains(both.err, "compiled again: equal\n"));
  CHECK(contains(both.err, "10-less.conf`, line 4: `User=web` is kept as raw text"));
  CHECK(!contains(scratch.read("both.pol"), "capability"));
}

TEST_CASE("import: a policy that is not equal is told with an access, and status 1") {
  const Scratch scratch;
  scratch.write("web.service", "[Service]\nExecStart=/usr/sbin/web\nSystemCallArchitectures=native\nSystemCallFilter=~@mount\n");
  const Outcome imported = scratch.polc({"import", "systemd", "web.service", "-o", "web.pol"});
  CHECK(imported.status == 1);
  CHECK(contains(imported.err, "the artefact permits `syscall "));
  CHECK(contains(imported.err, "[P7004]"));
  CHECK(contains(scratch.read("web.pol"), "deny  syscall "));
  CHECK(scratch.polc({"import", "systemd", "web.service", "--no-check"}).status == 0);
}

TEST_CASE("import: a rule of an OCI profile for some capabilities is not silently one for all") {
  const Scratch scratch;
  scratch.write("some.json", "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"architectures\": [\"SCMP_ARCH_X86_64\"], \"syscalls\": [\n"
                             "{\"names\": [\"bpf\"], \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"caps\": [\"CAP_BPF\"]}}]}");
  const Outcome imported = scratch.polc({"import", "seccomp", "some.json", "--format=oci", "-o", "some.pol"});
  CHECK(imported.status == 1);
  CHECK(contains(imported.err, "[P7007]"));
  CHECK(contains(imported.err, "for all capabilities"));
}

TEST_CASE("import: what would be wider in words of policies is raw text of a profile") {
  const Scratch scratch;
  scratch.write("web.profile", "abi <abi/3.0>,\nprofile web /{usr/,}bin/web {\n  /usr/bin/one ix,\n  /usr/bin/two rix,\n  /usr/bin/three rUx,\n"
                               "  signal peer=@{profile_name},\n  deny capability net_admin,\n  network unix stream,\n}\n");
  const Outcome imported = scratch.polc({"import", "apparmor", "web.profile", "-o", "web.pol"});
  CHECK(imported.status == 0);
  CHECK(contains(imported.err, "compiled again: equal\n"));
  const std::string policy = scratch.read("web.pol");
  for (const std::string line : {"option attachment = \"/{usr/,}bin/web\"", "option others = raw", "raw \"  /usr/bin/one ix,\"", "raw \"  /usr/bin/three rUx,\"",
                                 "raw \"  signal (receive) peer=web,\"", "allow signal any to self", "raw \"  deny capability net_admin,\"", "allow bind unix stream abstract \"*\""})
    CHECK_MESSAGE(contains(policy, line), line);
  CHECK(contains(policy, "exec \"/usr/bin/two\""));
}

TEST_CASE("import: hostile files end soon, with an error at a place") {
  const Scratch scratch;
  const auto repeated = [](std::string_view text, std::size_t bytes) {
    std::string all;
    while (all.size() < bytes) all += text;
    return all;
  };
  constexpr std::size_t whole = 15u << 20;
  struct Hostile {
    std::string target, name, text;
  };
  const Hostile files[] = {
      {"apparmor", "deep.profile", "abi <abi/3.0>,\nprofile t {\n" + repeated("{", 200'000)},
      {"apparmor", "braces.profile", "profile t {\n/" + repeated("{a,", 60'000) + repeated("}", 20'000) + " r,\n}\n"},
      {"apparmor", "many.profile", "profile t {\n" + repeated("/srv/a r,\n", whole) + "}\n"},
      {"systemd", "many.service", "[Service]\n" + repeated("User=a\n", whole)},
      {"systemd", "long.service", "[Service]\nUser=\\\n" + repeated("a \\\n", whole)},
      {"systrace", "many.systrace", "Policy: /usr/bin/t, Emulation: native\n" + repeated("native-read: permit\n", whole)},
      {"grsecurity", "many.subject", "subject /usr/bin/t o {\n/ h\n" + repeated("/srv r\n", whole) + "}\n"},
      {"seccomp", "deep.json", repeated("[", 1u << 20)},
  };
  for (const Hostile& one : files) {
    CAPTURE(one.name);
    scratch.write(one.name, one.text);
    const Outcome imported = scratch.polc({"import", one.target, one.name}, {.seconds = 10});
    CHECK(imported.status == 1);
    CHECK(imported.out.empty());
    CHECK(contains(imported.err, one.name + ", line "));
  }
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
