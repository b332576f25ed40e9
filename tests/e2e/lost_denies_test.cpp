// A deny that the targets lose is an error of its own: acceptance of one says nothing of an equal one, whatever the class of
// accesses, the order of the rules and the number of targets.
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "polc_process.hpp"

using e2e::Outcome;
using e2e::Scratch;

namespace {

// Of three equal denies, each lost by each of the sets of targets.
struct Case {
  std::string_view allowed;
  std::vector<std::string> denied;
  std::vector<std::string> sets;
};

const std::vector<Case> cases{
    {"allow read \"/srv/**\";", {"deny read \"/srv/a\";", "deny read \"/srv/b\";", "deny read \"/srv/c\";"}, {"seccomp", "seccomp,systemd"}},
    {"allow rename \"/srv/**\";",
     {"deny rename \"/srv/a\" -> \"/srv/x\";", "deny rename \"/srv/b\" -> \"/srv/x\";", "deny rename \"/srv/a\" -> \"/srv/y\";"},
     {"seccomp", "seccomp,systemd"}},
    {"allow connect unix \"/run/**\";",
     {"deny connect unix \"/run/a\";", "deny connect unix \"/run/b\";", "deny connect unix \"/run/c\";"},
     {"seccomp", "seccomp,systemd"}},
    {"allow connect unix abstract \"*\";",
     {"deny connect unix abstract \"a\";", "deny connect unix abstract \"b\";", "deny connect unix abstract \"c\";"},
     {"seccomp", "seccomp,systemd"}},
    {"allow connect tcp any4;",
     {"deny connect tcp 10.0.0.1:80;", "deny connect tcp 10.0.0.2:80;", "deny connect tcp 10.0.0.1:81;"},
     {"seccomp", "seccomp,apparmor"}},
    {"allow connect tcp any6;",
     {"deny connect tcp [2001:db8::1]:80;", "deny connect tcp [2001:db8::2]:80;", "deny connect tcp [2001:db8::1]:81;"},
     {"seccomp", "seccomp,apparmor"}},
    {"allow syscall getpid;", {"deny syscall personality;", "deny syscall sysinfo;", "deny syscall uname;"}, {"apparmor", "apparmor,grsecurity"}},
    {"allow syscall fcntl;",
     {"deny syscall fcntl where cmd == F_SETFL;", "deny syscall fcntl where cmd == F_GETFL;", "deny syscall fcntl where cmd == F_GETFD;"},
     {"apparmor", "systemd"}},
    {"allow capability any;",
     {"deny capability net_raw;", "deny capability net_admin;", "deny capability sys_time;"},
     {"seccomp"}},
    {"allow setuid any;", {"deny setuid 1;", "deny setuid 2;", "deny setuid 3;"}, {"apparmor", "apparmor,systemd"}},
    {"allow signal any to any;", {"deny signal term to any;", "deny signal hup to any;", "deny signal usr1 to any;"}, {"systemd", "grsecurity,systemd"}},
    {"allow signal any to any;", {"deny signal term to self;", "deny signal term to children;", "deny signal hup to self;"}, {"seccomp"}},
    {"allow ptrace any to any;", {"deny ptrace read to self;", "deny ptrace read to children;", "deny ptrace trace to self;"}, {"seccomp", "seccomp,systemd"}},
};

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

// Whatever the verdict is called there.
std::string acceptances(const std::string& set) {
  std::string text;
  for (std::size_t at = 0; at < set.size();) {
    const std::size_t end = std::min(set.find(',', at), set.size());
    for (const char* const verdict : {"wider", "unmediated"})
      text += "@accept(" + std::string(verdict) + ": " + set.substr(at, end - at) + ", \"x\") ";
    at = end + 1;
  }
  return text;
}

}  // namespace

TEST_CASE("each lost deny is an error of its own, whichever of them is accepted") {
  const Scratch scratch;
  for (const Case& one : cases)
    for (const std::string& set : one.sets)
      for (std::size_t denies = 2; denies <= one.denied.size(); ++denies)
        for (std::size_t accepted = 0; accepted < denies; ++accepted) {
          std::string policy = "language 1;\npolicy p {\nprogram \"/usr/bin/p\";\n" + std::string(one.allowed) + "\n";
          for (std::size_t i = 0; i < denies; ++i) policy += (i == accepted ? acceptances(set) : "") + one.denied[i] + "\n";
          scratch.write("p.pol", policy + "}\n");
          const Outcome outcome = scratch.polc({"p.pol", "--target=" + set, "--fidelity=none", "-o", "out/"});
          CAPTURE(policy);
          CAPTURE(set);
          CAPTURE(outcome.err);
          CHECK(outcome.status == 1);
          CHECK(outcome.out == "");
          CHECK(!std::filesystem::exists(scratch.path("out")));
          for (std::size_t i = 0; i < denies; ++i)
            CHECK(count(outcome.err, "p.pol:" + std::to_string(5 + i) + ":1: error: ") == (i == accepted ? 0 : 1));
          CHECK(count(outcome.err, "[P5001]") == denies - 1);
        }
}
