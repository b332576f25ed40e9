// Tests as sets: what a line takes, and what a call's lines make together.
#include <doctest/doctest.h>

#include <algorithm>

#include "sets/path_pattern.hpp"
#include "systrace/layers.hpp"
#include "systrace/read_host.hpp"
#include "systrace/text_sets.hpp"
#include "testing.hpp"

using namespace polc;
using namespace polc::systrace::testing;
namespace syntax = polc::systrace::syntax;

namespace {

/// `re "..."` as patterns, one blank between; "-" when it cannot be told.
std::string patterns(std::string_view test) {
  const auto rule = syntax::parse_rule("filename " + std::string(test) + " then permit");
  REQUIRE(rule);
  const auto paths = syntax::paths_of(rule->condition);
  if (!paths) return "-";
  std::string text;
  for (const auto& pattern : *paths) text += (text.empty() ? "" : " ") + pattern.text();
  return text;
}

/// The families and ports of an address test, in order; "-" when it cannot be told.
std::string addresses(std::string_view test) {
  const auto rule = syntax::parse_rule("sockaddr " + std::string(test) + " then permit");
  REQUIRE(rule);
  const auto boxes = syntax::addresses_of(rule->condition);
  if (!boxes) return "-";
  std::string text;
  for (const auto& box : *boxes) {
    text += std::string(name_of(box.family)) + ":";
    for (const auto& interval : box.ports.intervals())
      text += std::to_string(interval.low) + "-" + std::to_string(interval.high) + ",";
    for (const auto& path : box.paths) text += path.text() + ",";
  }
  return text;
}

bool exact(std::string_view rules, ir::AccessClass c) {
  const auto all = reader(rules);
  return all->meaning() != nullptr && all->is_exact_for(c);
}

bool set_permits(std::string_view rules, const ir::Point& point) { return eval::decide(*reader(rules)->meaning(), point).allowed; }

}  // namespace

TEST_CASE("sets: regular expressions of file names") {
  CHECK(patterns(R"(re "^/etc/group$")") == "/etc/group");
  CHECK(patterns(R"(re "^/$")") == "/");
  CHECK(patterns(R"(re "^/var/.+$")") == "/var/**");
  CHECK(patterns(R"(re "^/a(/.+)?/b$")") == "/a/**/b");
  CHECK(patterns(R"(re "^/usr/lib/lib[^/]*\\.so[0-9]$")") == "/usr/lib/lib*.so[0-9]");
  CHECK(patterns(R"(re "^/[^/]+/x$")") == "/*/x");
  CHECK(patterns("re \"^/([a]|\xC3[\xA4-\xA6])$\"") == "/[a\xC3\xA4-\xC3\xA6]");
  CHECK(patterns(R"(re "^/a\\*[$]b$")") == R"(/a\*\$b)");
  for (const std::string_view open : {R"(re "/etc/group$")", R"(re "^/etc/group")", R"(re "^/etc/gr.up$")", R"(re "^/etc/x*$")",
                                      R"(re "^/a/[^/]*$")", R"(re "^/a/.+/b$")", R"(re "^/a/[^a]$")", R"(re "^/a/[[:alpha:]]$")",
                                      R"(re "^/a(/.+)?$")", "re \"^/[\x80-\xFF]$\"", "re \"^/(\xE0[\x80-\xBF][\x80-\xBF])$\"",
                                      R"(sub "etc")", R"(inpath "/etc")", R"(neq "/etc")"})
    CHECK(patterns(open) == "-");
}

TEST_CASE("sets: eq ignores case, match goes on behind a slash") {
  CHECK(patterns(R"(eq "/etc/x1")") == "/[Ee][Tt][Cc]/[Xx]1");
  CHECK(patterns(R"(eq "etc")").empty());
  CHECK(patterns(R"(eq "/a//b")").empty());
  CHECK(patterns(R"(match "/etc")") == "/etc /etc/**");
  CHECK(patterns(R"(match "/var/*")") == "/var/**");
  CHECK(patterns(R"(match "/*")") == "/** /");
  CHECK(patterns(R"(match "/a?")") == "-");
}

TEST_CASE("sets: addresses and ports") {
  CHECK(addresses(R"(eq "inet-[127.0.0.1]:9050")") == "inet:9050-9050,");
  CHECK(addresses(R"(match "inet-*:80")") == "inet:80-80,inet6:80-80,");
  CHECK(addresses(R"(re "^inet-\\[[0-9.]+\\]:(80|443|8[0-9]{3})$")") == "inet:80-80,443-443,8000-8999,");
  CHECK(addresses(R"(re "^inet-\\[[^]]*:[^]]*\\]:[0-9]+$")") == "inet6:0-65535,");
  CHECK(addresses(R"(re "inet-.*:102[4-9]$")") == R"(inet:1024-1029,inet6:1024-1029,unix:0-65535,/**/*inet-*:102[4-9],/**/*inet-*/**/*:102[4-9],)");
  CHECK(addresses(R"(re "^/run/log$")") == "unix:0-65535,/run/log,");
  for (const std::string_view open : {R"(re "^inet-\\[[0-9.]+\\]:8.*$")", R"(re "inet-")", R"(match "inet-[1*")", R"(eq "x")"})
    CHECK(addresses(open) == "-");
}

TEST_CASE("sets: hosts") {
  const auto ten = syntax::read_hosts(R"(10\.(1[6-9]|2[0-9]|3[01])\.[0-9.]+)");
  REQUIRE(ten);
  CHECK(ten->ip4 == sets::Ip4Set::range(0x0A10'0000, 0x0A1F'FFFF));
  const auto documentation = syntax::read_hosts("2001:db8:[^]]*");
  REQUIRE(documentation);
  CHECK(documentation->ip6 == sets::Ip6Set::range(sets::Uint128{0x2001'0DB8} << 96, ((sets::Uint128{0x2001'0DB9}) << 96) - 1));
  const auto two = syntax::read_hosts(R"((127\.0\.0\.1|::1(%[^]]*)?))");
  REQUIRE(two);
  CHECK((two->ip4 == sets::Ip4Set::of(0x7F00'0001) && two->ip6 == sets::Ip6Set::of(1)));
  // A zero group may stand in `::`, a leading zero is never printed, and an address has one spelling.
  for (const std::string_view open : {"2001:0:[^]]*", "2001:0db8:[^]]*", "2001:db8:0::1(%[^]]*)?", "10\\.0", "10\\.0\\.0\\.x"})
    CHECK(!syntax::read_hosts(open));
}

TEST_CASE("sets: a file is a set where its lines can be folded into allows less denies") {
  const std::string_view denies_first = "native-chdir: filename re \"^/a/b$\" then deny\nnative-chdir: filename re \"^/a/.+$\" then permit\n";
  CHECK(exact(denies_first, ir::AccessClass::file));
  CHECK(set_permits(denies_first, on(FileVerb::chdir, "/a/c", FileType::dir)));
  CHECK(!set_permits(denies_first, on(FileVerb::chdir, "/a/b", FileType::dir)));
  // A deny that no permit follows says nothing.
  CHECK(set_permits("native-chdir: filename re \"^/a$\" then permit\nnative-chdir: filename re \"^/.+$\" then deny\n",
                    on(FileVerb::chdir, "/a", FileType::dir)));
  // One in between would take from the permit before it too; where they cannot meet, it does not.
  const std::string_view between =
      "native-chdir: filename re \"^/a/.+$\" then permit\nnative-chdir: filename re \"^/[^/]+/b$\" then deny\n"
      "native-chdir: filename re \"^/.+$\" then permit\n";
  CHECK(!exact(between, ir::AccessClass::file));
  CHECK(exact(between, ir::AccessClass::net));
  CHECK(exact("native-chdir: filename re \"^/a$\" then permit\nnative-chdir: filename re \"^/b$\" then deny\n"
              "native-chdir: filename re \"^/.+$\" then permit\n", ir::AccessClass::file));
  CHECK(!exact("native-connect: sockaddr sub \"inet\" then permit\n", ir::AccessClass::net));
  // Under which policy an exec goes on is not written in the file.
  CHECK(!exact("native-execve: filename re \"^/bin/sh$\" then permit\n", ir::AccessClass::file));
  CHECK(exact("native-execve: filename re \"^/bin/sh$\" then permit[inherit]\n", ir::AccessClass::file));
}

TEST_CASE("sets: layers of which one must permit") {
  using syntax::Layer, syntax::Sum;
  const Layer small{Sum{false, {1}}, Sum{false, {7}}}, large{Sum{false, {1, 2}}, {}}, other{Sum{false, {3}}, {}};
  CHECK(*syntax::any_of({small, large}) == large);
  CHECK(syntax::any_of({large, other})->allow.sets == std::vector<syntax::SetId>{1, 2, 3});
  CHECK(!syntax::any_of({small, other}));
  CHECK(syntax::any_of({})->allow.empty());
}
