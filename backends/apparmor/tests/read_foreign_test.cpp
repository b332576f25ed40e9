// Profiles as others write them: variables, includes, blocks, modes; and what is refused at its line. The oracle asks the real parser
// about the same; this is for machines without one.
#include <doctest/doctest.h>

#include <map>

#include "apparmor/apparmor.hpp"
#include "eval/meaning.hpp"

using namespace polc;

namespace {

using Files = std::map<std::string, std::string, std::less<>>;

target::Settings with(Files files, bool may_be_unknown = false) {
  target::Settings settings;
  settings.includes.may_be_unknown = may_be_unknown;
  if (files.empty()) return settings;
  settings.includes.find = [files = std::move(files)](std::string_view name) -> target::Found {
    const auto found = files.find(name);
    if (found == files.end()) return {};
    return {target::Found::Kind::files, {{found->first, found->second}}};
  };
  return settings;
}

target::Read read(const std::string& text, const target::Settings& settings = {}) { return apparmor::backend().read(text, {}, settings); }

ir::FilePoint file(FileVerb verb, const std::string& path, bool is_own = false) {
  ir::FilePoint point;
  point.verb = verb;
  point.path = path;
  point.owner.self = is_own;
  return point;
}

bool reads(const target::Read& reading, const std::string& path, bool is_own = false) {
  REQUIRE(reading);
  return eval::surely_allows(reading->permits, file(FileVerb::read, path, is_own));
}

}  // namespace

TEST_CASE("variables: several values are an alternation, one is put in its place") {
  const auto reading = read("@{A}=/a /b/\n@{A}+=\"/c d\" \\\n  /e\n@{N}=x y\n@{D}=@{A}/@{N}\nprofile t {\n  @{A}/f r,\n  @{D} r,\n  /z@{N}z r,\n}\n");
  for (const char* path : {"/a/f", "/b/f", "/c d/f", "/e/f", "/a/x", "/b/y", "/zxz"}) CHECK_MESSAGE(reads(reading, path), std::string(path));
  for (const char* path : {"/a", "/f", "/b/z", "/zz"}) CHECK_FALSE_MESSAGE(reads(reading, path), std::string(path));
  CHECK(reads(read("@{A}=/a/\nprofile t {\n  @{A}*/x r,\n}\n"), "/a/b/x"));
}

TEST_CASE("includes are read through once, with the line of the include") {
  const Files files{{"tunables/global", "@{HOME}=/root\ninclude <tunables/more>\n"}, {"tunables/more", "@{HOME}+=/home/*\n"}, {"one", "#include <two>\n/one r,\n"}, {"two", "include <one>\n@{HOME}/two r,\n"}};
  const auto reading = read("include <tunables/global>\nprofile t {\n  include <one>\n  include if exists <none>\n}\n", with(files));
  REQUIRE(reading);
  CHECK(reads(reading, "/one"));
  CHECK(reads(reading, "/home/u/two"));
  for (const std::uint32_t part : eval::deciding_parts(reading->permits, file(FileVerb::read, "/one"))) CHECK(reading->permits.parts()[part].line == 3);
  const auto missing = read("profile t {\n  include <none>\n}\n", with(files));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().line == 2);
  const auto wrong = read("profile t {\n  /a r,\n  include <bad>\n}\n", with({{"bad", "/x r,\n\n/y rz,\n"}}));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().line == 3);
  CHECK(wrong.error().message.find("line 3 of `bad`") != std::string::npos);
}

TEST_CASE("of a file of which nothing is known anything is possible, and nothing sure but what another rule denies") {
  const std::string text = "include <tunables/global>\nprofile t {\n  include <abstractions/base>\n  /a r,\n  deny /b r,\n  @{X} w,\n}\n";
  CHECK_FALSE(read(text));
  const auto reading = read(text, with({}, true));
  REQUIRE(reading);
  CHECK(reading->unknown.size() == 2);
  CHECK(eval::decide(reading->permits, file(FileVerb::read, "/c")).allowed);
  CHECK_FALSE(reads(reading, "/c"));
  CHECK_FALSE(reads(reading, "/a"));  // what is included may deny it
  CHECK_FALSE(eval::decide(reading->permits, file(FileVerb::read, "/b")).allowed);
  CHECK(eval::decide(reading->permits, file(FileVerb::write, "/any")).allowed);
}

TEST_CASE("blocks, permissions before a path, owners and others") {
  const auto reading = read("profile t {\n  owner { /own r, rw /both, }\n  r /before,\n  file r /file,\n  other /other r,\n  /a,b r,\n}\n");
  CHECK(reads(reading, "/own", true));
  CHECK_FALSE(reads(reading, "/own"));
  CHECK(reads(reading, "/both", true));
  for (const char* path : {"/before", "/file", "/a,b"}) CHECK_MESSAGE(reads(reading, path), std::string(path));
  CHECK_FALSE(reads(reading, "/other"));
  CHECK(eval::decide(reading->permits, file(FileVerb::read, "/other")).allowed);
}

TEST_CASE("modes that the system's other profiles decide are possible, and not sure") {
  for (const char* mode : {"px", "Pix", "PUx", "cx", "Cix -> u", "CUx -> u"}) {
    const auto reading = read("profile t {\n  /bin/x " + std::string(mode) + ",\n}\n");
    REQUIRE(reading);
    ir::FilePoint point = file(FileVerb::exec, "/bin/x");
    point.successor = {ir::Successor::Kind::policy, std::string(mode).find('>') == std::string::npos ? "u" : "t//u"};
    CHECK_MESSAGE(eval::decide(reading->permits, point).allowed, std::string(mode));
    CHECK_FALSE(eval::surely_allows(reading->permits, point));
  }
}

TEST_CASE("an unconfined profile permits everything; one in complain mode says that it refuses nothing") {
  CHECK(reads(read("profile t flags=(unconfined) {\n}\n"), "/etc/shadow"));
  const auto complains = read("profile t flags=(attach_disconnected, complain) {\n}\n");
  REQUIRE(complains);
  REQUIRE(complains->unenforced);
  CHECK(complains->unenforced->line == 1);
}

TEST_CASE("what is not read is refused at its line") {
  const std::pair<const char*, unsigned> cases[] = {
      {"profile t {\n  ^hat {\n  }\n}", 2},
      {"profile t {\n  hat h {\n  }\n}", 2},
      {"profile t {\n  profile child {\n  }\n}", 2},
      {"profile t {\n  owner {\n    deny /a r,\n  }\n}", 3},
      {"profile t {\n  owner {\n    network,\n  }\n}", 3},
      {"profile t {\n  deny {\n    /a r,\n  }\n}", 2},
      {"profile t {\n  if $X {\n  }\n}", 2},
      {"alias /a -> /b,\nprofile t { }", 1},
      {"abi <abi/1.2>,\nprofile t { }", 1},
      {"profile t flags=(default_allow) {\n}", 1},
      {"profile t {\n  @{NOPE} r,\n}", 2},
      {"@{A}=@{A}\nprofile t {\n  @{A} r,\n}", 3},
      {"@{A}=/a\n@{A}=/b\nprofile t { }", 2},
      {"@{A}+=/a\nprofile t { }", 1},
      {"@{A}=/a,\nprofile t { }", 1},
      {"profile t {\n  owner capability chown,\n}", 2},
      {"profile t {\n  deny /a px,\n}", 2},
      {"profile t {\n  /a ixpx,\n}", 2},
      {"profile t {\n  /a r -> b,\n}", 2},
      {"profile t {\n  safe /a r,\n}", 2},
      {"profile t {\n  include \"relative\"\n}", 2},
  };
  for (const auto& [text, line] : cases) {
    INFO(std::string(text));
    const auto reading = read(text);
    REQUIRE_FALSE(reading);
    CHECK(reading.error().line == line);
  }
}
