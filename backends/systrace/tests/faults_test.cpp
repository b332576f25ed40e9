// Texts and policies of which polc once said something false.
#include <doctest/doctest.h>

#include <algorithm>

#include "eval/certain.hpp"
#include "eval/compare.hpp"
#include "systrace/systrace.hpp"
#include "testing.hpp"

using namespace polc;
using namespace polc::systrace::testing;
using ir::Verdict;

namespace {

ir::Policy with_raw(ir::Policy made, std::string text) {
  made.raws.push_back({"systrace", std::move(text), {}, {}});
  return made;
}

/// What the raw text does to the policy.
const target::RawFinding* find_raw(const target::Enforced& made, target::RawFinding::Kind kind) {
  const auto& all = made.outcome.raw_findings;
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.kind == kind; });
  return found == all.end() ? nullptr : &*found;
}

const target::Finding* find(const target::Outcome& result, Verdict verdict) {
  const auto found = std::find_if(result.findings.begin(), result.findings.end(), [&](const auto& one) { return one.verdict == verdict; });
  return found == result.findings.end() ? nullptr : &*found;
}

bool allows(const target::Enforced& made, const ir::Point& point) { return eval::decide(made.reading->permits, point).allowed; }

bool differ(const target::Reading& a, const target::Reading& b) {
  const eval::Meaning one = eval::at_most(a.permits), other = eval::at_most(b.permits);
  const eval::Meaning sure_one = eval::at_least(a.permits), sure_other = eval::at_least(b.permits);
  for (const auto& [x, y] : {std::pair(&one, &other), {&other, &one}, {&sure_one, &sure_other}, {&sure_other, &sure_one}}) {
    const eval::Meaning* const sides[] = {x, y};
    sets::Budget budget;
    if (eval::find_access(sides, {.in = eval::side(0), .out = eval::side(1)}, budget)) return true;
  }
  return false;
}

ir::Point exec(std::string path, ir::Successor successor) {
  ir::FilePoint point;
  point.verb = FileVerb::exec;
  point.path = std::move(path);
  point.successor = std::move(successor);
  return point;
}

ir::NetBox sockets(NetVerbs verbs, std::string_view path) {
  ir::NetBox box;
  box.verbs = verbs;
  box.family = Family::unix_family;
  box.any_unix_address = false;
  box.paths = paths(path);
  return box;
}

const ir::Successor to_helper{ir::Successor::Kind::policy, "helper"}, to_nobody{ir::Successor::Kind::policy, "nobody names it"};

}  // namespace

TEST_CASE("an exec by `eq` is one in any case of letters") {
  ir::FileBox helper = file({FileVerb::exec}, "/usr/bin/h");
  helper.successors = {to_helper};
  const auto made = enforced(policy({allow({helper})}), settings("howto"));
  CHECK(allows(made, exec("/usr/bin/H", to_helper)));
  CHECK(!allows(made, exec("/usr/bin/H", {})));
  CHECK(find(made.outcome, Verdict::wider) != nullptr);
}

TEST_CASE("a bare permit of execve goes on under any policy, whether anybody names it or not") {
  const auto one = reading("native-execve: filename eq \"/1\" then permit\n"), all = reading("native-execve: permit\n");
  CHECK(eval::decide(all.permits, exec("/2", to_nobody)).allowed);
  CHECK(!eval::decide(all.permits, exec("/2", {})).allowed);
  CHECK(!eval::decide(all.permits, exec("/2", {ir::Successor::Kind::unconfined, ""})).allowed);
  CHECK(differ(one, all));
  const auto both = reading("native-execve: filename eq \"/1\" then permit[inherit]\nnative-execve: filename re \"^/.+$\" then permit\n");
  CHECK(eval::decide(both.permits, exec("/1", {})).allowed);
  CHECK(!eval::decide(both.permits, exec("/1", to_nobody)).allowed);
  CHECK(eval::decide(both.permits, exec("/2", to_nobody)).allowed);
}

TEST_CASE("raw text with a regular expression that is not anchored opens what it takes") {
  const auto chmod = policy({allow({file({FileVerb::chmod}, "/a/b")})});
  const auto tail = enforced(with_raw(chmod, "native-chmod: filename re \"/a/b$\" then permit"), settings("exact"));
  const auto* opens = find_raw(tail, target::RawFinding::Kind::opens);
  REQUIRE(opens != nullptr);
  CHECK(std::get<ir::FilePoint>(*opens->witness).verb == FileVerb::chmod);
  CHECK(std::get<ir::FilePoint>(*opens->witness).path.ends_with("/a/b"));
  CHECK(tail.reading->unknown.empty());
  const auto conf = enforced(with_raw(chmod, "native-open: filename re \"[.]conf$\" and oflags eq \"ro\" then permit"), settings("exact"));
  REQUIRE(find_raw(conf, target::RawFinding::Kind::opens) != nullptr);
  CHECK(allows(conf, on(FileVerb::read, "/x.conf")));
  CHECK(!allows(conf, on(FileVerb::read, "/x.con")));
  CHECK(!allows(conf, on(FileVerb::write, "/x.conf")));
}

TEST_CASE("raw text by `ask` leaves the call to its alias") {
  const auto made = enforced(with_raw(policy({}), "native-open: true then ask\nnative-fswrite: true then permit"), settings("exact"));
  REQUIRE(find_raw(made, target::RawFinding::Kind::opens) != nullptr);
  CHECK(allows(made, on(FileVerb::write, "/a")));
  CHECK(!allows(made, on(FileVerb::read, "/a", FileType::dir)));
}

TEST_CASE("raw text by classes of match, and inpath") {
  const std::string classes = "native-unlink: filename match \"/a/[[:alpha:]]\" then permit";
  CHECK(allows(enforced(with_raw(policy({}), classes), settings("exact", "2010")), on(FileVerb::remove, "/a/b")));
  const auto old = enforced(with_raw(policy({}), classes), settings("exact", "2006"));
  CHECK(allows(old, on(FileVerb::remove, "/a/:]")));
  CHECK(!allows(old, on(FileVerb::remove, "/a/b")));
  const auto none = reading("native-unlink: filename inpath \"\" then permit\n");
  CHECK(eval::decide(none.permits, on(FileVerb::remove, "/")).allowed);
  CHECK(!eval::decide(none.permits, on(FileVerb::remove, "/a")).allowed);
}

TEST_CASE("raw text that refuses what the policy allows closes it") {
  const auto made = enforced(with_raw(policy({allow({file({FileVerb::read}, "/zzz")})}), "native-open: ( true ) -> deny[eperm]"), settings("exact"));
  // It stands behind what permits /zzz, so it takes nothing.
  CHECK(find_raw(made, target::RawFinding::Kind::closes) == nullptr);
  const auto bare = enforced(with_raw(policy({allow({file({FileVerb::read}, "/zzz")})}), "native-open: deny"), settings("exact"));
  CHECK(find_raw(bare, target::RawFinding::Kind::closes) != nullptr);
}

TEST_CASE("verify's comparison sees accounts by number or name, and ports of whatever") {
  const auto both = reading("native-setuid: uid eq \"1001\" and uname eq \"_tor\" then permit\n");
  CHECK(differ(both, reading("native-setuid: uid eq \"1001\" or uname eq \"_tor\" then permit\n")));
  CHECK(differ(reading("native-connect: sockaddr re \"inet-.*:9$\" then permit\n"), reading("native-connect: sockaddr re \".*:9$\" then permit\n")));
  CHECK(!differ(both, both));
}

TEST_CASE("a deny of a unix socket is not walked round by another spelling") {
  const auto made = enforced(policy({allow({sockets({NetVerb::connect}, "/run/**")}), deny({sockets({NetVerb::connect}, "/run/secret.sock")})}), settings("exact"));
  CHECK(made.outcome.findings.empty());
  CHECK(allows(made, socket_point(NetVerb::connect, "/run/a/b.sock")));
  CHECK(!allows(made, socket_point(NetVerb::connect, "/run/secret.sock")));
  // What takes any text takes every spelling of every socket.
  const auto loose = reading("native-connect: sockaddr re \"^/run/secret$\" then deny\nnative-connect: sockaddr re \"^/run/.+$\" then permit\n");
  CHECK(eval::decide(loose.permits, socket_point(NetVerb::connect, "/run/secret")).allowed);
  CHECK(!eval::surely_allows(loose.permits, socket_point(NetVerb::connect, "/run/secret")));
  CHECK(eval::surely_allows(loose.permits, socket_point(NetVerb::connect, "/run/x")));
}

TEST_CASE("the *at calls of 2015 have aliases, too") {
  const auto write = policy({allow({file({FileVerb::write}, "/a", true)}), deny({std::get<ir::CallBox>(calls({"unlink"}).boxes[0])})});
  CHECK(allows(enforced(write, settings("howto", "2015")), on(FileVerb::remove, "/a/x")));
  CHECK(!allows(enforced(write, settings("howto", "2010")), on(FileVerb::remove, "/a/x")));
}

TEST_CASE("a rule may be wider and narrower at once, and is told as both") {
  ir::FileBox made = file({FileVerb::create}, "/srv/data/sub/log");
  const auto result = enforced(policy({allow({made, file({FileVerb::write}, "/srv/data/sub/log")})}), settings("howto", "2003")).outcome;
  CHECK(find(result, Verdict::wider) != nullptr);
  CHECK(find(result, Verdict::narrower) != nullptr);
}

TEST_CASE("origins: each line has one, and one that is no comment says why it is there") {
  for (const char* style : {"exact", "howto"}) {
    const auto made = enforced(with_raw(howto_policy(), "native-write: permit"), settings(style, "2006", "enoent")).printed;
    std::vector<std::string> all;
    for (std::size_t at = 0; at < made.text.size(); at = made.text.find('\n', at) + 1) all.push_back(made.text.substr(at, made.text.find('\n', at) - at));
    REQUIRE(all.size() == made.origins.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      const target::Origin& origin = made.origins[i];
      const bool is_told = origin.kind != target::Origin::Kind::fixed || !origin.why.empty();
      CHECK_MESSAGE((all[i].empty() || all[i][0] == '#') != is_told, all[i]);
      CHECK_MESSAGE((origin.kind != target::Origin::Kind::rules || !origin.from.empty()), all[i]);
    }
  }
}
