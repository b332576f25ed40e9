#include "evidence.hpp"

#include "diag/catalogue.hpp"
#include "learn/marks.hpp"
#include "driver/embedded.hpp"

using namespace polc;
using namespace polc::driver_test;

namespace {

std::string policy(const std::vector<Given>& events, const std::vector<std::pair<std::string, std::string>>& facts = {}) {
  return learned(evidence_of(events, facts)).policy;
}

std::vector<Given> names(const std::string& before, const std::vector<std::string>& middles, const std::string& after) {
  std::vector<Given> events;
  for (const std::string& middle : middles) events.push_back({before + middle + after});
  return events;
}

}  // namespace

TEST_CASE("learn: what happened is allowed where it was seen, and fenced") {
  const std::string text = policy({{R"(read "/opt/demo/conf")"}, {R"(write "/opt/demo/log")"}, {"connect tcp 192.0.2.1:443"}, {"fork"}});
  CHECK(has(text, "@learned(\"demo.strace:1 (1 time, 1 of 1 runs)\")\n  allow read \"/opt/demo/conf\";"));
  CHECK(has(text, "allow write \"/opt/demo/log\" type file;"));  // what was opened for writing is a file
  CHECK(has(text, "allow connect tcp 192.0.2.1:443;"));
  CHECK(has(text, "    allow read \"/opt/demo/conf\";\n"));
  CHECK(has(text, "    deny  write, create \"/etc/**\";\n"));
  CHECK(has(text, "program \"/usr/bin/demo\";"));
}

TEST_CASE("learn: what moves and links a name is one rule") {
  const std::string text = policy({{R"(rename "/srv/a" -> "/srv/b")"}, {R"(link "/srv/c" -> "/srv/d")"}});
  for (const std::string rule : {R"(  allow rename "/srv/a" -> "/srv/b";)", R"(  allow link "/srv/c" -> "/srv/d";)"}) {
    const std::size_t first = text.find("\n" + rule);
    REQUIRE(first != text.npos);
    CHECK(text.find("\n" + rule, first + 1) == text.npos);
  }
  CHECK(!has(text, "# processes"));
}

TEST_CASE("learn: failures are questions") {
  const std::string text = policy({{R"(read "/opt/a")", failed("ENOENT", "openat")},
                                   {R"(mkdir "/opt/b" mode 0755)", failed("EEXIST", "mkdir")},
                                   {R"(delete "/opt/c")", failed("ENOENT", "unlink")},
                                   {R"(create "/opt/c" type file mode 0644)"},
                                   {R"(delete "/opt/d")", failed("ENOENT", "unlink")},
                                   {"connect tcp 192.0.2.1:25", failed("ECONNREFUSED", "connect")},
                                   {"syscall kill where sig == 0", failed("ESRCH", "kill")},
                                   {R"(connect unix stream "/run/nscd/socket")", failed("ENOENT", "socket")}});
  CHECK(!has(text, "/opt/a"));                       // it may exist elsewhere: no rule, no expectation
  CHECK(has(text, "allow create \"/opt/b\" type dir mode 0755;"));
  CHECK(has(text, "allow create, delete \"/opt/c\""));  // stale at the next start
  CHECK(!has(text, "/opt/d"));
  CHECK(has(text, "allow connect tcp 192.0.2.1:25;"));
  CHECK(has(text, "default deny errno ESRCH for kill;"));
  CHECK(!has(text, "nscd"));
}

TEST_CASE("learn: the call of a probe does not kill") {
  CHECK(has(policy({{"fork"}, {R"(connect unix stream "/run/nscd/socket")", failed("ENOENT", "socket")}}), "default deny errno EACCES for socket;"));
}

TEST_CASE("learn: a socket that only probes used does not kill where another kind is allowed") {
  const std::vector<Given> events{{"connect tcp 192.0.2.1:25"}, {R"(connect unix stream "/run/nscd/socket")", failed("ENOENT", "socket")}};
  CHECK(has(policy(events), "default deny errno EACCES for socket;"));
  std::vector<Given> both = events;
  both.push_back({R"(connect unix stream "/run/other")"});
  CHECK(!has(policy(both), "for socket;"));
}

TEST_CASE("learn: numbered names, extensions and sisters become patterns, and the report says what that adds") {
  const auto numbered = learned(evidence_of(names(R"(read "/srv/demo/part-)", {"1", "22", "333"}, R"(.db")")));
  CHECK(has(numbered.policy, "G3 of 3 names)\")\n  allow read \"/srv/demo/part-[0-9]*.db\";") );
  CHECK(has(numbered.report, "G3 of 3: read \"/srv/demo/part-[0-9]*.db\": adds all else of that form"));
  CHECK(has(policy(names(R"(read "/srv/demo/)", {"a", "b", "c", "d"}, R"(.png")")), "allow read \"/srv/demo/*.png\";"));
  std::vector<Given> sisters;
  for (const char* directory : {"x", "y", "z"})
    for (const Given& event : names(std::string("read \"/srv/demo/") + directory + "/", {"a", "b", "c"}, ".png\"")) sisters.push_back(event);
  CHECK(has(policy(sisters), "allow read \"/srv/demo/**/*.png\";"));
}

TEST_CASE("learn: below the thresholds, across the borders and where lint would ask nothing is widened") {
  CHECK(!has(policy(names(R"(read "/srv/demo/part-)", {"1", "22"}, R"(.db")")), "[0-9]"));
  CHECK(!has(policy(names(R"(read "/srv/demo/)", {"a", "b", "c"}, R"(.png")")), "*.png"));
  CHECK(!has(policy(names(R"(read "/etc/demo/)", {"a", "b", "c", "d"}, R"(.conf")")), "*.conf"));
  CHECK(!has(policy(names(R"(read "/home/u/)", {"a", "b", "c", "d"}, R"(.txt")")), "*.txt"));
  CHECK(!has(policy(names(R"(read "/srv/)", {"a", "b", "c", "d"}, R"(.txt")")), "*.txt"));
  CHECK(!has(policy(names(R"(read "/var/log/demo/)", {"a", "b", "c", "d"}, R"(.log")")), "*.log"));
  CHECK(!has(policy(names(R"(write "/srv/demo/)", {"a", "b", "c", "d"}, R"(.png")")), "*.png"));
  CHECK(!has(policy(names(R"(exec "/srv/demo/tool)", {"1", "2", "3", "4"}, R"(")")), "[0-9]"));
}

TEST_CASE("learn: a directory that the program keeps") {
  const std::vector<Given> events{{R"(create "/var/lib/demo/a" type file mode 0644)"}, {R"(write "/var/lib/demo/a")"}, {R"(rename "/var/lib/demo/a" -> "/var/lib/demo/b")"}, {R"(delete "/var/lib/demo/b")"}};
  CHECK(has(policy(events), "private_directory(\"/var/lib/demo\")"));
  CHECK(!has(policy(events), "\n  allow create"));  // but for the expectations, which stand deeper
  driver::LearnRequest request;
  request.off = {"G2"};
  CHECK(!has(learned(evidence_of(events), request).policy, "private_directory"));
  request.exact = true;
  CHECK(has(learned(evidence_of(events), request).policy, "allow rename \"/var/lib/demo/a\" -> \"/var/lib/demo/b\";"));
}

TEST_CASE("learn: libraries outside the system's folders, where root owns the folder") {
  const std::vector<Given> events{{R"(read "/opt/demo/lib/libx.so.1.2")"}, {R"(map "/opt/demo/lib/libx.so.1.2")"}};
  CHECK(has(policy(events, {{"owner", R"("/opt/demo/lib" "root")"}}), "\"/opt/demo/lib/libx*.so*\""));
  CHECK(!has(policy(events), "libx*"));
  CHECK(!has(policy(events, {{"owner", R"("/opt/demo/lib" self)"}}), "libx*"));
}

TEST_CASE("learn: peers of one service are a network, never private with public") {
  const auto peers = [](const std::string& network, unsigned first, unsigned count) {
    std::vector<Given> events;
    for (unsigned i = 0; i < count; ++i) events.push_back({"connect tcp " + network + std::to_string(first + i) + ":443"});
    return events;
  };
  CHECK(has(policy(peers("192.0.2.", 8, 5)), "allow connect tcp 192.0.2.8/29:443;"));
  CHECK(!has(policy(peers("192.0.2.", 8, 4)), "/29"));
  std::vector<Given> both = peers("10.0.0.", 1, 3);
  for (const Given& one : peers("192.0.2.", 1, 3)) both.push_back(one);
  CHECK(!has(policy(both), "/"  "30:443"));
  CHECK(has(policy({{"connect tcp 192.0.2.1:40001"}, {"connect tcp 192.0.2.1:40002"}, {"connect tcp 192.0.2.1:50003"}}), "allow connect tcp 192.0.2.1:32768-60999;"));
}

TEST_CASE("learn: values of arguments, and when there are too many") {
  CHECK(has(policy({{"syscall fcntl where cmd == F_GETFL"}, {"syscall fcntl where cmd == F_SETFL"}}), "allow syscall fcntl where cmd in { F_GETFL, F_SETFL };"));
  std::vector<Given> many, dangerous;
  for (unsigned i = 0; i < 17; ++i) many.push_back({"syscall madvise where advice == " + std::to_string(i)}), dangerous.push_back({"syscall ioctl where request == " + std::to_string(0x7000 + i)});
  CHECK(has(policy(many), "allow syscall madvise;"));
  CHECK(has(policy(dangerous), "allow syscall ioctl where request in {"));  // all requests would hold TIOCSTI
}

TEST_CASE("learn: programs that are executed have policies of their own, or none with --inline") {
  const std::vector<Given> events{{R"(exec "/usr/bin/cat")"}, {"fork"}, {"syscall getpid"}, {"syscall getpid", {}, "/usr/bin/cat"}, {R"(read "/srv/x")", {}, "/usr/bin/cat"}};
  const std::string text = policy(events);
  CHECK(has(text, "allow exec \"/usr/bin/cat\" -> cat;"));
  CHECK(has(text, "policy cat {"));
  driver::LearnRequest request;
  request.inlines = true;
  const std::string together = learned(evidence_of(events), request).policy;
  CHECK(!has(together, "policy cat"));
  CHECK(has(together, "allow read \"/srv/x\";"));
}

TEST_CASE("learn: a child that needs calls which its caller's filter refuses is told") {
  diag::SourceMap sources;
  diag::Sink sink;
  const auto evidence = evidence_of({{R"(exec "/usr/bin/cat")"}, {"syscall getpid", {}, "/usr/bin/cat"}});
  CHECK(!driver::learn_policy(evidence, {}, backends::all(), sources, sink));
  REQUIRE(!sink.all().empty());
  CHECK(sink.all().front().id == diag::child_needs_more.id);
  CHECK(has(sink.all().front().message, "getpid"));
}

TEST_CASE("learn: what nobody can learn from is told") {
  const auto refusal = [](const learn::Evidence& evidence) {
    diag::SourceMap sources;
    diag::Sink sink;
    CHECK(!driver::learn_policy(evidence, {}, backends::all(), sources, sink));
    REQUIRE(!sink.all().empty());
    return sink.all().front().id;
  };
  CHECK(refusal({}) == diag::nothing_to_learn.id);
  CHECK(refusal(evidence_of({{"fork", {}, ""}})) == diag::nothing_to_learn.id);
  CHECK(refusal(evidence_of({{"gargle \"/x\""}})) == diag::no_access_in_evidence.id);
}

TEST_CASE("learn: names that are no words of the language") {
  CHECK(learn::policy_name("/usr/bin/systemd-resolved") == "systemd_resolved");
  CHECK(learn::policy_name("/usr/bin/7z") == "p_7z");
  CHECK(learn::policy_name("/usr/bin/self") == "self_");
  CHECK(has(policy({{"fork", {}, "/opt/odd \"name\"*/x"}}), R"(program "/opt/odd \"name\"\*/x";)"));
}

TEST_CASE("marks: there is a row for every abstraction of the library, and none besides") {
  std::set<std::string> in_table, in_library;
  for (const learn::Mark& mark : learn::marks()) in_table.emplace(mark.abstraction);
  for (const driver::EmbeddedFile& file : driver::standard_library())
    for (std::size_t at = file.text.find("\nabstraction "); at != file.text.npos; at = file.text.find("\nabstraction ", at + 1)) {
      const std::size_t begin = at + 13;
      in_library.emplace(file.text.substr(begin, file.text.find_first_of(" (", begin) - begin));
    }
  CHECK(in_table == in_library);
}
