// query and explain: is this allowed, by which rule, and what happens otherwise?
#include <map>
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

TEST_CASE("query: what is allowed in part is neither answer, and both sides are shown") {
  const Scratch scratch;
  scratch.write("web.pol", policy);
  const struct {
    const char *access, *allowed, *refused;
  } parts[] = {
      {"capability net_bind_service, sys_admin", "allowed: capability net_bind_service\n", "not: capability sys_admin\n"},
      {"append \"/var/**\"", "allowed: append \"/var/log/web", "not: append \"/var/"},
      {"read, write \"/etc/hosts\"", "allowed: read \"/etc/hosts\"\n", "not: write \"/etc/hosts\"\n"},
      {"connect tcp 192.0.2.0/16:443", "allowed: connect tcp 192.0.2.", "not: connect tcp 192.0."},
      {"connect tcp 192.0.2.1:1-100", "allowed: connect tcp 192.0.2.1:80\n", "not: connect tcp 192.0.2.1:"},
      {"syscall fcntl", "allowed: syscall fcntl where cmd == F_GETFD\n", "not: syscall fcntl\n"},
  };
  for (const auto& part : parts) {
    CAPTURE(part.access);
    const Outcome query = scratch.polc({"query", "web.pol", part.access});
    CAPTURE(query.out);
    CHECK(query.status == 1);
    CHECK(query.out.starts_with("in part\n"));
    CHECK(contains(query.out, part.allowed));
    CHECK(contains(query.out, part.refused));
  }
}

TEST_CASE("query: without a type the verb's usual object is meant, and another one that is allowed is named") {
  const Scratch scratch;
  scratch.write("web.pol",
                "language 1;\n"
                "policy web {\n"
                "  allow read \"/etc/hosts\";\n"
                "  allow read \"/dev/urandom\" type chardev;\n"
                "  allow chdir \"/srv\" type dir;\n"
                "}\n");
  const auto asked = [&](const char* access, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"query", "web.pol", access};
    words.insert(words.end(), more.begin(), more.end());
    return scratch.polc(words);
  };
  // A symbolic link's text is not looked at by AppArmor; whoever asks for the file does not ask for that.
  const Outcome shadow = asked("read \"/etc/shadow\"", {"--target=apparmor"});
  CHECK(shadow.status == 1);
  CHECK(shadow.out.starts_with("deny (on apparmor)\n  read \"/etc/shadow\"\n"));
  CHECK(contains(shadow.out, "but allowed: read \"/etc/shadow\" type symlink\n"));
  CHECK(asked("read \"/etc/hosts\"", {"--target=apparmor"}).status == 0);
  CHECK(asked("read \"/dev/urandom\"").status == 1);
  CHECK(contains(asked("read \"/dev/urandom\"").out, "but allowed: read \"/dev/urandom\" type chardev\n"));
  CHECK(asked("read \"/dev/urandom\" type chardev").status == 0);
  CHECK(asked("chdir \"/srv\"").status == 0);
}

TEST_CASE("query: names that reorder or hide the text around them are shown as escapes") {
  const Scratch scratch;
  scratch.write("web.pol", "language 1;\npolicy web {\n  allow read \"/srv/\u202Egpj.exe\", \"/srv/a\u200Bb\";\n}\n");
  const Outcome query = scratch.polc({"query", "web.pol", "read \"/srv/\u202Egpj.exe\""});
  CHECK(query.status == 0);
  CHECK(contains(query.out, "read \"/srv/\\u{202E}gpj.exe\""));
  for (const std::vector<std::string>& words : {std::vector<std::string>{"query", "web.pol", "read \"/srv/a\u200Bb\""},
                                                {"explain", "web.pol"},
                                                {"fidelity", "web.pol", "--target=seccomp,apparmor", "--format=json"},
                                                {"fidelity", "web.pol", "--target=seccomp,apparmor"},
                                                {"test", "web.pol", "--coverage"}}) {
    const Outcome outcome = scratch.polc(words);
    CAPTURE(words.front());
    CAPTURE(outcome.out);
    CHECK(outcome.status == 0);
    CHECK(contains(outcome.out, "\\u{"));
    CHECK_FALSE(contains(outcome.out, "\u202E"));
    CHECK_FALSE(contains(outcome.out, "\u200B"));
  }
}

TEST_CASE("query: a socket that only its numbers tell from others is asked about by them") {
  const Scratch scratch;
  scratch.write("web.pol", policy);
  const auto asked = [&](const char* access) { return scratch.polc({"query", "web.pol", access}); };
  CHECK(asked("connect tcp 192.0.2.7:80").status == 0);
  CHECK(asked("connect inet stream protocol 6 192.0.2.7:80").status == 0);
  CHECK(asked("connect inet6 stream protocol 6 192.0.2.7:80").status == 1);  // ::ffff:192.0.2.7, which the rule does not name
  CHECK(asked("connect inet stream protocol 33 192.0.2.7:80").status == 1);
  CHECK(asked("connect netlink raw protocol 0").status == 1);
  CHECK(contains(asked("connect ipx stream protocol 33 192.0.2.7:80").err, "unexpected `ipx`; expected `inet`, `inet6` or `netlink`"));
  CHECK(asked("connect inet stream number 33").status == 2);
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
        "in part\n  allowed: syscall fcntl where cmd == F_GETFD\n  web.pol:20:3: allow syscall fcntl where cmd == F_GETFD;\n"
        "  not: syscall fcntl\n  no rule names it: outside the policy\n");
  const Outcome explained = scratch.polc({"explain", "web.pol", "syscall fcntl", "--target=seccomp"});
  CHECK(explained.status == 1);
  CHECK(contains(explained.out, "web: allow syscall fcntl where cmd == F_GETFD\n"));
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
