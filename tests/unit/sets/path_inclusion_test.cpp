#include "sets/path_inclusion.hpp"

#include <doctest/doctest.h>

#include "questions.hpp"
#include "random_patterns.hpp"

namespace polc::sets {
namespace {

// What the algebra finds first: a path of the pattern, the shortest.
std::optional<std::string> found_by_algebra(const PathPattern& pattern) {
  PathSpace space(2);
  space.insert(pattern, {1}, 0);
  Budget budget;
  Inclusion question;
  space.explore(budget, question);
  return question.witness;
}

TEST_CASE("path_in: the shortest path of a pattern, as the algebra finds it") {
  Random random(7);
  int answered = 0, asked = 0;
  for (int i = 0; i < 3'000; ++i) {
    const SourcePattern source = random_pattern(random);
    for (const PathPattern& pattern : source.plain) {
      CAPTURE(pattern.text());
      ++asked;
      const auto path = path_in(pattern);
      if (!path) continue;  // its budget is small
      ++answered;
      REQUIRE(*path == found_by_algebra(pattern));
      REQUIRE(pattern.matches(*path));
    }
  }
  CHECK(answered > asked * 9 / 10);
}

TEST_CASE("path_in: names that are no path's are passed over") {
  const auto first_of = [](const std::string& text) { return path_in(parse_path_pattern({text, {}}, false).value().front()); };
  CHECK(first_of("/.*") == "/.a");
  CHECK(first_of("/.?") == "/.a");
  CHECK(first_of("/*") == "/a");
  CHECK(first_of("/**/x") == "/x");
  CHECK(first_of("/") == "/");
  CHECK(first_of("/[!a]") == "/b");
}

TEST_CASE("Components: who shares a list keeps it when another changes it") {
  const PathPattern first{{{Component::Kind::literal, "a"}}};
  PathPattern second = first;
  second.components.push_back({Component::Kind::below, ""});
  CHECK(first.text() == "/a");
  CHECK(second.text() == "/a/**");
  CHECK(first < second);
  second.components.pop_back();
  CHECK(first == second);
  second.components.pop_back();
  CHECK(second == PathPattern{});
  CHECK(second.text() == "/");
}

}  // namespace
}  // namespace polc::sets
