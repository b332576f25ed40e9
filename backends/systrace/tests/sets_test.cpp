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
  const auto paths = syntax::paths_of(condition("filename " + std::string(test)), 2006);
  if (!paths) return "-";
  std::string text;
  for (const auto& pattern : *paths) text += (text.empty() ? "" : " ") + pattern.text();
  return text;
}

/// The families and ports of an address test, in order; "-" when it cannot be told.
std::string addresses(std::string_view test) {
  const auto boxes = syntax::addresses_of(condition("sockaddr " + std::string(test)), 2006);
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
  // The same without names that lead elsewhere.
  CHECK(patterns(R"(re "^/run(/([^/.]|\\.[^/.]|\\.\\.[^/])[^/]*)+$")") == "/run/**");
  CHECK(patterns(R"(re "^/run/([^/.]|\\.[^/.]|\\.\\.[^/])[^/]*$")") == "/run/*");
  CHECK(patterns(R"(re "^(/([^/.]|\\.[^/.]|\\.\\.[^/])[^/]*)*/x$")") == "/**/x");
  for (const std::string_view closed : {R"(re "^/(a)\\1$")", R"(re "^/[[.a.]]$")"}) CHECK(patterns(closed) == "-");
}

TEST_CASE("sets: what does not go component by component is an automaton") {
  const auto takes = [](std::string_view test, std::string_view path) {
    const auto places = syntax::paths_of(condition("filename " + std::string(test)), 2006);
    REQUIRE(places);
    return std::any_of(places->begin(), places->end(), [&](const auto& place) { return place.matches(path); });
  };
  CHECK(takes(R"(re "/etc/group$")", "/x/etc/group"));
  CHECK(!takes(R"(re "/etc/group$")", "/etc/groups"));
  CHECK(takes(R"(re "^/etc/gr.up$")", "/etc/gr/up"));
  CHECK(takes(R"(re "^/a/.+/b$")", "/a/x/y/b"));
  CHECK(takes("re \"^/[\x80-\xFF]$\"", "/\xFF"));
  CHECK(takes(R"(sub "etc")", "/a/etcetera"));
  CHECK(!takes(R"(nsub "etc")", "/a/etcetera"));
  CHECK(takes(R"(neq "/etc")", "/"));
  CHECK(takes(R"(match "/a?")", "/ab/c"));
  CHECK(!takes(R"(match "/a?")", "/a"));
}

TEST_CASE("sets: eq ignores case, match goes on behind a slash") {
  CHECK(patterns(R"(eq "/etc/x1")") == "/[Ee][Tt][Cc]/[Xx]1");
  CHECK(patterns(R"(eq "etc")").empty());
  CHECK(patterns(R"(eq "/a//b")").empty());
  CHECK(patterns(R"(match "/etc")") == "/etc /etc/**");
  CHECK(patterns(R"(match "/var/*")") == "/var/**");
  CHECK(patterns(R"(match "/*")") == "/** /");
  CHECK(patterns(R"(inpath "/a/b/")") == "/ /a /a/b");
}

TEST_CASE("sets: addresses and ports") {
  CHECK(addresses(R"(eq "inet-[127.0.0.1]:9050")") == "inet:9050-9050,");
  CHECK(addresses(R"(match "inet-*:80")") == "inet:80-80,inet6:80-80,");
  CHECK(addresses(R"(re "^inet-\\[[0-9.]+\\]:(80|443|8[0-9]{3})$")") == "inet:80-80,443-443,8000-8999,");
  CHECK(addresses(R"(re "^inet-\\[[^]]*:[^]]*\\]:[0-9]+$")") == "inet6:0-65535,");
  CHECK(addresses(R"(re "inet-.*:102[4-9]$")") == R"(inet:1024-1029,inet6:1024-1029,unix:0-65535,/**/*inet-*:102[4-9],/**/*inet-*/**/*:102[4-9],)");
  CHECK(addresses(R"(re "^/run/log$")") == "unix:0-65535,/run/log,");
  CHECK(addresses(R"(re "^/run/x.?$")").starts_with("unix:"));
  for (const std::string_view open : {R"(neq "/run/log")", R"(re "^/a$|b")", R"(re "^inet-\\[[0-9.]+\\]:8.*$")", R"(re "inet-")", R"(match "inet-[1*")", R"(eq "x")"})
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

TEST_CASE("sets: the first match in order is groups of denies before permits") {
  using syntax::Entry, syntax::Product, syntax::Sum;
  const auto takes = [](bool permits, syntax::TestId test) { return Entry{permits, {Product{Sum{false, {test}}, Sum{true, {}}}}, test}; };
  const Entry nothing{true, {}, 9};
  CHECK(syntax::first_match({takes(false, 1), takes(true, 2), takes(true, 3)}).groups.size() == 1);
  CHECK(syntax::first_match({takes(true, 2), takes(false, 1)}).groups.size() == 1);
  CHECK(syntax::first_match({takes(true, 2), takes(false, 1), nothing}).groups[0].denies.empty());
  CHECK(syntax::first_match({takes(true, 2), takes(false, 1), takes(true, 3)}).groups.size() == 2);
  CHECK(syntax::first_match({takes(false, 1)}).empty());
  const Entry all{true, {Product{Sum{true, {}}, Sum{true, {}}}}, 4};
  CHECK(syntax::first_match({all, takes(false, 1), takes(true, 2)}).groups.size() == 1);
}

TEST_CASE("sets: layers of which one must permit") {
  using syntax::Layer, syntax::Product, syntax::Sum, syntax::Taken;
  const auto one = [](syntax::TestId test) { return Taken{Product{Sum{false, {test}}, Sum{true, {}}}, 0}; };
  const Layer small{{{{one(7)}, {one(1)}}}}, large{{{{}, {one(1), one(2)}}}}, other{{{{}, {one(3)}}}};
  REQUIRE(syntax::sum_of({small, large}).size() == 1);
  CHECK(syntax::say_the_same(syntax::sum_of({small, large}).front(), large));
  REQUIRE(syntax::sum_of({large, other}).size() == 1);
  CHECK(syntax::sum_of({large, other}).front().groups[0].permits.size() == 3);
  CHECK(syntax::sum_of({small, other}).size() == 2);
  CHECK(syntax::sum_of({}).empty());
}
