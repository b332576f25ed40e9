#include "support/overloaded.hpp"

#include <doctest/doctest.h>

#include <string>
#include <variant>

TEST_CASE("Overloaded: each alternative of a variant reaches its own lambda") {
  const auto kind = [](const std::variant<int, std::string>& value) {
    return std::visit(polc::Overloaded{[](int) { return 'i'; }, [](const std::string&) { return 's'; }}, value);
  };
  CHECK(kind(1) == 'i');
  CHECK(kind("text") == 's');
}
