#include "support/edit_distance.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace polc;

TEST_CASE("edit_distance: insert, delete, replace and swap each cost one") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("open", "opens") == 1);
  CHECK(edit_distance("open", "pen") == 1);
  CHECK(edit_distance("open", "oven") == 1);
  CHECK(edit_distance("open", "oepn") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("ca", "abc") == 3);  // a swapped pair is not edited again
  CHECK(edit_distance("abc", "ca") == edit_distance("ca", "abc"));
}

TEST_CASE("nearest_of: within a third of the length, at least one edit, of equally near ones the first") {
  constexpr std::array<std::string_view, 4> words{"read", "write", "aab", "aac"};
  CHECK(nearest_of("raed", words) == "read");
  CHECK(nearest_of("wriets", words) == "write");
  CHECK(nearest_of("aad", words) == "aab");
  CHECK_FALSE(nearest_of("qqqqqqq", words));
  CHECK_FALSE(nearest_of("x", std::array<std::string_view, 0>{}));
}
