// Reading: how a plain artefact decides, and what it says of mistakes.
#include <doctest/doctest.h>

#include "plain/model.hpp"
#include "plain/plain.hpp"

using namespace polc;

namespace {

target::Reading reading_of(std::string_view lines) {
  auto reading = plain::backend().read("plain 1 p linux x86_64\n" + std::string(lines), {}, {});
  REQUIRE_MESSAGE(reading, reading.error().message);
  return *std::move(reading);
}

std::string mistake_in(std::string_view line) {
  const auto result = plain::line_from(Os::linux_os, line);
  return result ? "none" : result.error();
}

}  // namespace

TEST_CASE("read: an access needs an allow line and no deny line, in any order") {
  const auto reading =
      reading_of("deny file read path=/etc/shadow\n# why\nallow file read path=/etc/**\ndefault kill\nlimit 7 1\n");
  const auto asks = [&](std::string path) { return ir::FilePoint{FileVerb::read, std::move(path), {}, {}, 0, 0, {}}; };
  CHECK(target::permits(reading, asks("/etc/passwd")));
  CHECK_FALSE(target::permits(reading, asks("/etc/shadow")));
  CHECK_FALSE(target::permits(reading, asks("/home")));
  CHECK(target::line_for(reading, asks("/etc/passwd")) == 4);
  CHECK(target::line_for(reading, asks("/etc/shadow")) == 2);
  CHECK(target::line_for(reading, asks("/home")) == std::nullopt);
}

TEST_CASE("read: mistakes carry their line") {
  const auto result = plain::backend().read("plain 1 p linux x86_64\n\nallow file fly path=/a\n", {}, {});
  REQUIRE_FALSE(result);
  CHECK(result.error().line == 3);
  CHECK(result.error().message == "unknown word `fly`");
  CHECK(plain::backend().read("", {}, {}).error().line == 1);
}

TEST_CASE("read: the head names the policy, and the system and architecture that the lines are for") {
  const auto of = [](const std::string& head) { return plain::backend().read(head + "\nallow call open\n", {}, {}); };
  REQUIRE(of("plain 1 p linux x86_64"));
  CHECK(of("plain 1 p linux x86_64")->directives != of("plain 1 q linux x86_64")->directives);
  for (const char* const head : {"plain 1 p openbsd x86_64", "plain 1 p linux arm", "plain 1 linux x86_64", "plain 1 p p linux x86_64"}) {
    REQUIRE_FALSE(of(head));
    CHECK(of(head).error().message == "this is not for linux on x86_64");
  }
}

TEST_CASE("line_from: what it does not understand is never skipped") {
  CHECK(mistake_in("permit call open") == "unknown word `permit`");
  CHECK(mistake_in("allow") == "the line ends too early");
  CHECK(mistake_in("allow call opn") == "unknown system call `opn`");
  CHECK(mistake_in("allow call open close") == "unexpected word `close`");
  CHECK(mistake_in("allow call open colour=red") == "unexpected field `colour`");
  CHECK(mistake_in("allow file read path=/a path=/b") == "the field `path` stands twice");
  CHECK(mistake_in("allow file read") == "the field `path` is missing");
  CHECK(mistake_in("allow file read path=/a%2") == "`/a%2` has a bad %HH");
  CHECK(mistake_in("allow net connect inet port=80-70000") == "`80-70000` is no range of numbers here");
  CHECK(mistake_in("allow capability 64") == "a number past 63");
  CHECK(mistake_in("allow call open where=eq(arg6,1)") == "`arg6` is no argument");
  CHECK(mistake_in("allow call open where=not(eq(arg0,1),eq(arg1,1))") == "`not` takes one condition");
  CHECK(mistake_in("allow call open where=eq(arg0,1") == "missing `)` in a condition");
  std::string deep = "allow call open where=";
  for (int i = 0; i < 100000; ++i) deep += "and(";
  CHECK(mistake_in(deep) == "the condition nests too deep");
}
