// Input that means harm: deep, long, endless, half. Each must end quickly, without a crash, in a few located messages.
#include <doctest/doctest.h>

#include <string>

#include "parsed.hpp"

using namespace polc;
using test::Parsed;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  result.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

bool reports(const Parsed& parsed, std::string_view id) {
  for (const auto& d : parsed.sink.all())
    if (d.id == id) return true;
  return false;
}

}  // namespace

TEST_CASE("hostile: a hundred thousand levels of anything") {
  const std::string where = "language 1; policy p { allow syscall x where ";
  const std::string texts[] = {
      where + repeated("(", 100'000),
      where + repeated("not ", 100'000),
      where + repeated("not (", 100'000),
      where + repeated("arg [", 100'000),
      where + "a in " + repeated("{", 100'000),
      "language 1; let x = " + repeated("{ 1, ", 100'000),
      "language 1; let x = " + repeated("{ $v:", 100'000) + "1" + repeated("}", 100'000) + ";",
      "language 1; policy p " + repeated("{", 100'000),
      "language 1; policy p { " + repeated("when os == linux { ", 100'000),
      "language 1; policy p { when os == linux { } " + repeated("else when os == linux { } ", 100'000) + "}",
      "language 1; " + repeated("@a(", 100'000),
      where + repeated(repeated("not ", 200) + "(", 250),
  };
  for (const auto& text : texts) {
    const Parsed p(text);
    CHECK_FALSE(p.file);
    CHECK_MESSAGE(reports(p, "P1004"), text.substr(0, 60));
    CHECK(p.sink.error_count() <= 3);
  }
}

TEST_CASE("hostile: the limit is 64 levels, and what is flat is not deep") {
  const std::string head = "language 1; policy p { allow syscall x where ";
  CHECK(Parsed(head + repeated("(", 63) + "a == 1" + repeated(")", 63) + "; }").file);
  CHECK(reports(Parsed(head + repeated("(", 64) + "a == 1" + repeated(")", 64) + "; }"), "P1004"));
  CHECK(Parsed(head + repeated("not ", 63) + "a == 1; }").file);
  CHECK(reports(Parsed(head + repeated("not ", 64) + "a == 1; }"), "P1004"));
  CHECK(Parsed(head + repeated("not (a == 1) and ", 10'000) + "b == 2; }").file);
  CHECK(Parsed(head + repeated("not a == 1 or ", 10'000) + "b == 2; }").file);
  CHECK(Parsed("language 1; policy p { " + repeated("when os == linux { allow fork; } ", 10'000) + "}").file);
}

TEST_CASE("hostile: unclosed brackets of many statements do not add up") {
  const Parsed p("language 1; policy p { " + repeated("allow syscall x where (a == 1;\n", 100) + "}");
  CHECK_FALSE(reports(p, "P1004"));
  CHECK(p.sink.error_count() == 100);
}

TEST_CASE("hostile: words of megabytes") {
  CHECK(reports(Parsed("language 1; policy " + std::string(20'000'000, 'a') + " { }"), "P1008"));
  CHECK(reports(Parsed("language 1; import \"" + std::string(20'000'000, 'a') + "\";"), "P1008"));
  CHECK(reports(Parsed("language 1; let x = " + std::string(20'000'000, '9') + ";"), "P1008"));
  CHECK(Parsed("language 1; #" + std::string(20'000'000, 'a')).file);
}

TEST_CASE("hostile: a statement without end") {
  CHECK(reports(Parsed("language 1; let x = { " + repeated("1,", 1'000'000) + "};"), "P1012"));
  CHECK(Parsed("language 1; let x = { " + repeated("1,", 100'000) + "};").file);
}

TEST_CASE("hostile: a hundred thousand mistakes") {
  const Parsed semicolons("language 1; policy p {\n" + repeated("allow read \"/a\"\n", 100'000) + "}");
  CHECK(reports(semicolons, "P1007"));
  CHECK(semicolons.sink.error_count() < 1000);
  CHECK(semicolons.shown().find("more errors") != std::string::npos);
  CHECK(Parsed("language 1; " + repeated("% ", 500'000)).sink.error_count() < 1000);
  CHECK(Parsed("language 1; " + repeated("} ", 500'000)).sink.error_count() < 1000);
  CHECK(Parsed("language 1; " + repeated("\"\n", 500'000)).sink.error_count() < 1000);
}

TEST_CASE("hostile: junk is one mistake") {
  CHECK(Parsed("language 1;\n" + std::string(1'000'000, '@')).found() == "2:2 P1020");
  CHECK(Parsed("language 1;\n" + std::string(1'000'000, '%')).found() == "2:1 P1031");
  CHECK(Parsed("language 1;\n" + repeated("/* ", 300'000)).found() == "2:1 P1030");
  CHECK(Parsed(std::string(1'000'000, '(')).sink.error_count() <= 3);
}

TEST_CASE("hostile: a good policy cut anywhere is an error or a policy, never a crash") {
  const std::string whole =
      "language 1; @title(\"x\") policy p { when os == linux { allow syscall a where (b & ~1 == 2); } "
      "else { allow read \"/x\\u{41}\" owner self; } expect { deny fork; } } let s = { 1-2, [::1]:3, A | B };";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const Parsed p(whole.substr(0, length));
    CHECK(p.file.has_value() == (p.sink.error_count() == 0));
    CHECK(p.sink.error_count() <= 3);
  }
  CHECK(Parsed(whole).file);
}
