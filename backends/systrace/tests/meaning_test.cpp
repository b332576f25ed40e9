// The set that the reader makes of a text against a second opinion that decides one access after the other (pointwise.hpp), on
// drawn texts and on the how-to's.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "eval/meaning.hpp"
#include "pointwise.hpp"
#include "testing.hpp"

using namespace polc;
using namespace polc::systrace::testing;
namespace syntax = polc::systrace::syntax;

namespace {

class Texts {
 public:
  explicit Texts(unsigned seed) : random_(seed) {}

  std::string text() {
    std::string text;
    for (unsigned i = 1 + pick(7); i > 0; --i) text += rule() + "\n";
    return text;
  }

 private:
  unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }
  template <std::size_t n>
  std::string one(const char* const (&choices)[n]) {
    return choices[pick(n)];
  }

  std::string rule() {
    switch (pick(8)) {
      case 0: return "native-" + one({"stat", "open", "chdir", "rename", "connect", "setuid", "read", "listen", "execve"}) + ": " + one({"permit", "deny", "deny[enoent]"});
      case 1: return "native-" + one({"connect", "bind", "sendto"}) + ": sockaddr " + address_test() + " then " + action();
      case 2: return "native-setuid: " + one({"uid eq \"7\"", "uname eq \"lp\"", "( uid eq \"7\" ) and ( uname eq \"lp\" )", "( uid eq \"7\" ) or ( uname eq \"bin\" )", "true"}) + " then " + action();
      case 3: return "native-" + one({"rename", "link"}) + ": ( filename " + path_test() + " ) and ( filename[1] " + path_test() + " ) then " + action();
      case 4: return "native-execve: filename " + path_test() + " then " + one({"permit", "permit[inherit]", "permit[detach]", "deny", "ask"});
      case 5: return "native-open: ( filename " + path_test() + " ) and ( oflags " + one({"re \"^ro\"", "sub \"c\"", "eq \"ro\"", "re \"^(wo|rw)n?a?c?t?$\""}) + " ) then " + action();
      default: return "native-" + one({"fsread", "fswrite", "open", "stat", "lstat", "access", "unlink", "mkdir", "chmod", "chdir", "truncate"}) + ": filename " + path_test() + " then " + action();
    }
  }
  std::string action() { return one({"permit", "permit", "permit", "deny", "deny[enoent]", "ask"}); }
  std::string path_test() {
    return one({"eq \"/a\"", "eq \"/A/b\"", "match \"/a\"", "match \"/a/*\"", "match \"/a/?\"", "re \"^/a/.+$\"", "re \"^/a/[^/]+$\"", "re \"b$\"", "sub \"/b\"",
                "nsub \"a\"", "neq \"/a/b\"", "inpath \"/a/b\"", "re \"^/(a|b)\"", "re \"^/a(/.+)?/c$\"", "re \".\""});
  }
  std::string address_test() {
    return one({"eq \"inet-[10.0.0.1]:80\"", "match \"inet-*:80\"", "re \"^inet-\\\\[[0-9.]+\\\\]:80$\"", "re \"^inet-\\\\[10\\\\.0\\\\.0\\\\.1\\\\]:[0-9]+$\"", "re \"^/a/b$\"",
                "re \"^/a(/([^/.]|\\\\.[^/.]|\\\\.\\\\.[^/])[^/]*)+$\"", "re \"^\"", "eq \"/a/b\"", "re \"inet-.*:8[01]$\"", "re \"^(/.*)?$\""});
  }

  std::mt19937 random_;
};

std::vector<ir::Point> questions() {
  std::vector<ir::Point> points;
  const std::vector<std::string> paths{"/", "/a", "/A", "/b", "/a/b", "/A/B", "/a/c", "/a/b/c", "/a/x/c", "/bb"};
  FileVerbs::all().for_each([&](FileVerb verb) {
    for (const std::string& path : paths) {
      if (verb == FileVerb::rename || verb == FileVerb::link) {
        for (const std::string& to : paths) points.emplace_back(ir::PairPoint{verb, path, to, FileType::file, {}});
        continue;
      }
      FileTypes::all().for_each([&](FileType type) {
        for (const ir::Successor& successor : {ir::Successor{}, {ir::Successor::Kind::unconfined, ""}, {ir::Successor::Kind::policy, "other"}}) {
          ir::FilePoint point;
          point.verb = verb;
          point.path = path;
          point.type = type;
          point.successor = successor;
          points.emplace_back(point);
          if (verb != FileVerb::exec) break;
        }
      });
    }
  });
  NetVerbs::all().for_each([&](NetVerb verb) {
    for (const std::uint32_t host : {0x0A00'0001u, 0x0A00'0002u})
      for (const auto port : {std::uint16_t{80}, std::uint16_t{81}}) points.push_back(inet_point(verb, host, port));
    ir::NetPoint point;
    point.verb = verb;
    for (const Family family : {Family::inet6, Family::netlink, Family::other}) points.emplace_back((point.family = family, point.port = 80, point));
    point.family = Family::unix_family;
    points.emplace_back(point);
    for (const std::string& path : paths) points.emplace_back((point.unix_address = {ir::UnixAddress::Kind::path, path}, point));
  });
  for (const char* name : {"read", "stat", "rename", "connect", "sendto", "listen", "setuid", "execve"}) points.push_back(call(name));
  for (const std::uint64_t flags : {0x0, 0x1, 0x2, 0x9, 0x201, 0x401, 0x601}) points.push_back(call("open", {0, flags}));
  for (const ir::Account& account : {ir::Account{"lp", true, 7}, {"daemon", true, 8}, {"bin", false, 0}})
    points.emplace_back(ir::IdentityPoint{ir::IdentityKind::user, account});
  return points;
}

bool is_unix(const ir::Point& point) {
  const auto* net = std::get_if<ir::NetPoint>(&point);
  const auto* file = std::get_if<ir::FilePoint>(&point);
  return (net != nullptr && net->family == Family::unix_family) || (file != nullptr && file->verb == FileVerb::create && file->type == FileType::socket);
}

void check(const std::string& rules, unsigned year, const std::vector<ir::Point>& points) {
  const std::string text = "Policy: /bin/tested, Emulation: native\n" + rules;
  const syntax::Dialect dialect{Os::openbsd, year};
  const auto file = syntax::parse_file(text, dialect);
  REQUIRE(file);
  const target::Reading read = reading(text, std::to_string(year));
  for (const ir::Point& point : points) {
    const auto second = systrace::pointwise::decide(*file, dialect, point);
    const bool possible = eval::decide(read.permits, point).allowed, sure = eval::surely_allows(read.permits, point);
    const std::string words = rules + std::to_string(year) + " point " + std::to_string(&point - points.data());
    CHECK_MESSAGE((!sure || possible), words);
    if (!read.unknown.empty() || is_unix(point)) CHECK_MESSAGE((!second.permitted || possible), words);  // other spellings
    else CHECK_MESSAGE(second.permitted == possible, words);
    CHECK_MESSAGE((second.permitted || !sure), words);
  }
}

}  // namespace

TEST_CASE("meaning: the set is what deciding access by access says, on drawn texts") {
  const char* given = std::getenv("POLC_TEXTS");
  const unsigned count = given == nullptr ? 400 : static_cast<unsigned>(std::stoul(given));
  const auto points = questions();
  for (unsigned seed = 1; seed <= count; ++seed) {
    CAPTURE(seed);
    check(Texts(seed).text(), seed % 3 == 0 ? 2015 : 2006, points);
  }
}

TEST_CASE("meaning: and on the how-to's") {
  const std::string howto = howto_text();
  check(howto.substr(howto.find('\n', howto.find("Policy:")) + 1), 2006, questions());
}

TEST_CASE("meaning: what is refused with an error is an answer") {
  const auto read = reading("native-chdir: filename eq \"/1\" then deny[eacces]\nnative-chdir: filename re \"^/.+$\" then permit\nnative-chroot: deny[enoent]\n");
  REQUIRE(read.answers.size() == 2);
  CHECK(read.answers[0].what == "EACCES");
  CHECK(eval::decide(read.answers[0].where, on(FileVerb::chdir, "/1")).allowed);
  CHECK(!eval::decide(read.answers[0].where, on(FileVerb::chdir, "/2")).allowed);
  CHECK(eval::decide(read.answers[1].where, on(FileVerb::chroot, "/2")).allowed);
}

TEST_CASE("meaning: what stands behind an action is a directive") {
  const auto read = reading("native-read: true then permit as root\nnative-write: permit, if user = root\nnative-stat: filename sub \"<non-existent filename>\" then deny[enoent]\n");
  CHECK(read.directives.size() == 3);
  CHECK(read.answers.empty());
  CHECK(eval::decide(read.permits, call("write")).allowed);
}

TEST_CASE("meaning: several programs are confined alike, or each has its say in what is sure") {
  const std::string body = "native-chdir: filename re \"^/1$\" then permit\n", more = "native-chdir: filename re \"^/2$\" then permit\n";
  const auto texts = [](const std::string& a, const std::string& b) { return "Policy: /a, Emulation: native\n" + a + "Policy: /b, Emulation: native\n" + b; };
  const auto alike = reading(texts(body, body)), different = reading(texts(body, body + more));
  CHECK(alike.permits.order().is_plain());
  CHECK(eval::decide(different.permits, on(FileVerb::chdir, "/2")).allowed);
  CHECK(!eval::surely_allows(different.permits, on(FileVerb::chdir, "/2")));
  CHECK(eval::surely_allows(different.permits, on(FileVerb::chdir, "/1")));
}
