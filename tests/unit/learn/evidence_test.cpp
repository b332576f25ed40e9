#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "diag/catalogue.hpp"
#include "learn/evidence_text.hpp"

using namespace polc;
using namespace polc::learn;

namespace {

// The evidence of one log: the same for the same number.
Evidence drawn(unsigned number) {
  std::mt19937 random(number);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  Evidence one;
  std::string id = "0000000000000000";
  for (char& c : id) c = "0123456789abcdef"[below(16)];
  one.sources.push_back({id, "run" + std::to_string(number), "strace", "linux x86_64", "map1", 100, 50, number % 3 != 0, "log"});
  for (unsigned i = 0; i < 30; ++i) {
    const std::string path = "\"/d/" + std::to_string(below(12)) + "\"";
    const Outcome outcome = below(3) == 0 ? Outcome{Outcome::Kind::failed, "ENOENT", "openat", ""} : Outcome{};
    one.events.push_back({below(4) == 0 ? "/bin/a" : "/bin/b", outcome, "read " + path, {{0, 1 + below(9), 1 + below(99)}}});
    one.facts.push_back({"type", path + " file", {0}});
  }
  one.parts.push_back({"host", "12:" + std::to_string(below(5)), "type=CWD \x1d \"x\"", {{0, 1, below(99)}}});
  return normalised(one);
}

Evidence merged(const std::vector<Evidence>& all) {
  diag::Sink sink;
  auto result = merge(all, sink);
  REQUIRE(result);
  return *result;
}

}  // namespace

TEST_CASE("merge: whatever the tree, and however often a source is in it, the bytes are the same") {
  std::vector<Evidence> sources;
  for (unsigned i = 0; i < 14; ++i) sources.push_back(drawn(i));
  const std::string expected = print(merged(sources));
  std::mt19937 random(25);
  for (unsigned tree = 0; tree < 200; ++tree) {
    std::vector<Evidence> left = sources;
    for (unsigned i = 0; i < 3; ++i) left.push_back(sources[random() % sources.size()]);
    std::shuffle(left.begin(), left.end(), random);
    while (left.size() > 1) {
      const std::size_t count = std::min<std::size_t>(left.size(), 2 + random() % 3);
      const Evidence one = merged({left.end() - static_cast<std::ptrdiff_t>(count), left.end()});
      left.resize(left.size() - count);
      left.insert(left.begin() + static_cast<std::ptrdiff_t>(random() % (left.size() + 1)), one);
    }
    REQUIRE(print(left.front()) == expected);
  }
}

TEST_CASE("merge: of one, and of none") {
  CHECK(merged({drawn(3)}) == drawn(3));
  CHECK(merged({}) == Evidence{});
  CHECK(merged({drawn(3), {}}) == drawn(3));
}

TEST_CASE("merge: a source with two contents is told, whatever differs") {
  const Evidence one = drawn(1);
  const auto differs = [&](const auto& change) {
    Evidence other = one;
    change(other);
    diag::Sink sink;
    const bool is_refused = !merge({one, other}, sink) && sink.all().front().id == diag::source_differs.id;
    diag::Sink again;
    return is_refused && !merge({other, drawn(2), one}, again);
  };
  CHECK(differs([](Evidence& e) { e.events.front().places.front().count += 1; }));
  CHECK(differs([](Evidence& e) { e.events.front().places.front().first_line += 1; }));
  CHECK(differs([](Evidence& e) { e.events.pop_back(); }));
  CHECK(differs([](Evidence& e) { e.facts.pop_back(); }));
  CHECK(differs([](Evidence& e) { e.parts.pop_back(); }));
  CHECK(differs([](Evidence& e) { e.sources.front().lines += 1; }));
  CHECK(differs([](Evidence& e) { e.sources.front().map = "map2"; }));
  CHECK(differs([](Evidence& e) { e.sources.front().is_complete = !e.sources.front().is_complete; }));
}

TEST_CASE("merge: a copy of a log under another name is the same log") {
  Evidence copy = drawn(1);
  copy.sources.front().name = "a copy", copy.sources.front().run = "run0";
  const Evidence both = merged({drawn(1), copy});
  CHECK(both == merged({copy, drawn(1)}));
  CHECK(both.events == drawn(1).events);
  CHECK(both.sources.front().name == "a copy");
}

TEST_CASE("normalised: equal events are one, with their counts added and the first line kept") {
  Evidence one;
  one.sources = {{"bbbbbbbbbbbbbbbb", "b", "strace", "linux x86_64", "map1", 9, 3, true, "b"},
                 {"aaaaaaaaaaaaaaaa", "a", "strace", "linux x86_64", "map1", 9, 3, true, "a"}};
  one.events = {{"/bin/x", {}, "fork", {{0, 2, 7}}}, {"/bin/x", {}, "fork", {{1, 1, 1}}}, {"/bin/x", {}, "fork", {{0, 3, 4}}}};
  const Evidence result = normalised(one);
  CHECK(result.sources.front().id == "aaaaaaaaaaaaaaaa");
  REQUIRE(result.events.size() == 1);
  CHECK(result.events.front().places == std::vector<Place>{{0, 1, 1}, {1, 5, 4}});
  CHECK(normalised(result) == result);
}
