#include "sets/path_space.hpp"

#include <doctest/doctest.h>

#include "questions.hpp"

namespace polc::sets {
namespace {

using Strings = std::vector<std::string>;

std::vector<std::uint32_t> tags_at(const PathSpace& space, std::string_view path) {
  PathLabels labels;
  space.labels_of(path, labels);
  return tags_of(labels);
}

/// Of all kinds of path, in the order of the visits.
std::string witnesses(const PathSpace& space) {
  Collector collector;
  Budget budget;
  REQUIRE(space.explore(budget, collector));
  std::string paths;
  for (const auto& visit : collector.visits) paths += visit.witness.at(0) + " ";
  paths.pop_back();
  return paths;
}

PathPattern pattern(const std::string& text) { return parse_path_pattern({text, {}}, false).value().at(0); }

}  // namespace

TEST_CASE("labels_of: bits are united, hits come in the order of insertion") {
  PathSpace space(3);
  add(space, "/etc/passwd", 1, 30);
  add(space, "/etc", 2, 20, true);
  add(space, "/etc/pass*", 4, 10);
  add(space, "/etc/passwd", 1, 31);
  PathLabels labels;
  space.labels_of("/etc/passwd", labels);
  CHECK(labels.bits == Bits{7});
  CHECK(tags_of(labels) == std::vector<std::uint32_t>{30, 20, 10, 31});
  CHECK(*labels.hits[1].bits == Bits{2});
  CHECK(tags_at(space, "/etc/passwd/x") == std::vector<std::uint32_t>{20});
  CHECK(tags_at(space, "/etc") == std::vector<std::uint32_t>{20});
  CHECK(tags_at(space, "/").empty());
}

TEST_CASE("labels_of: what is no canonical path lies in no pattern") {
  PathSpace space(1);
  add(space, "/", 1, 0, true);
  CHECK(tags_at(space, "/").size() == 1);
  CHECK(tags_at(space, "/a/b").size() == 1);
  for (const auto* path : {"", "a", "/a/", "//", "/a//b", "/.", "/a/..", "/../a"}) CHECK(tags_at(space, path).empty());
}

TEST_CASE("the plain patterns of one rule are one hit") {
  PathSpace space(1);
  add(space, "/{a*,*b,ab}", 1, 7);
  CHECK(tags_at(space, "/ab") == std::vector<std::uint32_t>{7});
}

TEST_CASE("more than 64 columns") {
  PathSpace space(130);
  CHECK(space.words() == 3);
  space.insert(pattern("/a"), {0, 0, 2}, 0);
  space.insert(pattern("/**"), {1, 0, 0}, 1);
  PathLabels labels;
  space.labels_of("/a", labels);
  CHECK(labels.bits == Bits{1, 0, 2});
}

TEST_CASE("explore: shortest witnesses first, in the preferred letters") {
  PathSpace space(1);
  add(space, "/srv/a", 1, 0);
  add(space, "/srv/*.so", 1, 1);
  add(space, "/srv/lib*", 1, 2);
  CHECK(witnesses(space) == "/ /srv/a /srv/lib /srv/.so /srv/lib.so");
}

TEST_CASE("explore: an unnamed name is found beside all that are named") {
  PathSpace space(1);
  for (char c = 'a'; c <= 'z'; ++c) add(space, std::string("/") + c, 1, static_cast<std::uint32_t>(c));
  add(space, "/*", 1, 1);
  CHECK(witnesses(space) == "/ /a /b /c /d /e /f /g /h /i /j /k /l /m /n /o /p /q /r /s /t /u /v /w /x /y /z /0");
}

TEST_CASE("explore: `.` and `..` are never witnesses") {
  PathSpace space(1);
  add(space, "/.*", 1, 0);
  add(space, "/.?", 1, 1);
  add(space, "/*.", 1, 2);
  // Byte 0x80 is no character: the shortest name that `.*` has and `.?` has not.
  CHECK(witnesses(space) == "/ /a. /.a /.\x80 /.a.");
}

TEST_CASE("explore: a node is dropped as covered only if all of its subtree is") {
  PathSpace space(2);
  add(space, "/**/a/**/b/**/c", 1, 0);
  add(space, "/**/d", 2, 1);
  add(space, "/a/b/d", 1, 2);
  CHECK(witnesses(space) == "/ /d /a/b/c /a/b/d");
  Collector collector;
  Budget budget;
  REQUIRE(space.explore(budget, collector));
  CHECK(tags_of(collector.visits.back().labels) == std::vector<std::uint32_t>{1, 2});
}

TEST_CASE("explore: no pattern at all leaves one kind of path; a question may want none") {
  PathSpace space(1);
  CHECK(witnesses(space) == "/");
  add(space, "/a", 1, 0);
  Inclusion inclusion;
  Budget budget;
  CHECK(space.explore(budget, inclusion));
  CHECK(inclusion.witness == "/a");
}

TEST_CASE("explore: a byte that is no character tells `*` from `?*`") {
  PathSpace space(2);
  add(space, "/*", 1, 0);
  add(space, "/?*", 2, 1);
  Inclusion inclusion;
  Budget budget;
  REQUIRE(space.explore(budget, inclusion));
  CHECK(inclusion.witness == "/\x80");
}

TEST_CASE("explore: visit ends it, and an empty budget says so") {
  PathSpace space(1);
  add(space, "/a/**", 1, 0);
  struct First : Collector {
    bool visit(const PathLabels& here, const std::function<std::vector<std::string>()>& witness) override {
      Collector::visit(here, witness);
      return false;
    }
  } first;
  Budget budget;
  CHECK(space.explore(budget, first));
  CHECK(first.visits.size() == 1);
  Collector collector;
  Budget small{.steps = 10};
  CHECK_FALSE(space.explore(small, collector));
  CHECK(small.exhausted);
}

TEST_CASE("the same question costs the same and is answered the same, every time") {
  PathSpace space(2);
  for (std::uint32_t i = 0; i < 50; ++i) {
    add(space, "/usr/lib" + std::to_string(i) + "*/**/x?", 1, i);
    add(space, "/usr/*" + std::to_string(i % 7), 2, 100 + i);
  }
  Budget once, twice;
  Collector first, second;
  REQUIRE(space.explore(once, first));
  REQUIRE(space.explore(twice, second));
  CHECK(once.steps == twice.steps);
  REQUIRE(first.visits.size() == second.visits.size());
  for (std::size_t i = 0; i < first.visits.size(); ++i) CHECK(first.visits[i].witness == second.visits[i].witness);
}

TEST_CASE("pairs: both paths, and no wildcard reaches from one into the other") {
  PathSpace space(2);
  space.insert_pair(pattern("/a/**"), pattern("/b"), {1}, 0);
  space.insert_pair(pattern("/**/x"), pattern("/**"), {2}, 1);
  PathLabels labels;
  space.labels_of_pair("/a/x", "/b", labels);
  CHECK(labels.bits == Bits{3});
  space.labels_of_pair("/a", "/b", labels);
  CHECK(labels.bits == Bits{0});
  space.labels_of_pair("/x", "/", labels);
  CHECK(labels.bits == Bits{0});
  Collector collector;
  Budget budget;
  REQUIRE(space.explore(budget, collector));
  std::vector<Strings> pairs;
  for (const auto& visit : collector.visits) pairs.push_back(visit.witness);
  CHECK(pairs == std::vector<Strings>{{"/", "/"}, {"/x", "/a"}, {"/a/a", "/b"}, {"/a/x", "/b"}});
}

TEST_CASE("abstract names: a star crosses slashes, the empty name is a name") {
  PathSpace space(2);
  const auto insert = [&](const std::string& text, std::uint64_t bits, std::uint32_t tag) {
    const auto patterns = parse_name_pattern({text, {}}).value();
    for (const auto& plain : patterns) space.insert(plain, {bits}, tag);
  };
  insert("/tmp/*", 1, 0);
  insert("/tmp/.X11-unix/X?", 2, 1);
  insert("bus", 2, 2);
  CHECK(tags_at(space, "/tmp/.X11-unix/X0") == std::vector<std::uint32_t>{0, 1});
  CHECK(tags_at(space, "/tmp/a/b") == std::vector<std::uint32_t>{0});
  CHECK(tags_at(space, "bus") == std::vector<std::uint32_t>{2});
  CHECK(tags_at(space, "").empty());
  CHECK(witnesses(space) == " bus /tmp/ /tmp/.X11-unix/Xa");
  insert("*", 1, 3);
  CHECK(tags_at(space, "") == std::vector<std::uint32_t>{3});
  CHECK(witnesses(space) == " bus /tmp/ /tmp/.X11-unix/Xa");
}

}  // namespace polc::sets
