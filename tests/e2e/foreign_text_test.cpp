// Texts of others: raw text, edited artefacts, and artefacts of nobody's, of which a reader once made too much or too little.
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "polc_process.hpp"

using e2e::contains;
using e2e::Outcome;
using e2e::Scratch;

namespace {

std::string demo(const std::string& body) { return "language 1;\npolicy demo {\n  program \"/usr/bin/demo\";\n" + body + "\n}\n"; }

std::string literal(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '\n') result += "\\n";
    else if (c == '\r') result += "\\u{d}";
    else result += (c == '"' || c == '\\' || c == '$' ? "\\" : "") + std::string(1, c);
  }
  return result + '"';
}

/// A policy's words, raw text beside them, and what must be said of that.
struct Raw {
  const char* row;
  const char* target;
  const char* body;
  const char* raw;
  std::vector<const char*> said;
};

/// One edit of a policy's own artefact, of which verify must say this.
struct Edit {
  const char* row;
  const char* target;
  const char* body;
  const char* from;
  const char* to;
  std::vector<const char*> said;
};

void expect(const Outcome& outcome, const std::vector<const char*>& said, int status) {
  CHECK_MESSAGE(outcome.status == status, outcome.err, outcome.out);
  for (const char* words : said) CHECK_MESSAGE(contains(outcome.err + outcome.out, words), std::string(words) << " is not said in:\n" << outcome.err << outcome.out);
}

}  // namespace

TEST_CASE("raw text that opens what the policy does not is told, with an access; what is not known is refused") {
  const Raw rows[] = {
      {"1", "apparmor", "", "#include \"/etc/x.inc\"", {"P6006", "/etc/x.inc"}},
      {"2", "apparmor", "allow read \"/srv/**\";", "\"/srv/?x\" r,\nmount,\nsignal,\nptrace,", {"P5006", "syscall mount"}},
      {"3", "apparmor", "", "signal (send) peer=\"*\",", {"P5006", "signal any to "}},
      {"3", "apparmor", "", "signal (send) peer={unconfined,x},", {"P5006", "signal any to "}},
      {"3", "apparmor", "", "ptrace (read, trace) peer=x,", {"P5006", "ptrace"}},
      {"4", "apparmor", "", "ptrace (r),", {"P5006", "ptrace"}},
      {"4", "apparmor", "", "signal (write),", {"P5006", "signal"}},
      {"4", "apparmor", "", "signal (recieve),", {"P6006", "recieve"}},
      {"5", "apparmor", "allow signal term to any;", "signal (send) set=(kill) set=(term),", {"P5006", "signal kill"}},
      {"6", "apparmor", "", "\"/tmp/x\" l,", {"P5006", "link "}},
      {"7", "apparmor", "allow read \"/srv/x41\" type file;", "\"/srv/\\x41\" r,", {"P5006", "read \"/srv/A\""}},
      {"7", "apparmor", "allow read \"/srv/[ac-]\" type file;", "\"/srv/[a\\-c]\" r,", {"P5006", "read \"/srv/b\""}},
      {"7", "apparmor", "allow read \"/srv/[a]\" type file;", "\"/srv/[\\^a]\" r,", {"P5006", "read \"/srv/"}},
      {"8", "apparmor", "limit nofile <= 1024;", "set rlimit nofile <= 1000000,", {"P5017"}},
      {"8", "systemd", "limit nofile <= 1024;", "LimitNOFILE=65536", {"P5017"}},
      {"11", "systemd", "", "# note\rSystemCallFilter=mount", {"P5006", "syscall mount"}},
      {"11", "systemd", "", "SystemCallFilter=mo\\unt", {"P5006", "syscall mount"}},
      {"12", "systemd", "", "NoNewPrivileges=no", {"P5017"}},
      {"12", "systemd", "", "SystemCallArchitectures=x86", {"P5017"}},
      {"12", "systemd", "", "AmbientCapabilities=CAP_NET_RAW\nCapabilityBoundingSet=CAP_NET_RAW", {"P5006", "capability net_raw"}},
      {"17", "systrace", "allow chmod \"/a/b\";", "native-chmod: filename re \"/a/b$\" then permit", {"P5006", "chmod \"/"}},
      {"18", "systrace", "", "native-open: filename re \"[.]conf$\" and oflags eq \"ro\" then permit", {"P5006", ".conf\""}},
      {"22", "systrace", "", "native-open: true then ask\nnative-fswrite: true then permit", {"P5006"}},
      {"23", "systrace", "", "native-unlink: filename match \"/a/[[:alpha:]]\" then permit", {"P5006", "delete \"/a/"}},
      {"28", "systrace", "allow read \"/zzz\";", "native-open: deny[eperm]", {"P5016"}},
  };
  for (const Raw& row : rows) {
    INFO("row " << std::string(row.row) << ": " << std::string(row.raw));
    const Scratch scratch;
    std::string lines;
    for (std::string_view rest = row.raw; !rest.empty();) {
      const auto end = std::min(rest.find('\n'), rest.size());
      lines += "raw " + literal(rest.substr(0, end)) + "; ";
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    scratch.write("demo.pol", demo(std::string("  ") + row.body + "\n  target " + row.target + " { " + lines + "}"));
    expect(scratch.polc({"demo.pol", std::string("--target=") + row.target, "--fidelity=none"}), row.said, 1);
  }
}

TEST_CASE("an include is read through where the directory for includes has it") {
  const Scratch scratch;
  scratch.write("etc/x.inc", "/etc/shadow rw,\n");
  scratch.write("etc/abstractions/mine", "include <abstractions/inner>\n");
  scratch.write("etc/abstractions/inner", "\"/srv/deep\" r,\n");
  const auto said = [&](const std::string& raw) {
    scratch.write("demo.pol", demo("  target apparmor { raw " + literal(raw) + "; }"));
    return scratch.polc({"demo.pol", "--target=apparmor", "--include-dir=etc", "--fidelity=none"});
  };
  expect(said("#include \"" + scratch.path("etc/x.inc").string() + "\""), {"P5006", "read \"/etc/shadow\""}, 1);
  expect(said("include <x.inc>"), {"P5006", "read \"/etc/shadow\""}, 1);
  expect(said("include <abstractions/mine>"), {"P5006", "read \"/srv/deep\""}, 1);
  expect(said("include <nothing>"), {"P6006", "none of the directories"}, 1);
  expect(said("include <../demo.pol>"), {"P6006", "`..`"}, 1);
  expect(said("include \"/etc/shadow\""), {"P6006", "none of the directories"}, 1);
}

TEST_CASE("an artefact of which a line says more or something else is different") {
  const Edit rows[] = {
      {"9", "apparmor", "  target apparmor { option abstractions = base; }", "\n}", "\n  /** rw,\n}", {"different", "but"}},
      {"9", "apparmor", "  target apparmor { option abstractions = base; }", "\n}", "\n  capability,\n}", {"different", "but"}},
      {"10", "apparmor", "", "  ptrace (readby, tracedby),\n", "", {"different", "P5014"}},
      {"13", "systemd", "  allow connect tcp any;\n  allow connect unix stream \"/run/x\";", "RestrictAddressFamilies=AF_", "RestrictAddressFamilies=none\n#", {"different"}},
      {"19", "systrace", "  allow setuid user \"_tor\" 1001;", ") and ( uname", ") or ( uname", {"different", "P50"}},
      {"29", "seccomp", "  allow syscall getpid;", "\"defaultAction\": \"SCMP_ACT_ERRNO\"", "\"defaultAction\": \"SCMP_ACT_ALLOW\"", {"P6007"}},
      {"29", "seccomp", "  allow syscall getpid;", "\"defaultAction\": \"SCMP_ACT_ERRNO\"", "\"defaultAction\": \"SCMP_ACT_LOG\"", {"different", "P5014"}},
      {"29", "seccomp", "  allow syscall getpid;", "\"getpid\"", "\"getpid\", \"mount\"", {"different", "syscall mount"}},
      {"32", "systemd", "", "NoNewPrivileges=yes", "NoNewPrivileges=no", {"different", "P5014"}},
  };
  for (const Edit& row : rows) {
    INFO("row " << std::string(row.row));
    const Scratch scratch;
    scratch.write("demo.pol", demo(row.body));
    const std::string target = std::string("--target=") + row.target, format = std::string(row.target) == "seccomp" ? "--format=oci" : "--diagnostics=text";
    const Outcome made = scratch.polc({"demo.pol", target, format, "--fidelity=none", "-o", "demo.out"});
    CHECK_MESSAGE(made.status == 0, made.err);
    std::string text = scratch.read("demo.out");
    const auto at = text.find(row.from);
    REQUIRE_MESSAGE(at != text.npos, text);
    scratch.write("edited", text.replace(at, std::string_view(row.from).size(), row.to));
    expect(scratch.polc({"verify", "demo.pol", target, format, "edited"}), row.said, 1);
  }
}

TEST_CASE("diff --artefacts: what shows in no access, or answers otherwise, is told and is no equivalence") {
  struct Pair {
    const char *target, *before, *now;
    std::vector<const char*> told;
  };
  for (const Pair& one : {Pair{"apparmor", "profile t {\n  /a r,\n}\n", "profile t flags=(unconfined) {\n  /a r,\n}\n", {"+ now.json says `flags=(unconfined)`"}},
                          {"systemd", "[Service]\nPrivateNetwork=yes\nProtectSystem=strict\n", "[Service]\nProtectSystem=full\n", {"- now.json no longer says `PrivateNetwork=yes`", "+ now.json says `ProtectSystem=full`"}},
                          {"seccomp", R"({"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64"],"syscalls":[]})",
                           R"({"defaultAction":"SCMP_ACT_KILL","architectures":["SCMP_ARCH_X86"],"syscalls":[]})", {"kill the thread, not EPERM", "+ now.json says `architectures="}}}) {
    INFO(std::string(one.target));
    const Scratch scratch;
    scratch.write("before.json", one.before);  // the ending says which of seccomp's formats it is
    scratch.write("now.json", one.now);
    const Outcome outcome = scratch.polc({"diff", "--artefacts", "before.json", "now.json", std::string("--target=") + one.target});
    CHECK(contains(outcome.out, ": different\n"));
    for (const char* told : one.told) CHECK_MESSAGE(contains(outcome.out, told), outcome.out.substr(0, 400) << outcome.err);
    CHECK_FALSE(contains(outcome.out, "equivalent"));
  }
}

TEST_CASE("a policy for systrace without any of its `^` is different") {
  const Scratch scratch;
  scratch.write("demo.pol", demo("  allow read tree \"/srv\";\n  allow connect tcp 192.0.2.1:443;"));
  CHECK(scratch.polc({"demo.pol", "--target=systrace", "--fidelity=none", "-o", "demo.out"}).status == 0);
  std::string text = scratch.read("demo.out");
  CHECK(contains(text, "^"));
  std::erase(text, '^');
  scratch.write("edited", text);
  expect(scratch.polc({"verify", "demo.pol", "--target=systrace", "edited"}), {"different", "P50"}, 1);
}

TEST_CASE("query --artefact: an installed profile answers with the line that decides") {
  const Scratch scratch;
  scratch.write("etc/abstractions/base", "/etc/passwd r,\n@{HOME}/.config r,\n");
  scratch.write("etc/tunables/global", "@{HOME}=/root\n@{HOME}+=/home/*\n");
  scratch.write("profile", "include <tunables/global>\nprofile web /usr/sbin/web {\n  include <abstractions/base>\n  /srv/** r,\n  deny /srv/secret r,\n  /usr/bin/x px,\n}\n");
  const auto asked = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"query", "--artefact", "profile", "--target=apparmor"};
    words.insert(words.end(), more.begin(), more.end());
    return scratch.polc(words);
  };
  expect(asked({"read \"/srv/a\""}), {"unknown (on apparmor)", "profile:4: /srv/** r,", "holds (line 3)"}, 1);
  expect(asked({"read \"/srv/secret\" type file"}), {"deny", "profile:5: deny /srv/secret r,"}, 1);
  expect(asked({"read \"/etc/shadow\" type file"}), {"unknown", "what `<abstractions/base>` holds (line 3)"}, 1);
  const std::string dir = "--include-dir=etc";
  expect(asked({dir, "read \"/srv/a\""}), {"allow (on apparmor)", "profile:4: /srv/** r,"}, 0);
  expect(asked({dir, "read \"/etc/shadow\" type file"}), {"deny", "no line permits it"}, 1);
  expect(asked({dir, "read \"/etc/passwd\" type file"}), {"allow", "profile:3: include <abstractions/base>"}, 0);
  expect(asked({dir, "read \"/home/u/.config\" type file"}), {"allow", "profile:3"}, 0);
  expect(asked({dir, "exec \"/usr/bin/x\""}), {"unknown", "profile:6"}, 1);
  expect(asked({dir, "stat \"/etc/shadow\""}), {"allow", "does not look"}, 0);
  expect(asked({dir, "read /etc"}), {"P1"}, 2);
  expect(asked({dir}), {"P9003", "ACCESS is required"}, 2);
  expect(scratch.polc({"query", "--artefact", "profile", "read \"/a\""}), {"P9003", "--target=T"}, 2);
  expect(scratch.polc({"query", "profile", "--batch", "--target=apparmor"}), {"P9003", "--batch is for artefacts"}, 2);
  expect(scratch.polc({"query", "--artefact", "none", "read \"/a\"", "--target=apparmor"}), {"P9001"}, 3);
  expect(scratch.polc({"explain", "--artefact", "profile", "read \"/srv/secret\" type file", "--target=apparmor", dir}), {"named by, too", "profile:4: /srv/** r,", "attachment /usr/sbin/web"}, 1);
}

TEST_CASE("query --artefact: what complain mode would refuse is allowed, and only logged") {
  const Scratch scratch;
  scratch.write("profile", "profile web flags=(complain) {\n  /srv/** r,\n  deny /srv/secret r,\n}\n");
  const auto asked = [&](const std::string& access) { return scratch.polc({"query", "--artefact", "profile", access, "--target=apparmor"}); };
  expect(asked("read \"/etc/shadow\" type file"), {"allow", "profile:1", "only logged"}, 0);
  expect(asked("read \"/srv/secret\" type file"), {"deny", "profile:3"}, 1);
  scratch.write("profile", "profile web flags=(unconfined) {\n}\n");
  expect(asked("read \"/etc/shadow\" type file"), {"allow", "profile:1"}, 0);
}

TEST_CASE("query --artefact: units and filters answer as well") {
  const Scratch scratch;
  scratch.write("web.service", "[Service]\nExecStart=/usr/sbin/web\nSystemCallFilter=@system-service\nSystemCallFilter=~@mount\n");
  const auto asked = [&](const std::string& access, const std::string& option) { return scratch.polc({"query", "--artefact", "web.service", access, "--target=systemd", option}); };
  expect(asked("syscall read", "--option=version=252"), {"allow", "web.service:3"}, 0);
  expect(asked("syscall mount", "--option=version=252"), {"deny"}, 1);
  expect(asked("syscall seccomp", "--option=version=252"), {"deny"}, 1);
  expect(asked("syscall seccomp", "--option=version=257"), {"allow"}, 0);
  expect(asked("syscall seccomp", "--option=version=any"), {"unknown"}, 1);
  scratch.write("demo.pol", demo("  allow syscall getpid;\n  allow syscall socket where domain == 1;"));
  CHECK(scratch.polc({"demo.pol", "--target=seccomp", "--fidelity=none", "-o", "demo.bpf"}).status == 0);
  expect(scratch.polc({"query", "--artefact", "demo.bpf", "syscall getpid", "--target=seccomp"}), {"allow"}, 0);
  expect(scratch.polc({"query", "--artefact", "demo.bpf", "syscall socket", "--target=seccomp"}), {"in part", "permitted: ", "refused: "}, 1);
  expect(scratch.polc({"query", "--artefact", "demo.bpf", "syscall kill", "--target=seccomp"}), {"deny"}, 1);
}

TEST_CASE("query --artefact --batch: an answer for each line, in their order") {
  const Scratch scratch;
  scratch.write("profile", "profile web {\n  /srv/** r,\n}\n");
  const e2e::Surroundings good{.input = "read \"/srv/a\"\nread \"/etc/b\"\nwrite \"/srv/a\"\n"}, bad{.input = "read \"/srv/a\"\nraed \"/x\"\n\nread \"/srv/b\""};
  const std::vector<std::string> words{"query", "--artefact", "profile", "--batch", "--target=apparmor"};
  const Outcome answers = scratch.polc(words, good);
  CHECK(answers.status == 0);
  CHECK(answers.out == "allow\t2\ndeny\t-\ndeny\t-\n");
  const Outcome mistaken = scratch.polc(words, bad);
  CHECK(mistaken.status == 2);
  CHECK(mistaken.out.starts_with("allow\t2\n?\t"));
  CHECK(mistaken.out.ends_with("allow\t2\n"));
}
