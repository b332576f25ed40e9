// What is said of artefacts: by fidelity and its summary, verify, diff, test and the set that deploys them.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "polc_process.hpp"

using e2e::contains;
using e2e::Outcome;
using e2e::Scratch;

TEST_CASE("fidelity: JSON says of each rule what is lost, why, by which witness, what was accepted, and in which lines it stands") {
  const Scratch scratch;
  scratch.write("web.pol",
                "language 1;\npolicy web {\n  program \"/usr/sbin/web\";\n  allow read \"/etc/hosts\";\n"
                "  @accept(unmediated: seccomp, \"AppArmor's (and only its)\")\n"
                "  deny read \"/etc/shadow\" type file;\n  allow syscall getpid;\n}\n");
  const Outcome outcome = scratch.polc({"fidelity", "web.pol", "--target=seccomp,apparmor", "--format=json"});
  CHECK(outcome.status == 0);
  const auto report = nlohmann::json::parse(outcome.out, nullptr, false);
  REQUIRE(report.is_object());
  CHECK(report["version"] == 2);
  REQUIRE(report["ledgers"].size() == 1);
  const auto& ledger = report["ledgers"][0];
  CHECK(ledger["policy"] == "web");
  CHECK(ledger["targets"][0]["totals"] == nlohmann::json{{"delegated", 2}, {"exact", 1}});
  REQUIRE(ledger["rules"].size() == 3);
  const auto& read = ledger["rules"][0];
  CHECK(read["place"] == "web.pol:4:3");
  CHECK(read["targets"][0]["standing"] == "delegated");
  CHECK(read["targets"][0]["delegated_to"] == nlohmann::json{"apparmor"});
  CHECK(read["targets"][0]["findings"][0]["verdict"] == "unmediated");
  CHECK_FALSE(read["targets"][0]["findings"][0].contains("accepted"));
  CHECK(read["set"]["standing"] == "named");  // of the stat that it brings along nobody looks at any
  REQUIRE(read["targets"][1]["lines"].size() == 1);
  CHECK(contains(read["targets"][1]["lines"][0]["text"].get<std::string>(), "/etc/hosts"));
  const auto& denied = ledger["rules"][1];
  CHECK(denied["text"] == "deny read \"/etc/shadow\" type file;");
  CHECK(denied["targets"][0]["findings"][0]["witness"] == "read \"/etc/shadow\"");
  CHECK(denied["targets"][0]["findings"][0]["accepted"] == "AppArmor's (and only its)");
  CHECK(denied["set"]["standing"] == "exact");
  CHECK(ledger["rules"][2]["targets"][0]["standing"] == "exact");
}

TEST_CASE("fidelity: a line that is named is there, and says what the rule does") {
  const Scratch scratch;
  scratch.write("web.pol", "language 1;\npolicy web {\n  program \"/usr/sbin/web\";\n  allow syscall getpid, ptrace;\n}\n");
  const auto report = nlohmann::json::parse(scratch.polc({"fidelity", "web.pol", "--target=seccomp", "--format=json"}).out, nullptr, false);
  const auto& told = report["ledgers"][0]["rules"][0]["targets"][0]["lines"];
  REQUIRE(!told.empty());
  std::string artefact = scratch.polc({"web.pol", "--target=seccomp", "--fidelity=none"}).out;
  std::vector<std::string> all;
  for (std::size_t end = 0; (end = artefact.find('\n')) != std::string::npos; artefact.erase(0, end + 1)) all.push_back(artefact.substr(0, end));
  for (const auto& line : told) CHECK(contains(all.at(line["line"].get<std::size_t>() - 1), line["text"].get<std::string>()));
}

TEST_CASE("apparmor: names that may be moved are too many to pair, so each counts as moved to any name") {
  std::string rules;
  for (int i = 0; i < 300; ++i) rules += "  allow read, write \"/srv/" + std::to_string(i) + "/*\";\n";
  const Scratch scratch;
  scratch.write("few.pol", "language 1;\npolicy web {\n  program \"/usr/sbin/web\";\n  allow read, write \"/srv/1/*\";\n}\n");
  scratch.write("many.pol", "language 1;\npolicy web {\n  program \"/usr/sbin/web\";\n" + rules + "}\n");
  const std::string rename = "rename \"/srv/1/a\" -> \"/etc/b\"", foreign = "rename \"/etc/a\" -> \"/etc/b\"";
  CHECK(scratch.polc({"query", "few.pol", rename, "--target=apparmor"}).status == 1);
  CHECK(scratch.polc({"query", "many.pol", rename, "--target=apparmor"}).status == 0);
  CHECK(scratch.polc({"query", "many.pol", foreign, "--target=apparmor"}).status == 1);
  CHECK(scratch.polc({"many.pol", "--target=apparmor", "--fidelity=none", "-o", "many.apparmor"}).status == 0);
  const Outcome verified = scratch.polc({"verify", "many.pol", "many.apparmor", "--target=apparmor"});
  CHECK(verified.status == 0);
  CHECK(contains(verified.out, "equal: web on apparmor: every access compared"));
}

TEST_CASE("verify: a right that one of two programs lacks is missed") {
  const Scratch scratch;
  const std::vector<std::string> verb{"verify", POLC_SOURCE_DIR "/backends/grsecurity/tests/two_programs/policy.pol", "pair.acl", "--target=grsecurity"};
  CHECK(scratch.polc({verb[1], verb[3], "--fidelity=none", "-o", verb[2]}).status == 0);
  CHECK(scratch.polc(verb).status == 0);
  std::string text = scratch.read(verb[2]);
  text.erase(text.rfind("/srv r\n"), 7);
  scratch.write(verb[2], text);
  const Outcome outcome = scratch.polc(verb);
  CHECK(outcome.status == 1);
  CHECK(contains(outcome.err, "`read \"/srv\"`"));
}

TEST_CASE("verify: a constant that no boundary of the policy asks about is found, and each policy has its own answer") {
  const Scratch scratch;
  scratch.write("two.pol",
                "language 1;\npolicy a { default deny errno EACCES; allow syscall socket where arg[1] & 0xfff == 1; }\n"
                "policy b { default deny errno EACCES; allow syscall read; }\n");
  const auto verify = [&](const char* policy) {
    return scratch.polc({"verify", "two.pol", "filter", "--target=seccomp", "--format=asm", std::string("--policy=") + policy});
  };
  CHECK(scratch.polc({"two.pol", "--policy=a", "--target=seccomp", "--format=asm", "--fidelity=none", "-o", "filter"}).status == 0);
  const std::string filter = scratch.read("filter");
  const Outcome same = verify("a");
  CAPTURE(same.err);
  CHECK(same.status == 0);
  CHECK(contains(same.out, "equal: a on seccomp: every access compared"));
  for (const auto& [from, to] : {std::pair{"ret #0x5000d", "ret #0x5000c"}, std::pair{"and #0xfff", "and #0xffd"}}) {
    CAPTURE(from);
    std::string changed = filter;
    REQUIRE(contains(changed, from));
    changed.replace(changed.find(from), std::string_view(from).size(), to);
    scratch.write("filter", changed);
    const Outcome different = verify("a");
    CHECK(different.status == 1);
    CHECK(contains(different.out, "different: a on seccomp"));
    CHECK(contains(different.err, "[P50"));
  }
  // One that differs says nothing of the next.
  scratch.write("filter", filter);
  const Outcome both = scratch.polc({"verify", "two.pol", "filter", "--target=seccomp", "--format=asm"});
  CHECK(both.status == 1);
  CHECK(contains(both.out, "equal: a on seccomp"));
  CHECK(contains(both.out, "different: b on seccomp"));
}

TEST_CASE("deploy: names the targets of a verb that was given none, and the set that judges when only one is emitted") {
  const Scratch scratch;
  scratch.write("web.pol", "language 1;\npolicy web {\n  program \"/usr/sbin/web\";\n  deploy apparmor, seccomp;\n"
                           "  deny exec \"/**\";\n  allow syscall getpid;\n}\n");
  scratch.write("alone.pol", "language 1;\npolicy web { program \"/usr/sbin/web\"; deny exec \"/**\"; allow syscall getpid; }\n");
  const Outcome ledger = scratch.polc({"fidelity", "web.pol"});
  CHECK(ledger.status == 0);
  CHECK(contains(ledger.out, "apparmor  seccomp  set  rule\n"));
  CHECK(scratch.polc({"fidelity", "alone.pol"}).status == 2);
  CHECK(scratch.polc({"web.pol", "-o", "out/", "--fidelity=none"}).status == 0);
  CHECK(contains(scratch.read("out/web.apparmor"), "profile \"web\""));
  CHECK(scratch.read("out/web.bpf").size() % 8 == 0);
  const Outcome nowhere = scratch.polc({"web.pol", "--fidelity=none"});
  CHECK(nowhere.status == 2);
  CHECK(contains(nowhere.err, "-o DIR"));
  // A filter cannot tell programs apart. Where AppArmor is installed beside it, the deny is kept.
  CHECK(scratch.polc({"web.pol", "--target=seccomp", "--option=exec=launcher", "--fidelity=none"}).status == 0);
  CHECK(scratch.polc({"alone.pol", "--target=seccomp", "--option=exec=launcher", "--fidelity=none"}).status == 1);
  const Outcome why = scratch.polc({"explain", "web.pol", "exec \"/bin/sh\""});
  CHECK(contains(why.out, "on apparmor: refused"));
  CHECK(contains(why.out, "on seccomp: "));
}

TEST_CASE("--strict: judges what the whole set leaves open, and names the rule on the target by whose doing it is") {
  const Scratch scratch;
  scratch.write("web.pol", "language 1;\npolicy web {\n  program \"/usr/sbin/web\";\n  deploy apparmor, seccomp;\n"
                           "  allow syscall getpid;\n  allow connect tcp any4:443;\n}\n");
  const Outcome outcome = scratch.polc({"web.pol", "--strict", "-o", "out/", "--fidelity=none"});
  CHECK(outcome.status == 1);
  CHECK(contains(outcome.err, "web.pol:6:3: error: `apparmor` permits more than this says"));
  CHECK_FALSE(contains(outcome.err, "web.pol:5:3"));
  scratch.write("calls.pol", "language 1;\npolicy web { program \"/usr/sbin/web\"; deploy apparmor, seccomp; allow syscall getpid; }\n");
  CHECK(scratch.polc({"calls.pol", "--strict", "--target=apparmor", "--fidelity=none"}).status == 0);
}

TEST_CASE("test: a promise about a whole set is asked of the artefact, raw text included") {
  const Scratch scratch;
  const auto is_open = [&](const char* target, const char* raw, const char* expectation) {
    scratch.write("web.pol", std::string("language 1;\npolicy web {\n  program \"/usr/sbin/web\";\n  allow read \"/etc/hosts\" type file;\n  @accept(wider: ") +
                                 target + ", \"by hand\")\n  target " + target + " { raw \"" + raw + "\"; }\n  expect { " + expectation + " }\n}\n");
    const Outcome outcome = scratch.polc({"test", "web.pol", std::string("--target=") + target});
    CHECK(contains(outcome.out, "on meaning: 1 passed, 0 failed"));
    CHECK(outcome.status == 0);
    return contains(outcome.out, std::string("open on ") + target);
  };
  CHECK_FALSE(is_open("apparmor", "/srv/x/y r,", "deny read \"/home/**\" type file;"));
  CHECK(is_open("apparmor", "/srv/x/y r,", "deny read \"/srv/**\" type file;"));
  CHECK(is_open("apparmor", "/srv/x/** r,", "deny read \"/srv/x/deep/**\" type file;"));
  CHECK(is_open("systrace", "native-fsread: filename eq \\\"/srv/x\\\" then permit", "deny read \"/srv/**\" type file;"));
  CHECK(is_open("systrace", "native-mount: permit", "deny mount any;"));
}

TEST_CASE("diff: a deny that became a smaller one is told as what it was, except what is left of it") {
  const Scratch scratch;
  const auto written = [&](const char* name, const char* deny) {
    scratch.write(name, std::string("language 1;\npolicy web { allow read \"/srv/**\"; deny read ") + deny + "; }\n");
  };
  written("old.pol", "\"/srv/secret/**\"");
  written("new.pol", "\"/srv/secret/a*\"");
  CHECK(contains(scratch.polc({"diff", "old.pol", "new.pol"}).out, "+ web may now read \"/srv/secret/**\", except read \"/srv/secret/a*\"\n"));
  CHECK(contains(scratch.polc({"diff", "new.pol", "old.pol"}).out, "- web may no longer read \"/srv/secret/**\", except read \"/srv/secret/a*\"\n"));
}

TEST_CASE("diff --artefacts: two profiles and two filters as sets, two subjects by asking, each with the lines that cause it") {
  const Scratch scratch;
  const auto made = [&](const char* target, const char* rules, const char* name) {
    scratch.write("p.pol", std::string("language 1;\npolicy web {\n  program \"/usr/sbin/web\";\n") + rules + "\n}\n");
    CHECK(scratch.polc({"p.pol", std::string("--target=") + target, "--fidelity=none", "-o", name}).status == 0);
  };
  const auto diff = [&](const char* target, const char* old_name, const char* new_name) {
    return scratch.polc({"diff", "--artefacts", old_name, new_name, std::string("--target=") + target, "--fail-on=wider"});
  };
  made("apparmor", "allow read tree \"/srv\" type file;", "a.apparmor");
  made("apparmor", "allow read tree \"/srv\" type file; allow capability chown;", "b.apparmor");
  CHECK(diff("apparmor", "a.apparmor", "a.apparmor").out == "a.apparmor (linux x86_64), apparmor: equivalent\n");
  const Outcome profiles = diff("apparmor", "a.apparmor", "b.apparmor");
  CHECK(profiles.status == 1);
  CHECK(contains(profiles.out, "apparmor: different\n+ b.apparmor may now capability chown\n    is: b.apparmor:"));
  CHECK(contains(profiles.out, ": capability chown,"));
  CHECK(diff("apparmor", "b.apparmor", "a.apparmor").status == 0);  // narrower
  made("seccomp", "allow syscall fcntl where cmd == 3;", "a.bpf");
  made("seccomp", "allow syscall fcntl where cmd == 4;", "b.bpf");
  const Outcome filters = diff("seccomp", "a.bpf", "b.bpf");
  CHECK(filters.status == 1);
  CHECK(contains(filters.out, "+ b.bpf may now syscall fcntl where"));
  CHECK(contains(filters.out, "- b.bpf may no longer syscall fcntl where"));
  CHECK(diff("seccomp", "a.bpf", "a.bpf").out == "a.bpf (linux x86_64), seccomp: equivalent\n");
  made("seccomp", "default kill; allow syscall fcntl where cmd == 3;", "c.bpf");
  CHECK(contains(diff("seccomp", "a.bpf", "c.bpf").out, "seccomp: different\nc.bpf: it answers `syscall "));
  made("grsecurity", "allow connect tcp any4:9001-9100;", "a.subject");
  made("grsecurity", "allow connect tcp any4:9001-9101;", "b.subject");
  CHECK(contains(diff("grsecurity", "a.subject", "b.subject").out, ":9101\n    is: b.subject:"));
  scratch.write("c.subject", "no subject");
  CHECK(diff("grsecurity", "a.subject", "c.subject").status == 1);
  CHECK(diff("grsecurity", "a.subject", "missing").status == 3);
  CHECK(scratch.polc({"diff", "--artefacts", "a.bpf", "b.bpf"}).status == 2);
}

TEST_CASE("query, explain, diff --artefacts: a unit is asked with its drop-ins, and a line has its file's name and number") {
  const Scratch scratch;
  scratch.write("lib/web.service", "[Service]\nSystemCallFilter=read mount\n");
  scratch.write("lib/old.service", "[Service]\nSystemCallFilter=read mount\n");
  scratch.write("etc/web.service.d/60.conf", "[Service]\n# more\nSystemCallFilter=reboot\n");
  scratch.write("etc/web.service.d/50.conf", "SystemCallFilter=~read\n[Service]\nSystemCallFilter=~mount reboot\n");
  const std::vector<std::string> with{"--target=systemd", "--include-dir=etc", "--include-dir=lib"};
  const auto asked = [&](std::vector<std::string> words, const std::string& input = "") {
    words.insert(words.end(), with.begin(), with.end());
    return scratch.polc(words, {.input = input});
  };
  CHECK(asked({"query", "--artefact", "lib/web.service", "--batch"}, "syscall read\nsyscall mount\nsyscall reboot\n").out ==
        "allow\t2\ndeny\t-\nallow\tetc/web.service.d/60.conf:3\n");
  CHECK(contains(asked({"explain", "--artefact", "lib/web.service", "syscall reboot"}).out, "etc/web.service.d/60.conf:3: SystemCallFilter=reboot"));
  CHECK(contains(scratch.polc({"query", "--artefact", "lib/web.service", "syscall mount", "--target=systemd"}).out, "allow"));
  const std::string changes = asked({"diff", "--artefacts", "lib/old.service", "lib/web.service"}).out;
  CHECK(contains(changes, "lib/old.service:2:1"));
  CHECK(contains(changes, "etc/web.service.d/60.conf:3:1"));
  scratch.write("etc/web.service.d/70.conf", "[Service]\nnonsense\n");
  const Outcome refused = asked({"query", "--artefact", "lib/web.service", "syscall read"});
  CHECK(refused.status == 1);
  CHECK(contains(refused.err, "etc/web.service.d/70.conf, line 2"));
}

TEST_CASE("explain --artefact without an access: each line's part, what no line decides, and what shows in none") {
  const Scratch scratch;
  scratch.write("web.service", "[Service]\nSystemCallFilter=read mount\nProtectHome=yes\nProtectHoem=yes\n");
  const Outcome outcome = scratch.polc({"explain", "--artefact", "web.service", "--target=systemd"});
  CHECK(outcome.status == 0);
  CHECK(contains(outcome.out, "web.service:2: SystemCallFilter=read mount\n    permits syscall mount, read\n"));
  CHECK(contains(outcome.out, "without a line:\n    permits syscall arch_prctl, brk,"));
  CHECK(contains(outcome.out, "not known: what `ProtectHoem=` does (line 4)"));
  CHECK(contains(outcome.out, "it says, too:\n  ProtectHoem=yes\n  ProtectHome=yes\n"));
  CHECK(scratch.polc({"query", "--artefact", "web.service", "--target=systemd"}).status == 2);
}

TEST_CASE("verify: what says the same in other words is equal, and what is nearly the same is not") {
  const Scratch scratch;
  scratch.write("web.pol",
                "language 1;\npolicy web {\n  program \"/usr/sbin/web\";\n  allow read \"/etc/hosts\" type file;\n"
                "  allow read \"/etc/motd\" type file;\n  allow connect tcp any4:9001-9100;\n  allow capability chown, setuid;\n}\n");
  struct Edit {
    const char *target, *from, *to;
    bool is_equal;
  };
  const Edit edits[] = {
      {"apparmor", "  capability chown,", "  # by hand\n  capability chown,", true},
      {"apparmor", "  \"/etc/hosts\" r,", "  \"/etc/{hosts,motd}\" r,\n  /etc/hosts r,", true},
      {"apparmor", "  \"/etc/hosts\" r,", "  \"/etc/host?\" r,", false},
      {"apparmor", "  network inet stream,", "  \"/etc/motd\" r,\n  network inet stream,", true},
      {"apparmor", "  network inet stream,", "  network inet stream,\n  network inet dgram,", false},
      {"grsecurity", "/etc/hosts r\n/etc/motd r\n", "/etc/motd r\n# by hand\n/etc/hosts r\n", true},
      {"grsecurity", "/etc/hosts r\n/etc/motd r\n", "/etc r\n", false},
      {"grsecurity", "9001-9100 stream", "9001-9050 stream tcp\nconnect 0.0.0.0/0:9051-9100 stream", true},
      {"grsecurity", "9001-9100 stream", "9001-9050 stream tcp\nconnect 0.0.0.0/0:9052-9100 stream", false},
      {"systrace", "(900[1-9]|90[1-9][0-9]|9100)", "(9100|90[1-9][0-9]|900[1-9])", true},
      {"systrace", "(900[1-9]|90[1-9][0-9]|9100)", "(9[0-9]{3})", false},
      {"systrace", "native-access: filename re \"^/etc/hosts$\" then permit\nnative-access: filename re \"^/etc/motd$\" then permit\n",
       "# by hand\nnative-access: filename re \"^/etc/motd$\" then permit\nnative-access: filename re \"^/etc/hosts$\" then permit\n", true},
  };
  for (const Edit& edit : edits) {
    CAPTURE(std::string(edit.to));
    const std::string target = std::string("--target=") + edit.target;
    CHECK(scratch.polc({"web.pol", target, "--fidelity=none", "-o", "artefact"}).status == 0);
    std::string text = scratch.read("artefact");
    const auto at = text.find(edit.from);
    REQUIRE(at != std::string::npos);
    scratch.write("artefact", text.replace(at, std::string_view(edit.from).size(), edit.to));
    const Outcome outcome = scratch.polc({"verify", "web.pol", "artefact", target});
    CAPTURE(outcome.err);
    CHECK(outcome.status == (edit.is_equal ? 0 : 1));
    CHECK(outcome.out.rfind(edit.is_equal ? "equal: " : "different: ", 0) == 0);
  }
}

TEST_CASE("verify: the artefact's suffix is its format, unless another one is named") {
  const Scratch scratch;
  scratch.write("web.pol", "language 1;\npolicy web { allow syscall getpid; }\n");
  for (const char* artefact : {"f.bpf", "f.h", "f.json", "f.asm"}) {
    CAPTURE(artefact);
    CHECK(scratch.polc({"web.pol", "--target=seccomp", "--fidelity=none", "-o", artefact}).status == 0);
    CHECK(scratch.polc({"verify", "web.pol", artefact, "--target=seccomp"}).status == 0);
  }
  scratch.write("f.other", scratch.read("f.bpf"));
  CHECK(scratch.polc({"verify", "web.pol", "f.other", "--target=seccomp"}).status == 1);
  CHECK(scratch.polc({"verify", "web.pol", "f.other", "--target=seccomp", "--format=bpf"}).status == 0);
}

TEST_CASE("summary: each rule counts once, by its worst, as in the ledger") {
  const Scratch scratch;
  scratch.write("web.pol", "language 1;\npolicy web {\n  program \"/usr/sbin/web\";\n  allow read \"/srv/**\";\n"
                           "  allow connect tcp any4:443;\n  allow syscall getpid;\n}\n");
  scratch.write("one.pol", "language 1;\npolicy web { allow syscall getpid; }\n");
  const auto said = [&](const char* file, const char* target) { return scratch.polc({file, std::string("--target=") + target, "-o", "out"}).err; };
  CHECK(contains(said("one.pol", "seccomp"), "web: 1 rule: 1 exact;"));
  for (const char* target : {"seccomp", "apparmor", "grsecurity"}) {
    CAPTURE(target);
    const auto report =
        nlohmann::json::parse(scratch.polc({"fidelity", "web.pol", std::string("--target=") + target, "--format=json"}).out, nullptr, false);
    const std::string summary = said("web.pol", target);
    CAPTURE(summary);
    for (const auto& [standing, count] : report["ledgers"][0]["targets"][0]["totals"].items())
      CHECK(contains(summary, std::to_string(count.get<int>()) + " " + standing));
  }
}

TEST_CASE("verify: raw text is part of the artefact, and one changed character of it is not") {
  const Scratch scratch;
  scratch.write("web.pol", "language 1;\npolicy web {\n  program \"/usr/sbin/web\";\n  allow read \"/etc/hosts\";\n"
                           "  @accept(wider: apparmor, \"by hand\")\n  target apparmor { raw \"/srv/x r,\"; }\n}\n");
  CHECK(scratch.polc({"web.pol", "--target=apparmor", "--fidelity=none", "-o", "artefact"}).status == 0);
  CHECK(scratch.polc({"verify", "web.pol", "artefact", "--target=apparmor"}).status == 0);
  std::string text = scratch.read("artefact");
  REQUIRE(contains(text, "/srv/x r,"));
  scratch.write("artefact", text.replace(text.find("/srv/x r,"), 9, "/srv/x w,"));
  CHECK(scratch.polc({"verify", "web.pol", "artefact", "--target=apparmor"}).status == 1);
}

TEST_CASE("targets: one of them with what it can express, and one that does not exist") {
  const Scratch scratch;
  const Outcome known = scratch.polc({"targets", "seccomp"});
  CHECK(known.status == 0);
  CHECK(contains(known.out, "unmediated"));
  CHECK(contains(known.out, "file_read"));
  const Outcome unknown = scratch.polc({"targets", "no_such"});
  CHECK(unknown.status != 0);
  CHECK(unknown.out == "");
  CHECK(contains(unknown.err, "[P6001]"));
}
