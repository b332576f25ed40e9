#include "diag/catalogue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

using namespace polc::diag;

TEST_CASE("catalogue: an id or a name is used once") {
  std::set<std::string_view> ids;
  std::set<std::string_view> names;
  for (const auto& row : catalogue) {
    CHECK_MESSAGE(ids.insert(row.id).second, row.id);
    CHECK_MESSAGE(names.insert(row.name).second, row.name);
  }
}

TEST_CASE("catalogue: ids are P and four digits") {
  for (const auto& row : catalogue) {
    CHECK_MESSAGE(row.id.size() == 5, row.id);
    CHECK_MESSAGE(row.id[0] == 'P', row.id);
    CHECK_MESSAGE(std::all_of(row.id.begin() + 1, row.id.end(), [](char c) { return c >= '0' && c <= '9'; }), row.id);
  }
}

TEST_CASE("catalogue: messages end without a full stop and hold no line feed") {
  for (const auto& row : catalogue) {
    REQUIRE_FALSE(row.message.empty());
    CHECK_MESSAGE(row.message.back() != '.', row.id);
    CHECK_MESSAGE(row.message.find('\n') == std::string_view::npos, row.id);
  }
}
