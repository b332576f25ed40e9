// query and explain: is this allowed, by which rule, and what happens otherwise?
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "polc_process.hpp"

using e2e::Outcome;
using e2e::Scratch;

namespace {

constexpr std::string_view policy =
    "language 1;\n"
    "abstraction logs {\n"
    "  allow append tree \"/var/log/web\";\n"
    "}\n"
    "policy web {\n"
    "  program \"/usr/sbin/web\";\n"
    "  use logs;\n"
    "  default kill for ptrace;\n"
    "  default deny errno ENOENT log for file;\n"
    "  allow read \"/etc/hosts\";\n"
    "  @reason(\"logs are kept\")\n"
    "  deny write \"/var/log/web/old\";\n"
    "  allow connect tcp 192.0.2.0/24:{80, 443}, [2001:db8::/32]:443;\n"
    "  allow bind unix \"/run/web.sock\";\n"
    "  allow rename \"/srv/new\" -> \"/srv/now\";\n"
    "  allow setuid user \"web\" 33;\n"
    "  allow capability net_bind_service;\n"
    "  allow signal term to children;\n"
    "  deny ptrace trace to any;\n"
    "  allow syscall fcntl where cmd == F_GETFD;\n"
    "}\n";

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

struct Question {
  const char* access;
  bool allowed;
  const char* says;  // in the answer to both questions
};

// Each kind of access, stated wholly and with something left out.
const std::vector<Question> questions{
    {"read \"/etc/hosts\"", true, "web.pol:10:3: allow read"},
    {"stat \"/etc/hosts\"", true, "web.pol:10:3: allow read"},
    {"read \"/etc/passwd\"", false, "no rule names it"},
    {"append \"/var/log/web/old\"", true, "web.pol:3:3: allow append"},
    {"write \"/var/log/web/old\"", false, "reason: logs are kept"},
    {"connect tcp", true, "web.pol:13:3: allow connect"},
    {"connect udp", false, "no rule names it"},
    {"connect tcp 192.0.2.7", true, "connect tcp 192.0.2.7:80"},
    {"connect tcp [2001:db8::1]", true, "connect tcp [2001:db8::1]:443"},
    {"connect tcp [2001:db9::1]", false, "no rule names it"},
    {"connect tcp 192.0.2.7:25", false, "no rule names it"},
    {"bind unix \"/run/web.sock\"", true, "web.pol:14:3: allow bind"},
    {"bind unix \"/run/other.sock\"", false, "no rule names it"},
    {"create \"/run/web.sock\" type socket", true, "web.pol:14:3: allow bind"},
    {"rename \"/srv/new\" -> \"/srv/now\"", true, "web.pol:15:3: allow rename"},
    {"rename \"/srv/now\" -> \"/srv/new\"", false, "no rule names it"},
    {"setuid user \"web\" 33", true, "web.pol:16:3: allow setuid"},
    {"setuid 0", false, "no rule names it"},
    {"capability net_bind_service", true, "web.pol:17:3: allow capability"},
    {"capability net_bind_service, sys_admin", false, "capability sys_admin"},
    {"signal term to children", true, "web.pol:18:3: allow signal"},
    {"signal kill to children", false, "no rule names it"},
    {"ptrace trace to children", false, "web.pol:19:3: deny ptrace"},
    {"syscall fcntl where cmd == F_GETFD", true, "web.pol:20:3: allow syscall"},
    {"syscall fcntl where cmd == F_SETFD", false, "no rule names it"},
    {"syscall open where flags == 0", true, "web.pol:10:3: allow read"},  // by what the rule brings along
    {"syscall open where flags == 0 or flags == 0x80000", true, "web.pol:10:3: allow read"},
    {"append \"/var/log/web/**\"", true, "web.pol:3:3: allow append"},
    {"connect tcp 192.0.2.0/24:443", true, "web.pol:13:3: allow connect"},
    {"syscall getpid", false, "no rule names it"},
};

}  // namespace

TEST_CASE("query, explain: the answer and its rule, for each kind of access") {
  const Scratch scratch;
  scratch.write("web.pol", policy);
  for (const Question& question : questions) {
    CAPTURE(question.access);
    const Outcome query = scratch.polc({"query", "web.pol", question.access});
    CAPTURE(query.out);
    CHECK(query.err == "");
    CHECK(query.status == (question.allowed ? 0 : 1));
    CHECK(query.out.rfind(question.allowed ? "allow\n" : "deny\n", 0) == 0);
    CHECK(contains(query.out, question.says));
    const Outcome explain = scratch.polc({"explain", "web.pol", question.access});
    CAPTURE(explain.out);
    CHECK(explain.status == query.status);
    CHECK(explain.out.rfind(question.allowed ? "web: allow " : "web: deny ", 0) == 0);
    CHECK(contains(explain.out, question.says));
    CHECK(contains(explain.out, "reaction: ") == !question.allowed);
  }
}

TEST_CASE("query: an account is asked by its name and number together") {
  Scratch scratch;
  const auto answer = [&](const std::string& rule, const std::string& asked) {
    scratch.write("who.pol", "language 1;\npolicy who { allow setuid " + rule + "; }\n");
    return scratch.polc({"query", "who.pol", "setuid " + asked});
  };
  CHECK(answer("7", "user \"lp\" 7").status == 0);
  CHECK(contains(answer("7", "user \"lp\" 7").out, "user \"lp\" 7"));
  CHECK(answer("user \"lp\"", "user \"lp\" 7").status == 0);
  CHECK(answer("user \"lp\" 7", "7").status == 0);
  CHECK(answer("user \"lp\" 8", "user \"lp\" 7").status == 1);
  CHECK(contains(answer("user \"lp\" 8", "user \"lp\" 7").out, "user \"lp\" 7"));
  CHECK(answer("8", "user \"lp\" 7").status == 1);
}

TEST_CASE("query, explain: a call, or an act of several, may be allowed in part") {
  const Scratch scratch;
  scratch.write("web.pol", policy);
  const Outcome call = scratch.polc({"query", "web.pol", "syscall fcntl"});
  CHECK(call.status == 1);
  CHECK(call.out ==
        "in part\n  allowed: syscall fcntl where cmd == 1\n  web.pol:20:3: allow syscall fcntl where cmd == F_GETFD;\n"
        "  not: syscall fcntl\n  no rule names it: outside the policy\n");
  const Outcome explained = scratch.polc({"explain", "web.pol", "syscall fcntl", "--target=seccomp"});
  CHECK(explained.status == 1);
  CHECK(contains(explained.out, "web: allow syscall fcntl where cmd == 1\n"));
  CHECK(contains(explained.out, "web: deny syscall fcntl\n"));
  CHECK(contains(explained.out, "on seccomp: permitted in part by line "));
  scratch.write("some.pol", "language 1;\npolicy some {\n  allow syscall fork;\n}\n");
  CHECK(scratch.polc({"query", "some.pol", "fork"}).out.rfind("in part\n  allowed: syscall fork\n", 0) == 0);
  CHECK(scratch.polc({"query", "some.pol", "thread"}).out.rfind("deny\n", 0) == 0);
  CHECK(scratch.polc({"query", "some.pol", "syscall fork"}).out.rfind("allow\n", 0) == 0);
}

TEST_CASE("query, explain: a question about no access says so") {
  const Scratch scratch;
  scratch.write("web.pol", policy);
  const char* const nothing = "syscall fcntl where cmd == F_GETFD and cmd == F_SETFD";
  CHECK(scratch.polc({"query", "web.pol", nothing}).out == "allow\n  no access is like this, so nothing is asked\n");
  CHECK(scratch.polc({"explain", "web.pol", nothing}).out == "web: no access is like this, so nothing is asked\n");
}

TEST_CASE("explain: what brings an access along, where a rule was used, and the most specific reaction") {
  const Scratch scratch;
  scratch.write("web.pol", policy);
  const auto answer = [&](const char* access) { return scratch.polc({"explain", "web.pol", access}).out; };
  scratch.write("both.pol", "language 1;\npolicy b {\n  allow read tree \"/srv\";\n  deny read \"/srv/key\";\n}\n");
  const std::string both = scratch.polc({"explain", "both.pol", "read \"/srv/key\""}).out;
  CHECK(contains(both, "b: deny read \"/srv/key\"\n  both.pol:4:3: "));
  CHECK(contains(both, "named by, too, without a say:\n  both.pol:3:3: "));
  CHECK(contains(answer("stat \"/etc/hosts\""), "implied by `read \"/etc/hosts\"`"));
  CHECK(contains(answer("create \"/run/web.sock\" type socket"), "implied by `bind unix stream \"/run/web.sock\"`"));
  CHECK(contains(answer("append \"/var/log/web/new\""), "used from web.pol:7:7"));
  CHECK(contains(answer("read \"/etc/passwd\""), "reaction: deny errno ENOENT log\n"));
  CHECK(contains(answer("connect udp 192.0.2.7:53"), "reaction: deny\n"));
  CHECK(contains(answer("syscall ptrace"), "reaction: kill\n"));
  CHECK(contains(answer("syscall getpid"), "reaction: deny\n"));
}

TEST_CASE("explain: a policy as it is in force, and what it brings along") {
  const Scratch scratch;
  scratch.write("web.pol", policy);
  const Outcome outcome = scratch.polc({"explain", "web.pol"});
  CHECK(outcome.status == 0);
  CHECK(outcome.err == "");
  CHECK(outcome.out.rfind("# web on linux x86_64\n", 0) == 0);
  CHECK(contains(outcome.out, "allow append tree \"/var/log/web\";"));
  CHECK(contains(outcome.out, "#   syscall connect\n"));  // by the rule of line 13
  CHECK(contains(outcome.out, "#   read of a path brings stat of it\n"));
  CHECK_FALSE(contains(outcome.out, "use logs"));
}

TEST_CASE("query, explain: what a target makes of it, asked of the artefact and by its line") {
  const Scratch scratch;
  scratch.write("web.pol", "language 1;\npolicy web {\n  program \"/usr/sbin/web\";\n  allow read \"/etc/hosts\";\n}\n");
  const Outcome seccomp = scratch.polc({"query", "web.pol", "read \"/etc/passwd\" type file", "--target=seccomp"});
  CHECK(seccomp.status == 0);  // a filter of calls cannot tell the files apart
  CHECK(seccomp.out.rfind("allow (on seccomp)\n", 0) == 0);
  const Outcome apparmor = scratch.polc({"query", "web.pol", "read \"/etc/passwd\" type file", "--target=apparmor"});
  CHECK(apparmor.status == 1);
  CHECK(apparmor.out.rfind("deny (on apparmor)\n", 0) == 0);
  const Outcome explain = scratch.polc({"explain", "web.pol", "read \"/etc/hosts\"", "--target=apparmor"});
  CHECK(explain.status == 0);
  const auto at = explain.out.find("on apparmor: permitted by line ");
  REQUIRE(at != std::string::npos);
  const int line = std::stoi(explain.out.substr(at + 31));
  std::string artefact = scratch.polc({"web.pol", "--target=apparmor", "--fidelity=none"}).out;
  for (int i = 1; i < line; ++i) artefact.erase(0, artefact.find('\n') + 1);
  CHECK(contains(artefact.substr(0, artefact.find('\n')), "/etc/hosts"));
  CHECK(contains(explain.out, ": \"/etc/hosts"));
  CHECK(contains(explain.out, "  brings along `stat \"/etc/hosts\"`\n"));
  CHECK(contains(explain.out, "  is done by `syscall openat where "));
  const Outcome elsewhere = scratch.polc({"explain", "web.pol", "read \"/etc/passwd\" type file", "--target=apparmor,seccomp"});
  CHECK(contains(elsewhere.out, "on apparmor: refused: no line permits it\n"));
  CHECK(contains(elsewhere.out, "on seccomp: permitted, by its ways:\n    permitted syscall open where flags & 3 in "));
  CHECK(contains(elsewhere.out, "    refused   syscall openat2\n"));
  CHECK(contains(scratch.polc({"explain", "web.pol", "syscall openat", "--target=seccomp"}).out, "permitted in part by line "));
}

TEST_CASE("query: asked with a witness of the ledger, it answers as the verdict says") {
  const Scratch scratch;
  std::size_t asked = 0;
  for (const auto& [file, target] : {std::pair("/policies/howto/tor.pol", "grsecurity"), std::pair("/policies/nginx.pol", "apparmor")}) {
    const std::string policy_file = std::string(POLC_SOURCE_DIR) + file, on = std::string("--target=") + target;
    const auto ledger = nlohmann::json::parse(scratch.polc({"fidelity", policy_file, on, "--format=json"}).out);
    std::map<std::string, std::string> verdicts;  // by witness
    for (const auto& rule : ledger.at("ledgers").at(0).at("rules"))
      for (const auto& finding : rule.at("targets").at(0).value("findings", nlohmann::json::array()))
        verdicts[finding.at("witness")] = finding.at("verdict");
    for (const auto& [witness, verdict] : verdicts) {
      CAPTURE(witness);
      CHECK(scratch.polc({"query", policy_file, witness, on}).status == (verdict == "narrower" ? 1 : 0));
      ++asked;
    }
  }
  CHECK(asked > 10);
}

TEST_CASE("query, explain: several policies are answered by name, and one that is not there is an error") {
  const Scratch scratch;
  scratch.write("two.pol", "language 1;\npolicy a {\n  allow read \"/srv\";\n}\npolicy b {\n}\n");
  const Outcome both = scratch.polc({"query", "two.pol", "read \"/srv\""});
  CHECK(both.status == 1);
  CHECK(contains(both.out, "a: allow\n"));
  CHECK(contains(both.out, "b: deny\n"));
  CHECK(scratch.polc({"query", "two.pol", "read \"/srv\"", "--policy=a"}).status == 0);
  for (const char* verb : {"query", "explain"}) {
    const Outcome missing = scratch.polc({verb, "two.pol", "read \"/srv\"", "--policy=c"});
    CHECK(missing.status == 2);
    CHECK(missing.out == "");
    CHECK(contains(missing.err, "[P9008]"));
    const Outcome target = scratch.polc({verb, "two.pol", "read \"/srv\"", "--target=no_such"});
    CHECK(target.status == 2);
    CHECK(target.out == "");
  }
}

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
