// Where artefacts go: files as a whole or not at all, folders, devices, pipes.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "polc_process.hpp"

using e2e::contains;
using e2e::Outcome;
using e2e::Scratch;
using e2e::small_policy;
using e2e::wrong_policy;
using Names = std::vector<std::string>;

namespace {

// Some kilobytes when compiled.
std::string long_policy() {
  std::string rules;
  for (int i = 0; i < 500; ++i) rules += "  allow read \"/srv/file" + std::to_string(i) + "\";\n";
  return "language 1;\npolicy web {\n" + rules + "}\n";
}

}  // namespace

TEST_CASE("-o FILE: holds what standard output would, and `-o -` is standard output") {
  const Scratch scratch;
  scratch.write("web.pol", small_policy);
  const Outcome printed = scratch.polc({"web.pol", "--target=plain", "--fidelity=none"});
  const Outcome written = scratch.polc({"web.pol", "--target=plain", "--fidelity=none", "-o", "web.plain"});
  CHECK(written.status == 0);
  CHECK(written.out == "");
  CHECK(scratch.read("web.plain") == printed.out);
  CHECK(scratch.names() == Names{"web.plain", "web.pol"});
  CHECK(scratch.polc({"web.pol", "--target=plain", "-o", "-"}).out == printed.out);
}

TEST_CASE("-o FILE: after an error it is what it was before, and nothing else is left") {
  const Scratch scratch;
  scratch.write("web.pol", wrong_policy);
  scratch.write("web.plain", "what it was before\n");
  CHECK(scratch.polc({"web.pol", "--target=plain", "-o", "web.plain"}).status == 1);
  CHECK(scratch.polc({"web.pol", "--target=plain", "-o", "new.plain"}).status == 1);
  CHECK(scratch.read("web.plain") == "what it was before\n");
  CHECK(scratch.names() == Names{"web.plain", "web.pol"});
}

TEST_CASE("-o FILE: a disk that fills up leaves it as it was") {
  const Scratch scratch;
  scratch.write("web.pol", long_policy());
  scratch.write("web.plain", "what it was before\n");
  const Outcome outcome = scratch.polc({"web.pol", "--target=plain", "--fidelity=none", "-o", "web.plain"}, {.largest_file = 1024});
  CHECK(outcome.status == 3);
  CHECK(contains(outcome.err, "[P9002]"));
  CHECK(scratch.read("web.plain") == "what it was before\n");
  CHECK(scratch.names() == Names{"web.plain", "web.pol"});
}

TEST_CASE("-o FILE: an old file keeps its permissions, a link stays a link") {
  const Scratch scratch;
  scratch.write("web.pol", small_policy);
  scratch.write("real.plain", "old");
  ::chmod(scratch.path("real.plain").c_str(), 0640);
  std::filesystem::create_symlink("real.plain", scratch.path("link.plain"));
  CHECK(scratch.polc({"web.pol", "--target=plain", "-o", "link.plain"}).status == 0);
  CHECK(std::filesystem::is_symlink(scratch.path("link.plain")));
  CHECK(contains(scratch.read("real.plain"), "/etc/hosts"));
  struct stat status {};
  REQUIRE(::stat(scratch.path("real.plain").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0640);
}

TEST_CASE("-o DIR: several targets, a file each; the folder is made") {
  const Scratch scratch;
  scratch.write("web.pol", small_policy);
  const Outcome outcome = scratch.polc({"web.pol", "--target=plain,systrace", "--fidelity=none", "-o", "made/out/"});
  CAPTURE(outcome.err);
  CHECK(outcome.status == 0);
  CHECK(outcome.out == "");
  CHECK(contains(scratch.read("made/out/web.plain"), "/etc/hosts"));
  CHECK(contains(scratch.read("made/out/web.systrace"), "/etc/hosts"));
}

TEST_CASE("-o DIR: several policies, a file each; without a folder one must be chosen") {
  const Scratch scratch;
  scratch.write("two.pol", "language 1;\npolicy a {\n  allow read \"/srv/a\";\n}\npolicy b {\n  allow read \"/srv/b\";\n}\n");
  scratch.write("out/keep", "");
  CHECK(scratch.polc({"two.pol", "--target=plain", "-o", "out"}).status == 0);
  CHECK(contains(scratch.read("out/a.plain"), "/srv/a"));
  CHECK_FALSE(contains(scratch.read("out/a.plain"), "/srv/b"));
  CHECK(contains(scratch.read("out/b.plain"), "/srv/b"));
  const Outcome unclear = scratch.polc({"two.pol", "--target=plain"});
  CHECK(unclear.status == 1);
  CHECK(unclear.out == "");
  CHECK(contains(unclear.err, "[P9007]"));
  const Outcome chosen = scratch.polc({"two.pol", "--target=plain", "--policy=b", "--fidelity=none"});
  CHECK(chosen.status == 0);
  CHECK(contains(chosen.out, "/srv/b"));
}

TEST_CASE("several targets: one stream cannot hold them, which is wrong usage and writes nothing") {
  const Scratch scratch;
  scratch.write("web.pol", small_policy);
  for (const char* out : {"-", "one.file"}) {
    const Outcome outcome = scratch.polc({"web.pol", "--target=plain,systrace", "-o", out});
    CHECK(outcome.status == 2);
    CHECK(outcome.out == "");
  }
  CHECK(scratch.names() == Names{"web.pol"});
}

TEST_CASE("-o: what cannot be written is status 3, and says why") {
  const Scratch scratch;
  scratch.write("web.pol", small_policy);
  scratch.write("file", "");
  for (const char* out : {"missing/web.plain", "/proc/polc.plain", "/proc/polc/", "file/web.plain", "file/", "/dev/full"}) {
    const Outcome outcome = scratch.polc({"web.pol", "--target=plain", "--fidelity=none", "-o", out});
    CAPTURE(out);
    CAPTURE(outcome.err);
    CHECK(outcome.status == 3);
    CHECK(outcome.out == "");
    CHECK(contains(outcome.err, "[P9002]"));
  }
}

TEST_CASE("-o: a folder without write permission is status 3") {
  if (::geteuid() == 0) {
    MESSAGE("skipped: for root every folder is writable");
    return;
  }
  const Scratch scratch;
  scratch.write("web.pol", small_policy);
  scratch.write("closed/keep", "");
  ::chmod(scratch.path("closed").c_str(), 0500);
  CHECK(scratch.polc({"web.pol", "--target=plain", "-o", "closed/web.plain"}).status == 3);
  CHECK(scratch.polc({"web.pol", "--target=plain", "-o", "closed"}).status == 3);
  ::chmod(scratch.path("closed").c_str(), 0700);
}

TEST_CASE("standard output: a full device is status 3, for artefacts and for answers") {
  const Scratch scratch;
  scratch.write("web.pol", small_policy);
  const std::vector<std::vector<std::string>> commands{
      {"web.pol", "--target=plain", "--fidelity=none"}, {"web.pol", "--dump=ir"}, {"query", "web.pol", "read \"/etc/hosts\""},
      {"test", "web.pol"}, {"fidelity", "web.pol", "--target=plain"}, {"targets"}, {"--help"}, {"--version"}, {"lint", "--help"}};
  for (const auto& command : commands) {
    const Outcome outcome = scratch.polc(command, {.output = "/dev/full"});
    CAPTURE(command.front());
    CHECK(outcome.status == 3);
    CHECK(contains(outcome.err, "standard output"));
  }
}

TEST_CASE("standard output: a reader that has seen enough is no error") {
  const Scratch scratch;
  scratch.write("web.pol", long_policy());
  const Outcome outcome = scratch.polc({"web.pol", "--target=plain", "--fidelity=none"}, {.nobody_reads = true});
  CHECK(outcome.status == 0);
  CHECK(outcome.err == "");
}

TEST_CASE("outputs: none is written over what was read, or over another") {
  Scratch scratch;
  scratch.write("lib.pol", "language 1;\nabstraction hosts { allow read \"/etc/hosts\"; }\n");
  scratch.write("web.pol", "language 1;\nimport \"lib.pol\";\npolicy web { program \"/usr/sbin/web\"; use hosts; }\n");
  const std::string policy = scratch.read("web.pol"), library = scratch.read("lib.pol");
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"-o", "web.pol"}, {"-o", "./web.pol"}, {"-o", "lib.pol"}, {"-o", "x", "--depfile", "web.pol"}, {"-o", "x", "--depfile", "x"},
           {"-o", "x", "--fidelity-out", "./x"}, {"--fidelity-out", "lib.pol"}}) {
    std::vector<std::string> line{"web.pol", "--target=plain"};
    line.insert(line.end(), words.begin(), words.end());
    const Outcome outcome = scratch.polc(line);
    INFO(words.back());
    CHECK(outcome.status == 2);
    CHECK(contains(outcome.err, "P9003"));
    CHECK(scratch.read("web.pol") == policy);
    CHECK(scratch.read("lib.pol") == library);
  }
  CHECK(scratch.polc({"web.pol", "--target=plain", "-o", "/dev/null", "--depfile", "/dev/null"}).status == 0);
}

TEST_CASE("--depfile: names the output and every file that was read, with blanks escaped") {
  const Scratch scratch;
  scratch.write("my policies/web.pol", "language 1;\nimport \"its parts.pol\";\nimport \"std/linux.pol\";\npolicy web {\n  use files;\n}\n");
  scratch.write("my policies/its parts.pol", "language 1;\nabstraction files {\n  allow read \"/etc/hosts\";\n}\n");
  const Outcome outcome =
      scratch.polc({"my policies/web.pol", "--target=plain", "-o", "the output", "--depfile=out.d", "--fidelity=none"});
  CAPTURE(outcome.err);
  CHECK(outcome.status == 0);
  CHECK(scratch.read("out.d") == "the\\ output: my\\ policies/web.pol my\\ policies/its\\ parts.pol\n");
}

TEST_CASE("--depfile: a file std/linux.pol made beside a policy changes neither the artefact nor what it depends on, and is told of") {
  const Scratch scratch;
  scratch.write("web.pol", "language 1;\nimport \"std/linux.pol\";\nimport \"part/part.pol\";\npolicy web {\n  use dns_client, part;\n}\n");
  scratch.write("part/part.pol", "language 1;\nimport \"std/linux.pol\";\nabstraction part {\n  use event_loop;\n}\n");
  const auto compile = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"web.pol", "--target=seccomp", "--fidelity=none", "-o", "web.bpf", "--depfile=web.d"});
    return scratch.polc(more);
  };
  CHECK(compile({}).err == "");
  const std::string artefact = scratch.read("web.bpf"), dependencies = scratch.read("web.d");
  CHECK(dependencies == "web.bpf: web.pol part/part.pol\n");
  const std::string other = "language 1;\nabstraction dns_client {\n  allow syscall reboot;\n}\nabstraction event_loop {\n  allow syscall reboot;\n}\n";
  for (const char* place : {"std/linux.pol", "part/std/linux.pol"}) {
    scratch.write(place, other);
    const Outcome outcome = compile({});
    CHECK(outcome.status == 0);
    CHECK(contains(outcome.err, "warning: `std/linux.pol` beside this file is not read; say -I [P9013]"));
    CHECK(scratch.read("web.bpf") == artefact);
    CHECK(scratch.read("web.d") == dependencies);
  }
  CHECK(contains(compile({}).err, "part/part.pol:2:8: warning: "));
  CHECK(compile({"-I", "."}).status == 0);
  CHECK(scratch.read("web.bpf") != artefact);
  CHECK(scratch.read("web.d") == "web.bpf: web.pol ./std/linux.pol part/part.pol\n");
}

TEST_CASE("--depfile: names every artefact in a directory, and the profile of calls") {
  const Scratch scratch;
  scratch.write("web.pol", small_policy);
  scratch.write("calls", "read,3\n");
  const Outcome ran = scratch.polc({"web.pol", "--target=plain,seccomp", "-o", "out/", "--profile=calls", "--depfile=out.d", "--fidelity=none"});
  CHECK(ran.status == 0);
  CHECK(scratch.read("out.d") == "out/web.plain out/web.bpf: web.pol calls\n");
}

TEST_CASE("--depfile: none is written when the policy is wrong") {
  const Scratch scratch;
  scratch.write("web.pol", wrong_policy);
  CHECK(scratch.polc({"web.pol", "--target=plain", "-o", "out", "--depfile=out.d"}).status == 1);
  CHECK(scratch.names() == Names{"web.pol"});
}

TEST_CASE("--fidelity-out: the report goes there and not to standard error") {
  const Scratch scratch;
  scratch.write("web.pol", small_policy);
  const Outcome outcome = scratch.polc({"web.pol", "--target=plain", "--fidelity=json", "--fidelity-out=report.json"});
  CHECK(outcome.status == 0);
  CHECK(outcome.err == "");
  CHECK(contains(scratch.read("report.json"), "\"version\": 2"));
}

TEST_CASE("--fuse, --arch: one filter for several policies or architectures; a target without such artefacts says so") {
  const Scratch scratch;
  scratch.write("two.pol",
                "language 1;\npolicy a {\n  default deny errno EPERM;\n  allow syscall read, write, exit_group;\n}\n"
                "policy b {\n  default deny errno EACCES;\n  allow syscall read, getpid, exit_group;\n}\n");
  const Outcome fused = scratch.polc({"two.pol", "--target=seccomp", "--fuse", "--fidelity=none"});
  CAPTURE(fused.out);
  CHECK(fused.status == 0);
  CHECK(contains(fused.out, ";   exit_group read\n"));  // what both allow
  CHECK(contains(fused.out, "refuse, EPERM"));
  CHECK(contains(fused.out, "refuse, EACCES"));
  const Outcome wide = scratch.polc({"two.pol", "--target=seccomp", "--policy=a", "--arch=x86_64,aarch64", "--fidelity=none"});
  CAPTURE(wide.out);
  CHECK(wide.status == 0);
  for (const char* audit_arch : {"jeq #0xc000003e", "jeq #0xc00000b7"}) CHECK(contains(wide.out, audit_arch));
  CHECK(wide.out.find("; seccomp filter of a, ") == 0);  // not "of a a"
  CHECK(scratch.polc({"two.pol", "--target=seccomp", "--arch=x86_64,aarch64", "--fidelity=none", "-o", "both/"}).status == 0);
  CHECK(std::filesystem::exists(scratch.path("both/a.bpf")));
  CHECK(std::filesystem::exists(scratch.path("both/b.bpf")));
  for (const char* target : {"plain", "plain,seccomp"}) {
    const Outcome refused = scratch.polc({"two.pol", std::string("--target=") + target, "--fuse", "--fidelity=none", "-o", "none/"});
    CHECK(refused.status == 1);
    CHECK(contains(refused.err, "[P6016]"));
    CHECK_FALSE(std::filesystem::exists(scratch.path("none")));
  }
}

TEST_CASE("--fuse: a call that policies refuse in two ways is answered as the worst of them says, on each architecture") {
  const Scratch scratch;
  scratch.write("two.pol",
                "language 1;\npolicy a { default deny errno EPERM; allow syscall read, write; allow syscall pread64 where offset < 0x100000002; }\n"
                "policy b { default kill; allow syscall read; allow syscall pread64 where offset < 8; allow syscall prctl where arg[0] > 5; }\n");
  for (const char* arch : {"--arch=x86_64", "--arch=x86_64,aarch64,arm", "--arch=s390x,x86", "--option=arch=aarch64,x86"}) {
    CAPTURE(arch);
    const Outcome fused = scratch.polc({"two.pol", "--target=seccomp", "--fuse", arch, "--fidelity=none"});
    CHECK(fused.status == 0);
    CHECK(fused.out.find("; seccomp filter of a b, ") == 0);
  }
}
