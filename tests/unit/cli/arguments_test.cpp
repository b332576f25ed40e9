#include "cli/arguments.hpp"

#include <doctest/doctest.h>

namespace polc::cli {
namespace {

std::vector<Argument> told_apart(const std::vector<std::string>& words) {
  return split(words, [](std::string_view option) { return option == "-I" || option == "--target"; });
}

TEST_CASE("split: an option has one value, and what follows is a word") {
  const std::vector<Argument> wanted{{"-I", "inc"}, {"", "a.pol"}, {"", "b.pol"}};
  CHECK(told_apart({"-I", "inc", "a.pol", "b.pol"}) == wanted);
  CHECK(told_apart({"-Iinc", "a.pol", "b.pol"}) == wanted);
}

TEST_CASE("split: a value may look like an option, be empty or be missing") {
  CHECK(told_apart({"-I", "--target"}) == std::vector<Argument>{{"-I", "--target"}});
  CHECK(told_apart({"--target="}) == std::vector<Argument>{{"--target", ""}});
  CHECK(told_apart({"--target=a=b"}) == std::vector<Argument>{{"--target", "a=b"}});
  CHECK(told_apart({"--target"}) == std::vector<Argument>{{"--target", std::nullopt}});
}

TEST_CASE("split: behind `--` all are words, and `-` is one everywhere") {
  const std::vector<Argument> wanted{{"", "-"}, {"-I", "x"}, {"", "-f.pol", true}, {"", "--", true}};
  CHECK(told_apart({"-", "-I", "x", "--", "-f.pol", "--"}) == wanted);
  CHECK(told_apart({"-I", "--", "a"}) == std::vector<Argument>{{"-I", "--"}, {"", "a"}});
}

TEST_CASE("split: letters without values may stand together, the last one with its value") {
  const std::vector<Argument> wanted{{"-q"}, {"-I", "x"}, {"", "y"}};
  CHECK(told_apart({"-qIx", "y"}) == wanted);
  CHECK(told_apart({"-qI", "x", "y"}) == wanted);
}

}  // namespace
}  // namespace polc::cli
